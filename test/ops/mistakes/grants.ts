import type { Mistake } from "./mistake";

/** Rights on objects, and on what will be made. */
export const GRANT_MISTAKES: readonly Mistake[] = [
  {
    what: "a reader that cannot read what the owner will make",
    stack: "dev",
    change:
      "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev REVOKE SELECT ON TABLES FROM wms_dev_reader",
    back: "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev GRANT SELECT ON TABLES TO wms_dev_reader",
    cells: ["wms_dev_reader | wms_dev | read | yes | no"],
    findings: ["up wms_dev_reader: later tables of wms_dev_owner in wms_dev: no SELECT"],
  },
  {
    what: "a reader that will write: the app's own affair to the catalogs, and no reader any more",
    stack: "dev",
    change:
      "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev GRANT INSERT ON TABLES TO wms_dev_reader",
    back: "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev REVOKE INSERT ON TABLES FROM wms_dev_reader",
    cells: ["wms_dev_reader | wms_dev | write | no | yes"],
    findings: [],
  },
  {
    what: "a table of which a reader sees one column, and a sequence",
    stack: "dev",
    change: `SET ROLE wms_dev_owner;
      CREATE TABLE wms_dev.orders (id serial, note text);
      CREATE TABLE wms_dev.others (id serial);
      REVOKE SELECT ON wms_dev.orders, wms_dev.orders_id_seq FROM wms_dev_reader;
      GRANT SELECT (note) ON wms_dev.orders TO wms_dev_reader`,
    back: "DROP TABLE wms_dev.orders, wms_dev.others",
    cells: ["wms_dev_reader | wms_dev | read | yes | partly"],
    findings: [
      "repair wms_dev_reader: sequence wms_dev.orders_id_seq: no SELECT",
      "repair wms_dev_reader: table wms_dev.orders: no SELECT",
    ],
  },
  {
    what: "a reader that may pass on what it has",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      GRANT USAGE ON SCHEMA wms_dev TO wms_dev_reader WITH GRANT OPTION`,
    back: `SET ROLE portal_db_dev_admin;
      REVOKE GRANT OPTION FOR USAGE ON SCHEMA wms_dev FROM wms_dev_reader`,
    cells: [],
    findings: ["repair wms_dev_reader: schema wms_dev: USAGE with grant option"],
  },
  {
    what: "tables of another app that will be readable",
    stack: "dev",
    change: `ALTER DEFAULT PRIVILEGES FOR ROLE auth_dev_owner IN SCHEMA auth_dev GRANT SELECT ON TABLES TO portal_wms_dev;
      ALTER DEFAULT PRIVILEGES FOR ROLE auth_dev_owner GRANT EXECUTE ON FUNCTIONS TO wms_prod_owner;
      SET ROLE portal_db_dev_admin;
      GRANT USAGE ON SCHEMA auth_dev TO portal_wms_dev`,
    back: `ALTER DEFAULT PRIVILEGES FOR ROLE auth_dev_owner IN SCHEMA auth_dev REVOKE SELECT ON TABLES FROM portal_wms_dev;
      ALTER DEFAULT PRIVILEGES FOR ROLE auth_dev_owner REVOKE EXECUTE ON FUNCTIONS FROM wms_prod_owner;
      SET ROLE portal_db_dev_admin;
      REVOKE USAGE ON SCHEMA auth_dev FROM portal_wms_dev`,
    cells: ["portal_wms_dev | auth_dev | read | no | yes", "portal_wms_dev | auth_dev | use | no | yes"],
    findings: [
      "repair portal_wms_dev: later tables of auth_dev_owner in auth_dev: SELECT",
      "repair portal_wms_dev: schema auth_dev: USAGE",
      "repair wms_prod_owner: later functions of auth_dev_owner: EXECUTE",
    ],
  },
  {
    what: "what the dev admin will make, for an app",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO portal_wms;
      ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO PUBLIC`,
    back: `SET ROLE portal_db_dev_admin;
      ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM portal_wms;
      ALTER DEFAULT PRIVILEGES REVOKE USAGE ON SCHEMAS FROM PUBLIC`,
    cells: [],
    findings: [
      "hand PUBLIC: later schemas of portal_db_dev_admin: USAGE",
      "type ALTER DEFAULT PRIVILEGES FOR ROLE portal_db_dev_admin REVOKE USAGE ON SCHEMAS FROM PUBLIC; -- as portal_db_dev_admin",
      "hand portal_wms: later functions of portal_db_dev_admin: EXECUTE",
      "type ALTER DEFAULT PRIVILEGES FOR ROLE portal_db_dev_admin REVOKE EXECUTE ON FUNCTIONS FROM portal_wms; -- as portal_db_dev_admin",
    ],
  },
  {
    what: "a table in the app's schema that belongs to the admin, and one column of prod that the app reads",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      CREATE TABLE wms_dev.restored (id int);
      RESET ROLE;
      SET ROLE wms_prod_owner;
      CREATE TABLE wms_prod.orders (id int, price int);
      CREATE TABLE wms_prod.others (id int);
      GRANT SELECT (price) ON wms_prod.orders TO portal_wms_dev;
      SET ROLE portal_db_admin;
      GRANT USAGE ON SCHEMA wms_prod TO portal_wms_dev`,
    back: `DROP TABLE wms_dev.restored, wms_prod.orders, wms_prod.others;
      SET ROLE portal_db_admin;
      REVOKE USAGE ON SCHEMA wms_prod FROM portal_wms_dev`,
    cells: [
      "portal_wms_dev | wms_prod | read | no | partly",
      "portal_wms_dev | wms_prod | use | no | yes",
      "wms_dev_owner | wms_dev | own | yes | partly",
      "wms_dev_owner | wms_dev | read | yes | partly",
      "wms_dev_owner | wms_dev | write | yes | partly",
      "wms_dev_reader | wms_dev | read | yes | partly",
    ],
    findings: [
      "hand portal_db_dev_admin: table wms_dev.restored: owns it",
      "type ALTER TABLE wms_dev.restored OWNER TO wms_dev_owner;",
      "hand portal_wms_dev: column wms_prod.orders.price: SELECT",
      "type npm run ops -- repair prod",
      "hand portal_wms_dev: schema wms_prod: USAGE",
      "type npm run ops -- repair prod",
    ],
  },
  {
    what: "rights that an app gave others, on objects of every kind",
    stack: "dev",
    change: `SET ROLE wms_dev_owner;
      CREATE TABLE wms_dev.orders (id int, price int);
      CREATE SEQUENCE wms_dev.numbers;
      CREATE FUNCTION wms_dev.total(int, wms_dev.orders) RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE TYPE wms_dev.colour AS ENUM ('red');
      GRANT INSERT, SELECT ON wms_dev.orders TO portal_auth_dev;
      GRANT UPDATE (price) ON wms_dev.orders TO auth_prod_owner WITH GRANT OPTION;
      GRANT ALL ON wms_dev.orders TO PUBLIC;
      GRANT USAGE ON SEQUENCE wms_dev.numbers TO portal_auth_dev;
      GRANT EXECUTE ON FUNCTION wms_dev.total TO portal_auth_dev;
      GRANT USAGE ON TYPE wms_dev.colour TO portal_auth_dev`,
    back: `DROP FUNCTION wms_dev.total;
      DROP TABLE wms_dev.orders;
      DROP SEQUENCE wms_dev.numbers;
      DROP TYPE wms_dev.colour`,
    cells: ["wms_dev_reader | wms_dev | write | no | partly"],
    findings: [
      "repair PUBLIC: table wms_dev.orders: ALL",
      "repair auth_prod_owner: column wms_dev.orders.price: UPDATE with grant option",
      "repair portal_auth_dev: routine wms_dev.total(integer, wms_dev.orders): EXECUTE",
      "repair portal_auth_dev: sequence wms_dev.numbers: USAGE",
      "repair portal_auth_dev: table wms_dev.orders: INSERT, SELECT",
      "repair portal_auth_dev: type wms_dev.colour: USAGE",
    ],
  },
];
