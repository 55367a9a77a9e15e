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
  ["a command of psql", lines("SELECT 1;", "\\connect postgresql://u:s3cret@db/x"), "2: @syntax error"],
  ["data of pg_dump", lines("COPY a FROM stdin;", "1\ts3cret", "\\."), "2: @syntax error"],
  [
    "another encoding",
    Buffer.from("SELECT 1;\nSELECT 's3cret';", "utf16le").toString("utf8"),
    "1: @a NUL byte: it is not SQL",
  ],
  ["another database's names", "CREATE TABLE `A` (`s3cret` INT);", "1: @syntax error"],
];

const check = async (sql: string) => brief(await checkMigrationFile("m.sql", sql, "wms", DECLARED));

test.each(REFUSED)("%s", async (sql, finding) => {
  // With multibyte characters and a comment of Prisma's before it, and something harmless around it.
  const script = `SELECT 'ä€😀';\n\n-- CreateIt\n${sql};\nSELECT 1;\n`;
  expect(await check(script)).toEqual([`4: ${finding}`]);
});

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
