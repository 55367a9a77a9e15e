import type { Mistake } from "./mistake";

/** What in one schema stands on something in another one. */
export const REACH_MISTAKES: readonly Mistake[] = [
  {
    what: "a check of a domain that calls another app's function, and an enum's user that is a type",
    stack: "dev",
    change: `SET ROLE auth_dev_owner;
      CREATE FUNCTION auth_dev.fits(text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
      CREATE TYPE auth_dev.colour AS ENUM ('red');
      RESET ROLE;
      CREATE DOMAIN wms_dev.short AS text CONSTRAINT fits CHECK (auth_dev.fits(value));
      ALTER DOMAIN wms_dev.short OWNER TO wms_dev_owner;
      CREATE TYPE wms_dev.pair AS (a auth_dev.colour);
      ALTER TYPE wms_dev.pair OWNER TO wms_dev_owner;
      CREATE DOMAIN wms_dev.shade AS auth_dev.colour;
      ALTER DOMAIN wms_dev.shade OWNER TO wms_dev_owner`,
    back: `DROP TYPE wms_dev.pair;
      DROP DOMAIN wms_dev.short, wms_dev.shade;
      DROP TYPE auth_dev.colour;
      DROP FUNCTION auth_dev.fits(text)`,
    cells: [],
    findings: [
      "hand wms_dev_owner: composite type wms_dev.pair: uses type auth_dev.colour",
      "type DROP TYPE wms_dev.pair;",
      "hand wms_dev_owner: constraint fits: uses function auth_dev.fits(text)",
      "type ALTER DOMAIN wms_dev.short DROP CONSTRAINT fits;",
      "hand wms_dev_owner: type wms_dev.shade: uses type auth_dev.colour",
      "type DROP TYPE wms_dev.shade;",
    ],
  },
  {
    what: "statistics, a text search mapping, an operator class and a cast that call another app's functions",
    stack: "dev",
    change: `SET ROLE auth_dev_owner;
      CREATE FUNCTION auth_dev.twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
      CREATE FUNCTION auth_dev.compared(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
      CREATE TEXT SEARCH DICTIONARY auth_dev.words (TEMPLATE = simple);
      RESET ROLE;
      SET ROLE wms_dev_owner;
      CREATE TABLE wms_dev.orders (id int);
      CREATE TYPE wms_dev.size AS (id int);
      CREATE TEXT SEARCH CONFIGURATION wms_dev.search (COPY = pg_catalog.simple);
      RESET ROLE;
      CREATE STATISTICS wms_dev.doubled ON (auth_dev.twice(id)) FROM wms_dev.orders;
      ALTER STATISTICS wms_dev.doubled OWNER TO wms_dev_owner;
      ALTER TEXT SEARCH CONFIGURATION wms_dev.search ALTER MAPPING FOR word WITH auth_dev.words;
      CREATE OPERATOR CLASS wms_dev.ordered FOR TYPE int USING btree AS FUNCTION 1 auth_dev.compared(int, int);
      ALTER OPERATOR CLASS wms_dev.ordered USING btree OWNER TO wms_dev_owner;
      ALTER OPERATOR FAMILY wms_dev.ordered USING btree OWNER TO wms_dev_owner;
      CREATE FUNCTION auth_dev.sized(wms_dev.size) RETURNS int LANGUAGE sql AS 'SELECT 1';
      ALTER FUNCTION auth_dev.sized OWNER TO auth_dev_owner;
      CREATE CAST (wms_dev.size AS int) WITH FUNCTION auth_dev.sized(wms_dev.size)`,
    back: `DROP CAST (wms_dev.size AS int);
      DROP FUNCTION auth_dev.sized;
      DROP OPERATOR FAMILY wms_dev.ordered USING btree;
      DROP TEXT SEARCH CONFIGURATION wms_dev.search;
      DROP TABLE wms_dev.orders;
      DROP TYPE wms_dev.size;
      DROP TEXT SEARCH DICTIONARY auth_dev.words;
      DROP FUNCTION auth_dev.twice, auth_dev.compared`,
    cells: [],
    findings: [
      "hand auth_dev_owner: function auth_dev.sized(wms_dev.size): uses type wms_dev.size",
      "type DROP ROUTINE auth_dev.sized(wms_dev.size);",
      "hand wms_dev_owner: cast from wms_dev.size to integer: uses function auth_dev.sized(wms_dev.size)",
      "type DROP CAST (wms_dev.size AS integer);",
      "hand wms_dev_owner: function 1 (integer, integer) of operator family wms_dev.ordered for access method btree: auth_dev.compared(integer,integer): uses function auth_dev.compared(integer,integer)",
      "type DROP OPERATOR FAMILY wms_dev.ordered USING btree;",
      "hand wms_dev_owner: statistics object wms_dev.doubled: uses function auth_dev.twice(integer)",
      "type DROP STATISTICS wms_dev.doubled;",
      "hand wms_dev_owner: text search configuration wms_dev.search: uses text search dictionary auth_dev.words",
      "type DROP TEXT SEARCH CONFIGURATION wms_dev.search;",
    ],
  },
  {
    what: "a publication and an event trigger, which are in no schema, of an app's table and function",
    stack: "dev",
    change: `SET ROLE wms_dev_owner;
      CREATE TABLE wms_dev.orders (id int);
      CREATE FUNCTION wms_dev.noticed() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
      RESET ROLE;
      CREATE EVENT TRIGGER noticed ON ddl_command_end EXECUTE FUNCTION wms_dev.noticed();
      CREATE PUBLICATION changes FOR TABLE wms_dev.orders`,
    back: `DROP PUBLICATION changes;
      DROP EVENT TRIGGER noticed;
      DROP FUNCTION wms_dev.noticed();
      DROP TABLE wms_dev.orders`,
    cells: [],
    findings: [
      "hand rdsadmin: event trigger noticed: uses function wms_dev.noticed()",
      "type DROP EVENT TRIGGER noticed;",
      "hand rdsadmin: publication of table wms_dev.orders in publication changes: uses table wms_dev.orders",
      "type ALTER PUBLICATION changes DROP TABLE wms_dev.orders;",
    ],
  },
];
