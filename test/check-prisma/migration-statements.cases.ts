import { checkMigrationFile } from "../../ops/check-prisma/migration-file";
import { brief, DECLARED, lines } from "./declared";

const NO_SCHEMA =
  "CREATE SCHEMA: no app may, even with IF NOT EXISTS: take it out, the stack makes the schema";
const SCHEMA = "the schema is the stack's: take it out";
const DATABASE = "the database is the stacks': take it out";
const ROLE = "the stacks make roles: take it out";
const GRANT = "the stacks make grants: take it out";
const OWNER = "what a login makes is its owner's already: take it out";
const ACTING = "what a login makes would not be its owner's: take it out";
const EXTENSION =
  "no app may: take it out, have prod's setting extensions name it, and write extensions. before its types and functions";
const SERVER = "it is the whole database's, and no app may: take it out";
const BEYOND = "it reaches beyond the app's schema, and no app may: take it out";
const DEFINER =
  "SECURITY DEFINER: whoever may call it acts as the app, its reader too: leave it out, the app's own calls need no more than SECURITY INVOKER";
const NOTICE =
  "any login of the database hears it, may send the same, and one that listens too slowly stops it for all: keep what is to be told in a table";
const ADVISORY =
  "its numbers are every app's, and Prisma's own lock is one of them: lock a row of your own instead (SELECT … FOR UPDATE)";
const LARGE = "a large object is in no schema, so that no snapshot or reset has it: use a bytea column";
const COPY = "COPY: no app reaches the server's files, and a migration has no rows behind it: write INSERT";
const TEMPORARY = "TEMPORARY: no login may make a temporary one: use a WITH query, or a table and drop it";

