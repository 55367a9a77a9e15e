import type { Mistake } from "./mistake";

/** What looks like an ephemeral environment's, whose stack has no file here. */
export const EPHEMERAL_MISTAKES: readonly Mistake[] = [
  {
    what: "a made-up environment whose login makes roles",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      CREATE SCHEMA wms_evil;
      CREATE SCHEMA auth_evil;
      CREATE ROLE auth_evil_owner LOGIN NOINHERIT;
      CREATE ROLE portal_wms_evil LOGIN CREATEROLE;
      GRANT CONNECT ON DATABASE portal_db TO portal_wms_evil;
      RESET ROLE;
      SET ROLE portal_wms_evil;
      CREATE ROLE portal_auth_evil LOGIN NOINHERIT`,
    back: `DROP SCHEMA wms_evil, auth_evil;
      REVOKE CONNECT ON DATABASE portal_db FROM portal_wms_evil;
      DROP ROLE portal_auth_evil, auth_evil_owner;
      DROP ROLE portal_wms_evil`,
    cells: [],
    findings: [
      "hand auth_evil_owner: LOGIN",
      "type ALTER ROLE auth_evil_owner NOLOGIN; -- as portal_db_dev_admin",
      "hand portal_wms_evil: portal_auth_evil: member (admin)",
      "type DROP ROLE portal_auth_evil; -- as portal_wms_evil",
      "hand portal_wms_evil: CREATEROLE",
      "type ALTER ROLE portal_wms_evil NOCREATEROLE; -- as portal_db_dev_admin",
      "hand portal_wms_evil: INHERIT",
      "type ALTER ROLE portal_wms_evil NOINHERIT; -- as portal_db_dev_admin",
    ],
    unseen: "evil",
  },
  {
    what: "an environment of which somebody else is a member, and that is one of another",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      CREATE SCHEMA wms_pr_7;
      CREATE ROLE wms_pr_7_owner;
      CREATE ROLE portal_wms_pr_7 LOGIN NOINHERIT;
      GRANT wms_pr_7_owner TO portal_wms_pr_7 WITH INHERIT FALSE;
      GRANT wms_pr_7_owner TO portal_auth_dev;
      GRANT auth_dev_owner TO portal_wms_pr_7`,
    back: `DROP SCHEMA wms_pr_7;
      SET ROLE portal_db_dev_admin;
      REVOKE auth_dev_owner FROM portal_wms_pr_7;
      DROP ROLE portal_wms_pr_7, wms_pr_7_owner`,
    cells: [],
    findings: [
      "hand portal_auth_dev: wms_pr_7_owner: member (set)",
      "type REVOKE wms_pr_7_owner FROM portal_auth_dev CASCADE; -- as portal_db_dev_admin",
      "hand portal_wms_pr_7: auth_dev_owner: member (set)",
      "type REVOKE auth_dev_owner FROM portal_wms_pr_7 CASCADE; -- as portal_db_dev_admin",
    ],
    unseen: "pr_7",
  },
  {
    what: "an environment whose person is its app's owner, and whose tool makes roles and reads another one",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      CREATE SCHEMA wms_pr_7;
      CREATE ROLE wms_pr_7_owner;
      CREATE ROLE wms_pr_7_reader;
      CREATE ROLE person_anna_pr_7 LOGIN;
      GRANT wms_pr_7_reader, wms_pr_7_owner TO person_anna_pr_7;
      GRANT CONNECT ON DATABASE portal_db TO person_anna_pr_7;
      CREATE ROLE tool_bi_pr_7 LOGIN CREATEROLE;
      GRANT wms_dev_reader TO tool_bi_pr_7`,
    back: `DROP SCHEMA wms_pr_7;
      SET ROLE portal_db_dev_admin;
      REVOKE CONNECT ON DATABASE portal_db FROM person_anna_pr_7;
      DROP ROLE tool_bi_pr_7, person_anna_pr_7, wms_pr_7_reader, wms_pr_7_owner`,
    cells: [],
    findings: [
      "hand person_anna_pr_7: wms_pr_7_owner: member (inherit, set)",
      "type REVOKE wms_pr_7_owner FROM person_anna_pr_7 CASCADE; -- as portal_db_dev_admin",
      "hand tool_bi_pr_7: CREATEROLE",
      "type ALTER ROLE tool_bi_pr_7 NOCREATEROLE; -- as portal_db_dev_admin",
      "hand tool_bi_pr_7: wms_dev_reader: member (inherit, set)",
      "type REVOKE wms_dev_reader FROM tool_bi_pr_7 CASCADE; -- as portal_db_dev_admin",
    ],
    unseen: "pr_7",
  },
];
