import type { Mistake } from "./mistake";

/** What roles are members of. */
export const MEMBERSHIP_MISTAKES: readonly Mistake[] = [
  {
    what: "membership in another app's reader that can be acted as but is not inherited",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      GRANT wms_dev_reader TO portal_auth_dev WITH INHERIT FALSE`,
    back: `SET ROLE portal_db_dev_admin;
      REVOKE wms_dev_reader FROM portal_auth_dev`,
    cells: ["portal_auth_dev | wms_dev_reader | act as | no | yes"],
    findings: ["repair portal_auth_dev: wms_dev_reader: member (set)"],
  },
  {
    what: "an undeclared member of prod's owner, which connects and writes a prod table",
    stack: "prod",
    change: `CREATE ROLE stranger LOGIN;
      SET ROLE portal_db_admin;
      GRANT wms_prod_owner TO stranger;
      GRANT CONNECT ON DATABASE portal_db TO stranger`,
    back: `SET ROLE portal_db_admin;
      REVOKE wms_prod_owner FROM stranger;
      REVOKE CONNECT ON DATABASE portal_db FROM stranger;
      RESET ROLE;
      DROP ROLE stranger`,
    cells: [],
    findings: [
      "repair stranger: database portal_db: CONNECT",
      "repair stranger: wms_prod_owner: member (inherit, set)",
      "hand stranger: nobody declares it",
      'type DROP ROLE "stranger";',
    ],
  },
  {
    what: "a dev role that is a member of a prod owner, seen from dev",
    stack: "dev",
    change: `SET ROLE portal_db_admin;
      GRANT wms_prod_owner TO wms_dev_owner`,
    back: `SET ROLE portal_db_admin;
      REVOKE wms_prod_owner FROM wms_dev_owner`,
    cells: [
      "wms_dev_owner | wms_prod | create | no | yes",
      "wms_dev_owner | wms_prod | use | no | yes",
      "wms_dev_owner | wms_prod_owner | act as | no | yes",
    ],
    findings: [
      "hand wms_dev_owner: wms_prod_owner: member (inherit, set)",
      "type npm run ops -- repair prod",
    ],
  },
  {
    what: "a dev role that is a member of a prod owner, seen from prod",
    stack: "prod",
    change: `SET ROLE portal_db_admin;
      GRANT wms_prod_owner TO wms_dev_owner`,
    back: `SET ROLE portal_db_admin;
      REVOKE wms_prod_owner FROM wms_dev_owner`,
    cells: [],
    findings: ["repair wms_dev_owner: wms_prod_owner: member (inherit, set)"],
  },
  {
    what: "a prod login that may act as a dev login",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      GRANT portal_auth_dev TO portal_wms WITH ADMIN TRUE`,
    back: `SET ROLE portal_db_dev_admin;
      REVOKE portal_auth_dev FROM portal_wms`,
    cells: [],
    findings: ["repair portal_wms: portal_auth_dev: member (admin, set)"],
  },
  {
    what: "a login that administers its owner, and inherits it",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      GRANT wms_dev_owner TO portal_wms_dev WITH ADMIN TRUE, INHERIT TRUE`,
    back: `SET ROLE portal_db_dev_admin;
      GRANT wms_dev_owner TO portal_wms_dev WITH ADMIN FALSE, INHERIT FALSE`,
    cells: [
      "portal_wms_dev | wms_dev | create | no | yes",
      "portal_wms_dev | wms_dev | own | no | yes",
      "portal_wms_dev | wms_dev | read | no | yes",
      "portal_wms_dev | wms_dev | use | no | yes",
      "portal_wms_dev | wms_dev | write | no | yes",
      "portal_wms_dev | wms_dev_owner | administer | no | yes",
    ],
    findings: ["repair portal_wms_dev: wms_dev_owner: member (admin, inherit, set)"],
  },
  {
    what: "an app in the database's owner, and one that reads every table",
    stack: "prod",
    change: `SET ROLE ecomos_admin;
      GRANT portal_db_owner TO portal_wms;
      RESET ROLE;
      GRANT pg_read_all_data TO auth_prod_owner`,
    back: `SET ROLE ecomos_admin;
      REVOKE portal_db_owner FROM portal_wms;
      RESET ROLE;
      REVOKE pg_read_all_data FROM auth_prod_owner`,
    cells: [
      "auth_prod_owner | auth_dev | use | no | yes",
      "auth_prod_owner | pg_read_all_data | act as | no | yes",
      "auth_prod_owner | wms_dev | use | no | yes",
      "auth_prod_owner | wms_prod | use | no | yes",
      "portal_wms | pg_database_owner | act as | no | yes",
      "portal_wms | portal_db_owner | act as | no | yes",
    ],
    findings: [
      "hand auth_prod_owner: pg_read_all_data: member (inherit, set)",
      "type REVOKE pg_read_all_data FROM auth_prod_owner CASCADE; -- as the master",
      "hand portal_wms: portal_db_owner: member (set)",
      "type REVOKE portal_db_owner FROM portal_wms CASCADE; -- as the master",
    ],
  },
  {
    what: "the dev admin as a member of what it deploys: what a killed deploy left lent",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      GRANT wms_dev_owner TO CURRENT_USER`,
    back: `SET ROLE portal_db_dev_admin;
      REVOKE wms_dev_owner FROM CURRENT_USER`,
    cells: [],
    findings: ["repair portal_db_dev_admin: wms_dev_owner: member (inherit, set)"],
  },
];
