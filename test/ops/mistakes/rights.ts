import type { Mistake } from "./mistake";

/** Rights on schemas and on databases. */
export const RIGHT_MISTAKES: readonly Mistake[] = [
  {
    what: "USAGE on another app's schema",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      GRANT USAGE ON SCHEMA auth_dev TO portal_wms_dev`,
    back: `SET ROLE portal_db_dev_admin;
      REVOKE USAGE ON SCHEMA auth_dev FROM portal_wms_dev`,
    cells: ["portal_wms_dev | auth_dev | use | no | yes"],
    findings: ["repair portal_wms_dev: schema auth_dev: USAGE"],
  },
  {
    what: "USAGE on a prod schema, for a dev owner",
    stack: "dev",
    change: `SET ROLE portal_db_admin;
      GRANT USAGE ON SCHEMA wms_prod TO wms_dev_owner`,
    back: `SET ROLE portal_db_admin;
      REVOKE USAGE ON SCHEMA wms_prod FROM wms_dev_owner`,
    cells: ["wms_dev_owner | wms_prod | use | no | yes"],
    findings: ["hand wms_dev_owner: schema wms_prod: USAGE", "type npm run ops -- repair prod"],
  },
  {
    what: "USAGE on a prod schema, for a dev owner",
    stack: "prod",
    change: `SET ROLE portal_db_admin;
      GRANT USAGE ON SCHEMA wms_prod TO wms_dev_owner`,
    back: `SET ROLE portal_db_admin;
      REVOKE USAGE ON SCHEMA wms_prod FROM wms_dev_owner`,
    cells: [],
    findings: ["repair wms_dev_owner: schema wms_prod: USAGE"],
  },
  {
    what: "CREATE in public for everybody, which any dev admin may give",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      GRANT CREATE ON SCHEMA public TO PUBLIC`,
    back: `SET ROLE portal_db_dev_admin;
      REVOKE CREATE ON SCHEMA public FROM PUBLIC`,
    cells: ["PUBLIC | public | create | no | yes"],
    findings: ["repair PUBLIC: schema public: CREATE"],
  },
  {
    what: "CREATE in public for one app",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      GRANT CREATE ON SCHEMA public TO wms_dev_owner`,
    back: `SET ROLE portal_db_dev_admin;
      REVOKE CREATE ON SCHEMA public FROM wms_dev_owner`,
    cells: [],
    findings: ["repair wms_dev_owner: schema public: CREATE"],
  },
  {
    what: "extensions that nobody may use",
    stack: "prod",
    change: "REVOKE USAGE ON SCHEMA extensions FROM PUBLIC",
    back: "GRANT USAGE ON SCHEMA extensions TO PUBLIC",
    cells: ["PUBLIC | extensions | use | yes | no"],
    findings: ["up PUBLIC: schema extensions: no USAGE"],
  },
  {
    what: "a revoked CREATE",
    stack: "dev",
    change: "REVOKE CREATE ON SCHEMA wms_dev FROM wms_dev_owner",
    back: `SET ROLE portal_db_dev_admin;
      GRANT CREATE ON SCHEMA wms_dev TO wms_dev_owner`,
    cells: ["wms_dev_owner | wms_dev | create | yes | no"],
    findings: ["up wms_dev_owner: schema wms_dev: no CREATE"],
  },
  {
    what: "a revoked USAGE",
    stack: "dev",
    change: "REVOKE USAGE ON SCHEMA wms_dev FROM wms_dev_owner",
    back: `SET ROLE portal_db_dev_admin;
      GRANT USAGE ON SCHEMA wms_dev TO wms_dev_owner`,
    cells: [
      "wms_dev_owner | wms_dev | create | yes | no",
      "wms_dev_owner | wms_dev | read | yes | no",
      "wms_dev_owner | wms_dev | use | yes | no",
      "wms_dev_owner | wms_dev | write | yes | no",
    ],
    findings: ["up wms_dev_owner: schema wms_dev: no USAGE"],
  },
  {
    what: "CREATE on the database",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      GRANT CREATE ON DATABASE portal_db TO portal_wms_dev`,
    back: `SET ROLE portal_db_dev_admin;
      REVOKE CREATE ON DATABASE portal_db FROM portal_wms_dev`,
    cells: [],
    findings: ["repair portal_wms_dev: database portal_db: CREATE"],
  },
  {
    what: "temporary tables for everybody",
    stack: "prod",
    change: "GRANT TEMPORARY ON DATABASE portal_db TO PUBLIC",
    back: "REVOKE TEMPORARY ON DATABASE portal_db FROM PUBLIC",
    cells: ["PUBLIC | — | temporary tables | no | yes"],
    findings: ["up PUBLIC: database portal_db: TEMPORARY"],
  },
  {
    what: "everybody in the database from which portal_db could be dropped",
    stack: "prod",
    change: `SET ROLE ecomos_admin;
      GRANT CONNECT ON DATABASE postgres TO PUBLIC, portal_wms`,
    back: `SET ROLE ecomos_admin;
      REVOKE CONNECT ON DATABASE postgres FROM PUBLIC, portal_wms`,
    cells: [],
    findings: [
      "up PUBLIC: database postgres: CONNECT",
      "hand portal_wms: database postgres: CONNECT",
      'type REVOKE CONNECT ON DATABASE "postgres" FROM portal_wms CASCADE; -- as the master',
    ],
  },
  {
    what: "a login that may no longer connect",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      REVOKE CONNECT ON DATABASE portal_db FROM portal_auth_dev`,
    back: `SET ROLE portal_db_dev_admin;
      GRANT CONNECT ON DATABASE portal_db TO portal_auth_dev`,
    cells: [],
    findings: ["up portal_auth_dev: database portal_db: no CONNECT"],
    isUntried: true,
  },
  {
    what: "a limit of the database's, and that it may be copied",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      ALTER DATABASE portal_db CONNECTION LIMIT 90;
      ALTER DATABASE portal_db IS_TEMPLATE true`,
    back: `ALTER DATABASE portal_db CONNECTION LIMIT -1;
      ALTER DATABASE portal_db IS_TEMPLATE false`,
    cells: [],
    findings: [
      "repair PUBLIC: database portal_db: CONNECTION LIMIT 90",
      "repair PUBLIC: database portal_db: may copy it",
    ],
  },
];
