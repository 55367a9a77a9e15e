import type { Mistake } from "./mistake";

/** Objects: whose they are, and what nobody declares. */
export const OBJECT_MISTAKES: readonly Mistake[] = [
  {
    what: "the app's own schema in its owner's hands",
    stack: "dev",
    change: "ALTER SCHEMA wms_dev OWNER TO wms_dev_owner",
    back: `ALTER SCHEMA wms_dev OWNER TO portal_db_dev_admin;
      SET ROLE portal_db_dev_admin;
      GRANT USAGE, CREATE ON SCHEMA wms_dev TO wms_dev_owner;
      GRANT USAGE ON SCHEMA wms_dev TO wms_dev_reader`,
    cells: ["wms_dev_owner | wms_dev | drop | no | yes"],
    findings: [
      "up wms_dev_owner: schema wms_dev: no USAGE, CREATE",
      "hand wms_dev_owner: schema wms_dev: owns it",
      "type ALTER SCHEMA wms_dev OWNER TO portal_db_dev_admin;",
    ],
  },
  {
    what: "functions and tables of the dev admin in public, and of an admin in extensions",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      CREATE FUNCTION public.now() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
      CREATE TABLE public.notes (id int);
      SET ROLE portal_db_admin;
      CREATE VIEW extensions.seen AS SELECT 1`,
    back: `DROP FUNCTION public.now();
      DROP TABLE public.notes;
      DROP VIEW extensions.seen`,
    cells: [],
    findings: [
      "hand portal_db_admin: view extensions.seen: owns it",
      "type DROP VIEW extensions.seen;",
      "hand portal_db_dev_admin: function public.now(): owns it, SECURITY DEFINER",
      "type DROP ROUTINE public.now();",
      "hand portal_db_dev_admin: table public.notes: owns it",
      "type DROP TABLE public.notes;",
    ],
  },
  {
    what: "a function that runs as the admin, in an app's schema",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      CREATE FUNCTION wms_dev.helper(int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'`,
    back: "DROP FUNCTION wms_dev.helper(int)",
    cells: [],
    findings: [
      "hand portal_db_dev_admin: function wms_dev.helper(integer): owns it, SECURITY DEFINER",
      "type DROP ROUTINE wms_dev.helper(integer);",
    ],
  },
  {
    what: "another app's objects in an app's schema, of every kind, and what a login owns",
    stack: "dev",
    change: `SET ROLE portal_db_dev_admin;
      CREATE TYPE auth_dev.colour AS ENUM ('red');
      CREATE SEQUENCE auth_dev.numbers;
      RESET ROLE;
      ALTER TYPE auth_dev.colour OWNER TO wms_dev_owner;
      ALTER SEQUENCE auth_dev.numbers OWNER TO portal_auth_dev`,
    back: `DROP TYPE auth_dev.colour;
      DROP SEQUENCE auth_dev.numbers`,
    cells: [],
    findings: [
      "hand portal_auth_dev: sequence auth_dev.numbers: owns it",
      "type ALTER SEQUENCE auth_dev.numbers OWNER TO auth_dev_owner;",
      "hand wms_dev_owner: type auth_dev.colour: owns it",
      "type ALTER TYPE auth_dev.colour OWNER TO auth_dev_owner;",
    ],
  },
  {
    what: "large objects of an admin and of a login, and one of an app that everybody reads",
    stack: "dev",
    change: `SELECT lo_create(4711), lo_create(4712), lo_create(4713);
      ALTER LARGE OBJECT 4711 OWNER TO portal_db_dev_admin;
      ALTER LARGE OBJECT 4712 OWNER TO portal_wms_dev;
      ALTER LARGE OBJECT 4713 OWNER TO wms_dev_owner;
      SET ROLE wms_dev_owner;
      GRANT SELECT ON LARGE OBJECT 4713 TO PUBLIC`,
    back: "SELECT lo_unlink(4711), lo_unlink(4712), lo_unlink(4713)",
    cells: [],
    findings: [
      "repair PUBLIC: large object 4713: SELECT",
      "hand portal_db_dev_admin: large object 4711: owns it",
      "type SELECT lo_unlink(4711);",
      "hand portal_wms_dev: large object 4712: owns it",
      "type SELECT lo_unlink(4712);",
    ],
  },
  {
    what: "what others left on a prod table once the right to it is gone: a trigger, a foreign key, a view",
    stack: "prod",
    change: `SET ROLE wms_prod_owner;
      CREATE TABLE wms_prod.orders (id int PRIMARY KEY);
      RESET ROLE;
      SET ROLE auth_dev_owner;
      CREATE FUNCTION auth_dev.spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
      CREATE TABLE auth_dev.lines (id int);
      RESET ROLE;
      CREATE TRIGGER spy AFTER INSERT ON wms_prod.orders EXECUTE FUNCTION auth_dev.spy();
      ALTER TABLE auth_dev.lines ADD FOREIGN KEY (id) REFERENCES wms_prod.orders;
      CREATE VIEW auth_dev.seen AS SELECT id FROM wms_prod.orders;
      ALTER VIEW auth_dev.seen OWNER TO auth_dev_owner`,
    back: `DROP VIEW auth_dev.seen;
      DROP TABLE auth_dev.lines, wms_prod.orders;
      DROP FUNCTION auth_dev.spy()`,
    cells: [],
    findings: [
      "hand auth_dev_owner: constraint lines_id_fkey on table auth_dev.lines: uses table wms_prod.orders",
      "type ALTER TABLE auth_dev.lines DROP CONSTRAINT lines_id_fkey;",
      "hand auth_dev_owner: rule _RETURN on view auth_dev.seen: uses table wms_prod.orders",
      "type DROP VIEW auth_dev.seen;",
      "hand wms_prod_owner: trigger spy on table wms_prod.orders: uses function auth_dev.spy()",
      "type DROP TRIGGER spy ON wms_prod.orders;",
    ],
  },
  {
    what: "what belongs to no schema",
    stack: "prod",
    change: `CREATE EXTENSION citext SCHEMA extensions;
      CREATE PUBLICATION everything;
      CREATE FUNCTION extensions.noticed() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
      CREATE EVENT TRIGGER noticed ON ddl_command_end EXECUTE FUNCTION extensions.noticed();
      CREATE FOREIGN DATA WRAPPER elsewhere;
      CREATE SERVER there FOREIGN DATA WRAPPER elsewhere;
      GRANT USAGE ON FOREIGN SERVER there TO PUBLIC;
      GRANT SET ON PARAMETER log_statement TO wms_prod_owner;
      GRANT USAGE ON LANGUAGE plpgsql TO portal_wms;
      GRANT EXECUTE ON FUNCTION pg_read_file(text) TO wms_prod_owner;
      CREATE SUBSCRIPTION from_there CONNECTION 'host=localhost' PUBLICATION everything WITH (connect = false)`,
    back: `ALTER SUBSCRIPTION from_there SET (slot_name = NONE);
      DROP SUBSCRIPTION from_there;
      DROP EVENT TRIGGER noticed;
      DROP FUNCTION extensions.noticed();
      DROP EXTENSION citext;
      DROP PUBLICATION everything;
      DROP SERVER there;
      DROP FOREIGN DATA WRAPPER elsewhere;
      REVOKE SET ON PARAMETER log_statement FROM wms_prod_owner;
      REVOKE USAGE ON LANGUAGE plpgsql FROM portal_wms;
      REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM wms_prod_owner`,
    cells: [],
    findings: [
      "hand PUBLIC: foreign server there: USAGE",
      'type REVOKE USAGE ON FOREIGN SERVER "there" FROM PUBLIC CASCADE; -- as "rdsadmin"',
      "hand portal_wms: language plpgsql: USAGE",
      'type REVOKE USAGE ON LANGUAGE "plpgsql" FROM portal_wms CASCADE; -- as "rdsadmin"',
      "hand rdsadmin: event trigger noticed: nobody declares it",
      'type DROP EVENT TRIGGER "noticed";',
      "hand rdsadmin: extension citext: nobody declares it",
      'type DROP EXTENSION "citext";',
      "hand rdsadmin: foreign data wrapper elsewhere: nobody declares it",
      'type DROP FOREIGN DATA WRAPPER "elsewhere";',
      "hand rdsadmin: function extensions.noticed(): owns it",
      "type DROP ROUTINE extensions.noticed();",
      "hand rdsadmin: publication everything: nobody declares it",
      'type DROP PUBLICATION "everything";',
      "hand rdsadmin: server there: nobody declares it",
      'type DROP SERVER "there";',
      "hand rdsadmin: subscription from_there: nobody declares it",
      "type DROP SUBSCRIPTION from_there;",
      "hand wms_prod_owner: parameter log_statement: SET",
      'type REVOKE SET ON PARAMETER log_statement FROM wms_prod_owner CASCADE; -- as "rdsadmin"',
      "hand wms_prod_owner: routine pg_catalog.pg_read_file(text): EXECUTE",
      'type REVOKE EXECUTE ON ROUTINE pg_catalog.pg_read_file(text) FROM wms_prod_owner CASCADE; -- as "rdsadmin"',
    ],
  },
  {
    what: "a function that the database's owner is given, in public, where both admins are its members",
    stack: "prod",
    change: `SET ROLE portal_db_dev_admin;
      SET ROLE portal_db_owner;
      CREATE FUNCTION public.helper() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    back: "DROP FUNCTION public.helper()",
    cells: [],
    findings: [
      "hand portal_db_owner: function public.helper(): owns it",
      "type DROP ROUTINE public.helper();",
    ],
  },
  {
    what: "a schema under another name",
    stack: "dev",
    change: "ALTER SCHEMA auth_dev RENAME TO drafts",
    back: "ALTER SCHEMA drafts RENAME TO auth_dev",
    cells: [
      "auth_dev_owner | auth_dev | create | yes | no",
      "auth_dev_owner | auth_dev | use | yes | no",
      "auth_dev_owner | drafts | create | no | yes",
      "auth_dev_owner | drafts | use | no | yes",
      "portal_auth_dev | auth_dev | create | no | yes",
    ],
    findings: [
      "up portal_db_dev_admin: schema auth_dev: is not there",
      "hand auth_dev_owner: schema drafts: CREATE, USAGE",
      'type REVOKE CREATE, USAGE ON SCHEMA "drafts" FROM auth_dev_owner CASCADE; -- as portal_db_dev_admin',
      "hand portal_db_dev_admin: schema drafts: owns it, nobody declares it",
      'type DROP SCHEMA "drafts";',
    ],
  },
];
