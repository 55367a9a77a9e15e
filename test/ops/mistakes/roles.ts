import type { Mistake } from "./mistake";

/** Roles, their attributes, and what their sessions start with. */
export const ROLE_MISTAKES: readonly Mistake[] = [
  {
    what: "CREATEROLE",
    stack: "dev",
    change: "ALTER ROLE portal_wms_dev CREATEROLE",
    back: "ALTER ROLE portal_wms_dev NOCREATEROLE",
    cells: ["portal_wms_dev | — | create roles | no | yes"],
    findings: ["repair portal_wms_dev: CREATEROLE"],
  },
  {
    what: "attributes of an owner and of a login",
    stack: "dev",
    change: `ALTER ROLE wms_dev_owner LOGIN REPLICATION BYPASSRLS CREATEDB;
      ALTER ROLE portal_wms_dev INHERIT CONNECTION LIMIT 50 VALID UNTIL '2031-01-01'`,
    back: `ALTER ROLE wms_dev_owner NOLOGIN NOREPLICATION NOBYPASSRLS NOCREATEDB;
      ALTER ROLE portal_wms_dev NOINHERIT CONNECTION LIMIT 10 VALID UNTIL 'infinity'`,
    cells: [
      "wms_dev_owner | — | bypass row security | no | yes",
      "wms_dev_owner | — | create databases | no | yes",
      "wms_dev_owner | — | log in | no | yes",
      "wms_dev_owner | — | replication | no | yes",
    ],
    findings: [
      "repair portal_wms_dev: CONNECTION LIMIT 50",
      "repair portal_wms_dev: INHERIT",
      "repair portal_wms_dev: VALID UNTIL",
      "repair wms_dev_owner: LOGIN",
      "hand wms_dev_owner: BYPASSRLS",
      "type ALTER ROLE wms_dev_owner NOBYPASSRLS; -- as the master",
      "hand wms_dev_owner: CREATEDB",
      "type ALTER ROLE wms_dev_owner NOCREATEDB; -- as the master",
      "hand wms_dev_owner: REPLICATION",
      "type ALTER ROLE wms_dev_owner NOREPLICATION; -- as the master",
    ],
  },
  {
    what: "a login that does not act as its owner",
    stack: "dev",
    change: "ALTER ROLE portal_wms_dev RESET role",
    back: "ALTER ROLE portal_wms_dev SET role TO wms_dev_owner",
    cells: ["portal_wms_dev | wms_dev_owner | assume | yes | no"],
    findings: ["repair portal_wms_dev: every database: no SET role"],
  },
  {
    what: "a superuser, which can do everything, in one line",
    stack: "dev",
    change: "ALTER ROLE portal_wms_dev SUPERUSER",
    back: "ALTER ROLE portal_wms_dev NOSUPERUSER",
    cells: ["portal_wms_dev | — | superuser | no | yes"],
    findings: [
      "hand portal_wms_dev: SUPERUSER",
      "type ALTER ROLE portal_wms_dev NOSUPERUSER; -- as the master",
    ],
  },
  {
    what: "a reader that nobody declared, and one that is gone",
    stack: "dev",
    change: `CREATE ROLE auth_dev_reader;
      GRANT USAGE ON SCHEMA auth_dev TO auth_dev_reader;
      ALTER ROLE wms_dev_reader RENAME TO gone`,
    back: `REVOKE USAGE ON SCHEMA auth_dev FROM auth_dev_reader;
      DROP ROLE auth_dev_reader;
      ALTER ROLE gone RENAME TO wms_dev_reader`,
    cells: ["auth_dev_reader | auth_dev | use | no | yes", "wms_dev_reader | wms_dev | use | yes | no"],
    findings: [
      "repair auth_dev_reader: schema auth_dev: USAGE",
      "repair gone: later sequences of wms_dev_owner in wms_dev: SELECT",
      "repair gone: later tables of wms_dev_owner in wms_dev: SELECT",
      "repair gone: schema wms_dev: USAGE",
      "up wms_dev_reader: is not there",
      "hand auth_dev_reader: nobody declares it",
      "type DROP ROLE auth_dev_reader;",
      "hand gone: nobody declares it",
      'type DROP ROLE "gone";',
    ],
  },
  {
    what: "a name of prod's that the dev admin took first",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      CREATE ROLE xplan_prod_owner;
      CREATE SCHEMA xplan_prod`,
    back: `SET ROLE portal_db_dev_admin;
      DROP SCHEMA xplan_prod;
      DROP ROLE xplan_prod_owner`,
    cells: [],
    findings: [
      "hand portal_db_dev_admin: schema xplan_prod: owns it, nobody declares it",
      "type DROP SCHEMA xplan_prod;",
      "hand xplan_prod_owner: nobody declares it",
      "type DROP ROLE xplan_prod_owner;",
    ],
  },
  {
    what: "roles and schemas that nobody declares",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      CREATE ROLE visitor LOGIN;
      CREATE ROLE rds_helper LOGIN;
      CREATE ROLE rds_readers;
      CREATE SCHEMA drafts;
      CREATE SCHEMA xplan_dev`,
    back: `SET ROLE portal_db_dev_admin;
      DROP ROLE visitor, rds_helper, rds_readers;
      DROP SCHEMA drafts, xplan_dev`,
    cells: [],
    findings: [
      "hand portal_db_dev_admin: schema drafts: owns it, nobody declares it",
      'type DROP SCHEMA "drafts";',
      "hand portal_db_dev_admin: schema xplan_dev: owns it, nobody declares it",
      "type DROP SCHEMA xplan_dev;",
      "hand rds_helper: nobody declares it",
      "type DROP ROLE rds_helper;",
      "hand rds_readers: nobody declares it",
      "type DROP ROLE rds_readers;",
      "hand visitor: nobody declares it",
      'type DROP ROLE "visitor";',
    ],
  },
  {
    what: "settings of a login in the database, and one that it has of its own",
    stack: "dev",
    change: `SET ROLE portal_wms_dev;
      ALTER ROLE portal_wms_dev IN DATABASE portal_db SET default_transaction_isolation = 'serializable';
      ALTER ROLE portal_wms_dev SET search_path = wms_dev, pg_catalog;
      ALTER ROLE portal_wms_dev SET "TimeZone" = 'UTC'`,
    back: `ALTER ROLE portal_wms_dev IN DATABASE portal_db RESET ALL;
      ALTER ROLE portal_wms_dev SET search_path = wms_dev;
      ALTER ROLE portal_wms_dev RESET "TimeZone"`,
    cells: [],
    findings: [
      "repair portal_wms_dev: database portal_db: SET default_transaction_isolation",
      "repair portal_wms_dev: every database: SET TimeZone",
      "repair portal_wms_dev: every database: SET search_path",
    ],
  },
  {
    what: "limits of time: another one, one that is gone, one with a unit, and one in the database",
    stack: "dev",
    change: `ALTER ROLE portal_wms_dev SET statement_timeout = 0;
      ALTER ROLE portal_wms_dev SET idle_in_transaction_session_timeout = '1min';
      ALTER ROLE portal_wms_dev IN DATABASE portal_db SET statement_timeout = '5min';
      ALTER ROLE portal_auth_dev RESET idle_in_transaction_session_timeout;
      ALTER ROLE portal_auth_dev SET statement_timeout = '0x10'`,
    back: `ALTER ROLE portal_wms_dev RESET statement_timeout;
      ALTER ROLE portal_wms_dev SET idle_in_transaction_session_timeout = 60000;
      ALTER ROLE portal_wms_dev IN DATABASE portal_db RESET ALL;
      ALTER ROLE portal_auth_dev SET idle_in_transaction_session_timeout = 60000;
      ALTER ROLE portal_auth_dev RESET statement_timeout`,
    cells: [],
    findings: [
      "repair portal_auth_dev: every database: SET statement_timeout to 0x10, which no refresh can read",
      "repair portal_auth_dev: every database: no SET idle_in_transaction_session_timeout",
      "repair portal_wms_dev: database portal_db: SET statement_timeout",
      "repair portal_wms_dev: every database: SET idle_in_transaction_session_timeout to 1min, which no refresh can read",
      "repair portal_wms_dev: every database: SET statement_timeout",
    ],
  },
  {
    what: "limits of time of both admins, as before they had any",
    stack: "prod",
    change: `ALTER ROLE portal_db_admin RESET statement_timeout;
      ALTER ROLE portal_db_dev_admin RESET idle_in_transaction_session_timeout`,
    back: `ALTER ROLE portal_db_admin SET statement_timeout = 3600000;
      ALTER ROLE portal_db_dev_admin SET idle_in_transaction_session_timeout = 300000`,
    cells: [],
    findings: [
      "repair portal_db_admin: every database: no SET statement_timeout",
      "hand portal_db_dev_admin: every database: no SET idle_in_transaction_session_timeout",
      "type npm run ops -- repair dev",
    ],
  },
  {
    what: "what the dev admin's own sessions start with",
    stack: "dev",
    change: `ALTER ROLE portal_db_dev_admin RESET statement_timeout;
      ALTER ROLE portal_db_dev_admin SET search_path = public`,
    back: `ALTER ROLE portal_db_dev_admin SET statement_timeout = 3600000;
      ALTER ROLE portal_db_dev_admin SET search_path = pg_catalog`,
    cells: [],
    findings: [
      "repair portal_db_dev_admin: every database: SET search_path",
      "repair portal_db_dev_admin: every database: no SET statement_timeout",
    ],
  },
  {
    what: "settings of the database, of every role, and of an admin",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      ALTER DATABASE portal_db SET search_path = wms_dev;
      ALTER ROLE portal_db_dev_admin SET row_security = off;
      RESET ROLE;
      ALTER ROLE ALL SET work_mem = '5MB'`,
    back: `ALTER DATABASE portal_db RESET ALL;
      ALTER ROLE portal_db_dev_admin RESET row_security;
      ALTER ROLE ALL RESET work_mem`,
    cells: [],
    findings: [
      "repair PUBLIC: database portal_db: SET search_path",
      "hand PUBLIC: every database: SET work_mem",
      "type ALTER ROLE ALL RESET work_mem; -- as the master",
      "hand portal_db_dev_admin: every database: SET row_security",
      "type ALTER ROLE portal_db_dev_admin RESET row_security; -- as the master",
    ],
  },
  {
    what: "a login that may not log in",
    stack: "dev",
    change: "ALTER ROLE portal_auth_dev NOLOGIN",
    back: "ALTER ROLE portal_auth_dev LOGIN",
    cells: [],
    findings: ["repair portal_auth_dev: NOLOGIN"],
    isUntried: true,
  },
  {
    what: "a login that was renamed",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      ALTER ROLE portal_auth_dev RENAME TO portal_other_dev`,
    back: `SET ROLE portal_db_dev_admin;
      ALTER ROLE portal_other_dev RENAME TO portal_auth_dev`,
    cells: [],
    findings: [
      "repair portal_other_dev: auth_dev_owner: member (set)",
      "up portal_auth_dev: is not there",
      "hand portal_other_dev: nobody declares it",
      "type DROP ROLE portal_other_dev;",
    ],
    isUntried: true,
  },
  {
    what: "everything that somebody with CREATEROLE could make of a login",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      ALTER ROLE portal_wms_dev CREATEROLE;
      RESET ROLE;
      SET ROLE portal_wms_dev;
      CREATE ROLE helper LOGIN`,
    back: `DROP ROLE helper;
      ALTER ROLE portal_wms_dev NOCREATEROLE`,
    cells: [
      "portal_wms_dev | helper | act as | no | yes",
      "portal_wms_dev | helper | administer | no | yes",
      "portal_wms_dev | — | create roles | no | yes",
    ],
    findings: [
      "repair portal_wms_dev: CREATEROLE",
      "hand helper: nobody declares it",
      'type DROP ROLE "helper";',
    ],
  },
];