/** Statements that no migration may hold; each is found by itself, whatever schema it names. */
const REFUSED: [sql: string, finding: string][] = [
  ['CREATE SCHEMA IF NOT EXISTS "public"', NO_SCHEMA],
  ["CREATE SCHEMA wms_dev AUTHORIZATION me CREATE TABLE a (b int)", NO_SCHEMA],
  ["DROP SCHEMA IF EXISTS public CASCADE", `DROP SCHEMA: ${SCHEMA}`],
  ["ALTER SCHEMA wms_dev RENAME TO old", `ALTER SCHEMA: ${SCHEMA}`],
  ["COMMENT ON SCHEMA public IS 'x'", `COMMENT ON SCHEMA: ${SCHEMA}`],
  ["CREATE DATABASE shadow", `CREATE DATABASE: ${DATABASE}`],
  ["ALTER DATABASE portal_db SET timezone = 'UTC'", `ALTER DATABASE: ${DATABASE}`],
  ["ALTER DATABASE portal_db CONNECTION LIMIT 5", `ALTER DATABASE: ${DATABASE}`],
  ["ALTER DATABASE portal_db RENAME TO x", `ALTER DATABASE: ${DATABASE}`],
  ["ALTER DATABASE portal_db REFRESH COLLATION VERSION", `ALTER DATABASE: ${DATABASE}`],
  ["DROP DATABASE shadow", `DROP DATABASE: ${DATABASE}`],
  ["CREATE ROLE a LOGIN PASSWORD 's3cret'", `CREATE ROLE: ${ROLE}`],
  ["CREATE USER a PASSWORD 's3cret'", `CREATE ROLE: ${ROLE}`],
  ["ALTER USER a PASSWORD 's3cret'", `ALTER ROLE: ${ROLE}`],
  ["ALTER ROLE a SET search_path = wms_dev", `ALTER ROLE: ${ROLE}`],
  ["ALTER ROLE a RENAME TO b", `ALTER ROLE: ${ROLE}`],
  ["DROP ROLE a", `DROP ROLE: ${ROLE}`],
  ["DROP OWNED BY a", `DROP OWNED: ${ROLE}`],
  ['GRANT SELECT ON "Product" TO portal_xplan', `GRANT: ${GRANT}`],
  ["GRANT USAGE ON SCHEMA wms_dev TO portal_xplan", `GRANT: ${GRANT}`],
  ["GRANT a TO b", `GRANT: ${GRANT}`],
  ["REVOKE ALL ON SCHEMA public FROM PUBLIC", `REVOKE: ${GRANT}`],
  ["REVOKE a FROM b", `REVOKE: ${GRANT}`],
  ["ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a", `ALTER DEFAULT PRIVILEGES: ${GRANT}`],
  ['ALTER TABLE "Product" OWNER TO postgres', `OWNER TO: ${OWNER}`],
  ['ALTER TYPE "Unit" OWNER TO postgres', `OWNER TO: ${OWNER}`],
  ["ALTER FUNCTION wms_dev.f() OWNER TO postgres", `OWNER TO: ${OWNER}`],
  ["REASSIGN OWNED BY a TO b", `REASSIGN OWNED: ${OWNER}`],
  ["SET ROLE postgres", `SET ROLE: ${ACTING}`],
  ["SET LOCAL ROLE NONE", `SET ROLE: ${ACTING}`],
  ["SET SESSION AUTHORIZATION DEFAULT", `SET SESSION AUTHORIZATION: ${ACTING}`],
  ['CREATE EXTENSION IF NOT EXISTS "pgcrypto" WITH SCHEMA "public"', `CREATE EXTENSION: ${EXTENSION}`],
  ["ALTER EXTENSION citext UPDATE", `ALTER EXTENSION: ${EXTENSION}`],
  ["ALTER EXTENSION citext ADD FUNCTION f()", `ALTER EXTENSION: ${EXTENSION}`],
  ["ALTER EXTENSION citext SET SCHEMA wms_dev", `ALTER EXTENSION: ${EXTENSION}`],
  ["DROP EXTENSION citext", `DROP EXTENSION: ${EXTENSION}`],
  ["COMMENT ON EXTENSION citext IS 'x'", `COMMENT ON EXTENSION: ${EXTENSION}`],
  ["CREATE TEMP TABLE a (b int)", TEMPORARY],
  ["SELECT 1 AS a INTO TEMPORARY b", TEMPORARY],
  [
    "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY: it fills a temporary table, and no login may make one: leave CONCURRENTLY out, or keep a table that the app fills itself",
  ],
  ["CREATE PUBLICATION p FOR ALL TABLES", `CREATE PUBLICATION: ${SERVER}`],
  ['ALTER PUBLICATION p ADD TABLE "A"', `ALTER PUBLICATION: ${SERVER}`],
  ["DROP PUBLICATION p", `DROP PUBLICATION: ${SERVER}`],
  ["CREATE SUBSCRIPTION s CONNECTION 'password=s3cret' PUBLICATION p", `CREATE SUBSCRIPTION: ${SERVER}`],
  ["ALTER SUBSCRIPTION s DISABLE", `ALTER SUBSCRIPTION: ${SERVER}`],
  ["DROP SUBSCRIPTION s", `DROP SUBSCRIPTION: ${SERVER}`],
  ["CREATE EVENT TRIGGER t ON sql_drop EXECUTE FUNCTION f()", `CREATE EVENT TRIGGER: ${SERVER}`],
  ["ALTER EVENT TRIGGER t DISABLE", `ALTER EVENT TRIGGER: ${SERVER}`],
  ["DROP EVENT TRIGGER t", `DROP EVENT TRIGGER: ${SERVER}`],
  ["CREATE FOREIGN DATA WRAPPER w", `CREATE FOREIGN DATA WRAPPER: ${SERVER}`],
  ["DROP FOREIGN DATA WRAPPER w", `DROP FOREIGN DATA WRAPPER: ${SERVER}`],
  ["CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw", `CREATE SERVER: ${SERVER}`],
  ["ALTER SERVER s VERSION '2'", `ALTER SERVER: ${SERVER}`],
  ["DROP SERVER s", `DROP SERVER: ${SERVER}`],
  ["CREATE USER MAPPING FOR a SERVER s OPTIONS (password 's3cret')", `CREATE USER MAPPING: ${SERVER}`],
  ["CREATE FOREIGN TABLE t (a int) SERVER s", `CREATE FOREIGN TABLE: ${SERVER}`],
  ["IMPORT FOREIGN SCHEMA a FROM SERVER s INTO b", `IMPORT FOREIGN SCHEMA: ${SERVER}`],
  ["CREATE LANGUAGE l HANDLER h", `CREATE LANGUAGE: ${SERVER}`],
  ["CREATE ACCESS METHOD m TYPE INDEX HANDLER h", `CREATE ACCESS METHOD: ${SERVER}`],
  ["CREATE OPERATOR CLASS o FOR TYPE int USING btree AS OPERATOR 1 <", `CREATE OPERATOR CLASS: ${SERVER}`],
  ["CREATE TABLESPACE t LOCATION '/x'", `CREATE TABLESPACE: ${SERVER}`],
  ["DROP TABLESPACE t", `DROP TABLESPACE: ${SERVER}`],
  ["ALTER SYSTEM SET work_mem = '1GB'", `ALTER SYSTEM: ${SERVER}`],
  [
    "REINDEX DATABASE portal_db",
    "REINDEX: the whole database or schema is the stacks': name a table or an index, CONCURRENTLY",
  ],
  [
    "SET session_replication_role = 'replica'",
    "SET session_replication_role: no app may set it: take it out",
  ],
  [
    "SELECT set_config('log_statement', 'all', false)",
    "set_config('log_statement'): no app may set it: take it out",
  ],
  [
    'ALTER TABLE "A" DISABLE TRIGGER ALL',
    "DISABLE TRIGGER ALL: those of foreign keys are Postgres's own, and no app may: write DISABLE TRIGGER USER",
  ],
  ["CHECKPOINT", `CHECKPOINT: ${SERVER}`],
  ["LOAD 'x'", `LOAD: ${SERVER}`],
  ["PREPARE TRANSACTION 'a'", `PREPARE TRANSACTION: ${SERVER}`],
  [`COPY "A" FROM '/etc/passwd'`, COPY],
  [`COPY "A" TO PROGRAM 'curl'`, COPY],
  ["NOTIFY orders, 'x'", `NOTIFY: ${NOTICE}`],
  ["LISTEN orders", `LISTEN: ${NOTICE}`],
  ["SELECT pg_notify('orders', 'x')", `pg_notify: ${NOTICE}`],
  ["SELECT pg_advisory_lock(1)", `pg_advisory_lock: ${ADVISORY}`],
  ["SELECT pg_catalog.pg_try_advisory_xact_lock(1, 2)", `pg_try_advisory_xact_lock: ${ADVISORY}`],
  ["SELECT lo_create(0)", `lo_create: ${LARGE}`],
  [`INSERT INTO "A" VALUES (lo_from_bytea(0, ''))`, `lo_from_bytea: ${LARGE}`],
  [`UPDATE "A" SET b = lo_import('/x')`, `lo_import: ${LARGE}`],
  ["SELECT pg_logical_emit_message(false, 'a', 'b')", `pg_logical_emit_message: ${BEYOND}`],
  ["SELECT * FROM dblink('password=s3cret', 'SELECT 1') AS t (a int)", `dblink: ${BEYOND}`],
  [
    "SELECT set_config(is_local => true, new_value => 'postgres', setting_name => 'role')",
    `set_config('role'): ${ACTING}`,
  ],
  ["SELECT set_config('role', 'postgres', true)", `set_config('role'): ${ACTING}`],
  ["SELECT set_config('Session_Authorization', 'a', true)", `set_config('session_authorization'): ${ACTING}`],
  ["CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$SELECT 1$$", DEFINER],
  ["CREATE PROCEDURE p() LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN NULL; END$$", DEFINER],
  ["ALTER FUNCTION f() SECURITY DEFINER", DEFINER],
  ["CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'x', 'y'", `LANGUAGE c: ${SERVER}`],
];

/** What a statement holds below its own kind. */
const WITHIN: typeof REFUSED = [
  ...[
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET role = 'none' AS 'SELECT 1'",
    "ALTER FUNCTION f() SET Role = 'none'",
  ].map((sql): [string, string] => [sql, `SET ROLE: ${ACTING}`]),
  ["ALTER FUNCTION f() SET session_authorization = 'a'", `SET SESSION AUTHORIZATION: ${ACTING}`],
  ["ALTER FUNCTION f() SET log_statement = 'all'", "SET log_statement: no app may set it: take it out"],
  ['CREATE RULE r AS ON INSERT TO "A" DO ALSO NOTIFY x', `NOTIFY: ${NOTICE}`],
  [
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT lo_create(0); END",
    `lo_create: ${LARGE}`,
  ],
  ["CREATE TYPE t (INPUT = a, OUTPUT = b)", `CREATE TYPE of a base type: ${SERVER}`],
  ["CREATE TEXT SEARCH TEMPLATE t (LEXIZE = a)", `CREATE TEXT SEARCH TEMPLATE: ${SERVER}`],
  [
    "CREATE TEXT SEARCH PARSER t (START = a, GETTOKEN = b, END = c, LEXTYPES = d)",
    `CREATE TEXT SEARCH PARSER: ${SERVER}`,
  ],
  [
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT 1'",
    "LEAKPROOF: no app may set it: take it out",
  ],
  ["ALTER FUNCTION f() LEAKPROOF", "LEAKPROOF: no app may set it: take it out"],
  ["CREATE TABLE pg_temp.t (a int)", TEMPORARY],
  ["CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", TEMPORARY],
  ["CREATE TYPE pg_temp.t AS ENUM ('a')", TEMPORARY],
];

/** Statements of the same kinds that an app may run. */
const FINE = [
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY INVOKER AS $$SELECT 1$$",
  "ALTER FUNCTION f() SECURITY INVOKER",
  "ALTER FUNCTION f() NOT LEAKPROOF; ALTER FUNCTION f() SET search_path = pg_catalog, pg_temp",
  'CREATE RULE r AS ON DELETE TO "A" DO INSTEAD NOTHING',
  "CREATE TYPE t AS (a int); CREATE TYPE u AS ENUM ('a'); CREATE TYPE v AS RANGE (SUBTYPE = int)",
  "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION c (COPY = simple)",
  "SELECT set_config('lock_timeout', '5s', false), set_config('app.role', 'x', false)",
  "SELECT gen_random_uuid(), now(), lower('NOTIFY x'), 'pg_advisory_lock(1)'",
  'CREATE TRIGGER t BEFORE INSERT ON "A" FOR EACH ROW EXECUTE FUNCTION f()',
  'ALTER TABLE "A" ENABLE ROW LEVEL SECURITY',
  'CREATE POLICY p ON "A" USING (true)',
  "CREATE OPERATOR === (FUNCTION = f, LEFTARG = int, RIGHTARG = int)",
  'CREATE STATISTICS s ON a, b FROM "A"',
  'ANALYZE "A"',
  'ALTER TABLE "A" DISABLE TRIGGER USER',
  "SET statement_timeout = '5s'; SET LOCAL TimeZone = 'UTC'",
];

/** Scripts that Postgres's parser refuses; what it says is not repeated where it quotes the file. */
const UNREADABLE: [title: string, sql: string, finding: string][] = [
  [
    "a word too many",
    lines("-- ä€😀", "SELECT 1;", 'ALTER TABLE "A" ADDD COLUMN s3cret TEXT;'),
    "3: @syntax error",
  ],
  [
    "a string without an end",
    lines("SELECT 1;", "SELECT 's3cret;", "SELECT 2;"),
    "2: @unterminated quoted string",
  ],
  ["an option that may be a password", "\n\nCREATE ROLE a s3cret", "3: @unrecognized role option"],
  ["data of pg_dump", lines("COPY a FROM stdin;", "1\ts3cret", "\\."), "2: @syntax error"],
  [
    "another encoding",
    Buffer.from("SELECT 1;\nSELECT 's3cret';", "utf16le").toString("utf8"),
    "1: @a NUL byte: it is not SQL",
  ],
  ["another database's names", "CREATE TABLE `A` (`s3cret` INT);", "1: @syntax error"],
];

const check = async (sql: string) => brief(await checkMigrationFile("m.sql", sql, "wms", DECLARED));

test.each([...REFUSED, ...WITHIN])("%s", async (sql, finding) => {
  // With multibyte characters and a comment of Prisma's before it, and something harmless around it.
  const script = `SELECT 'ä€😀';\n\n-- CreateIt\n${sql};\nSELECT 1;\n`;
  expect(await check(script)).toEqual([`4: ${finding}`]);
});

test.each(FINE)("nothing is found in %s", async (sql) => expect(await check(sql)).toEqual([]));

test.each(UNREADABLE)("%s is refused where Postgres refuses it", async (_title, sql, finding) => {
  const said = "Postgres's parser stops here, and so would a deploy: ";
  expect(await check(sql)).toEqual([finding.replace("@", said)]);
});

test("each statement of a file is found, by its line", async () => {
  const sql = lines(
    "CREATE SCHEMA a; GRANT a",
    "  TO b;",
    "/* DROP ROLE a; */",
    "SELECT 1;",
    "  ",
    "DROP ROLE",
    "a",
  );
  expect(await check(sql)).toEqual([`1: ${NO_SCHEMA}`, `1: GRANT: ${GRANT}`, `6: DROP ROLE: ${ROLE}`]);
});

test.each(["", " \n", "-- This is an empty migration.\n", ";\n"])("nothing is found in %j", async (sql) => {
  expect(await check(sql)).toEqual([]);
});
