import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkMigrationFile } from "../../ops/check-prisma/migration-file";
import { TableHistory } from "../../ops/check-prisma/table-history";
import { brief, DECLARED, lines } from "./declared";

const APPS = resolve(__dirname, "../apps");
const LEAVE = "leave it out, ?schema= in the URL decides";
const OWN = `schema "wms_dev" fixes the environment, and prod would look for it, too: ${LEAVE}`;
const OTHER = 'schema "xplan_dev" is xplan\'s: wms may not reach it';
const UNKNOWN = 'schema "audit" is in no stack: deploy it first, or mend the name';
const PUBLIC = `schema "public" is no app's: nothing can be made in it, ${LEAVE}; what an extension brings is in extensions`;

/** Statements that name the schema `@`, each in another part of the grammar. */
const PLACES = [
  'CREATE TABLE @."A" (id INT)',
  'CREATE TABLE "A" (id INT REFERENCES @."B"(id))',
  'CREATE TABLE "A" (unit @."Unit")',
  'CREATE TABLE "A" (id INT DEFAULT @.f(1))',
  'CREATE TABLE "A" (name TEXT COLLATE @.german)',
  'ALTER TABLE portal_db.@."A" ADD b INT',
  'ALTER TABLE "A" ALTER b TYPE @."Unit" USING b::text::@."Unit"',
  'ALTER TABLE "A" SET SCHEMA @',
  'DROP TABLE "B", @."A"',
  "DROP INDEX @.i",
  "DROP TYPE @.t",
  "DROP FUNCTION @.f(int)",
  'DROP TRIGGER t ON @."A"',
  "DROP OPERATOR CLASS @.o USING btree",
  'COMMENT ON TABLE @."A" IS $$x$$',
  'COMMENT ON COLUMN @."A".b IS $$x$$',
  "CREATE TYPE @.t AS ENUM ($$x$$)",
  "ALTER TYPE @.t ADD VALUE $$x$$",
  "CREATE DOMAIN @.d AS INT",
  "CREATE SEQUENCE @.s",
  'ALTER SEQUENCE s OWNED BY @."A".id',
  'CREATE VIEW v AS SELECT * FROM @."A"',
  'CREATE INDEX i ON "A" (b @.ops)',
  'CREATE STATISTICS @.s ON a, b FROM "A"',
  'CREATE TRIGGER t BEFORE INSERT ON "A" FOR EACH ROW EXECUTE FUNCTION @.f()',
  "CREATE FUNCTION @.f() RETURNS int LANGUAGE sql AS $$SELECT 1$$",
  'CREATE FUNCTION f(a @."A".b%TYPE) RETURNS int LANGUAGE sql AS $$SELECT 1$$',
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = @ AS $$SELECT 1$$",
  'INSERT INTO "A" SELECT * FROM @."B"',
  'UPDATE "A" SET b = @."A".c',
  'SELECT @."A".* FROM "A"',
  'DELETE FROM "A" WHERE b OPERATOR(@.=) 1',
  "SET search_path TO @",
  "SELECT set_config('search_path', 'pg_catalog, @', false)",
  `SELECT '@."A"'::regclass`,
  `SELECT '@'::regnamespace`,
  "SELECT nextval('@.s')",
  `CREATE TABLE "A" (id INT DEFAULT nextval('@."A_id_seq"'::regclass))`,
];

/** Statements without a schema that is an app's. */
const FINE = [
  'SELECT "A".b, "A".*, (c).d FROM "A"',
  'INSERT INTO "A" (b) VALUES (1) ON CONFLICT (b) DO UPDATE SET b = excluded.b',
  "SELECT 'a'::regclass, nextval('\"A_id_seq\"'::regclass), 'xplan_dev.a', lower('xplan_dev.a')",
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = '' AS $$SELECT 1$$",
  'SET search_path TO "$user", pg_catalog, extensions',
  'CREATE FUNCTION f(a "A".b%TYPE) RETURNS int LANGUAGE sql AS $$SELECT 1$$',
  'CREATE TABLE "A" (email extensions.citext DEFAULT pg_catalog.lower($$A$$), id UUID DEFAULT extensions.uuid_generate_v4())',
  "CREATE INDEX i ON a USING gin (b extensions.gin_trgm_ops)",
  "SELECT * FROM information_schema.tables, pg_catalog.pg_class",
  'COMMENT ON COLUMN "A".b IS $$xplan_dev.a$$',
  'COMMENT ON CONSTRAINT c ON "A" IS $$x$$',
  'DROP TRIGGER t ON "A"',
  "DROP OPERATOR CLASS o USING btree",
  'ALTER SEQUENCE s OWNED BY "A".id',
  'CREATE TABLE wms_dev (xplan_dev INT, "public" INT)',
  "SET lock_timeout = '5s'",
  "BEGIN; COMMIT",
];

const check = async (sql: string) =>
  brief((await checkMigrationFile("m.sql", sql, "wms", DECLARED)).filter(({ isWarning }) => !isWarning));

test.each(PLACES)("%s", async (sql) => {
  expect(await check(`\n${sql.replaceAll("@", "xplan_dev")};`)).toEqual([`2: ${OTHER}`]);
  expect(await check(`\n${sql.replaceAll("@", "extensions")};`)).toEqual([]);
});

test.each(FINE)("nothing is found in %s", async (sql) => expect(await check(sql)).toEqual([]));

test.each([
  ["wms_dev", OWN],
  ["wms_pr_42", OWN.replace("wms_dev", "wms_pr_42")],
  ["public", PUBLIC],
  ["audit", UNKNOWN],
])("the schema %s", async (schema, finding) => {
  expect(await check(`CREATE TABLE "${schema}"."A" (id INT);`)).toEqual([`1: ${finding}`]);
});

test("a statement's schemas are found once each, where they stand first", async () => {
  const sql = lines(
    "-- ä€😀",
    'CREATE TABLE "A" (',
    "  unit wms_dev.unit,",
    '  b INT REFERENCES xplan_dev."B"(id),',
    "  c wms_dev.unit",
    ");",
    "SELECT 1 FROM",
    " wms_dev.a;",
  );
  expect(await check(sql)).toEqual([`3: ${OWN}`, `4: ${OTHER}`, `8: ${OWN}`]);
});

test("a function's setting is found where it stands", async () => {
  const sql = lines(
    "CREATE FUNCTION f() RETURNS int",
    "LANGUAGE sql",
    "SET search_path = xplan_dev",
    "AS $$SELECT 1$$",
  );
  expect(await check(sql)).toEqual([`3: ${OTHER}`]);
});

test("of what Prisma generated for the apps of the tests, two migrations make others wait", async () => {
  const apps = readdirSync(APPS).filter((app) => existsSync(resolve(APPS, app, "migrations")));
  const declared = apps.flatMap((app) => DECLARED.slice(0, 1).map((one) => ({ ...one, app })));
  const found: [file: string, said: string][] = [];
  let count = 0;
  for (const app of apps) {
    const history = new TableHistory();
    for (const name of readdirSync(resolve(APPS, app, "migrations"))) {
      const file = resolve(APPS, app, "migrations", name, "migration.sql");
      if (!existsSync(file)) continue;
      count++;
      const findings = await checkMigrationFile(file, readFileSync(file, "utf8"), app, declared, { history });
      for (const { line, message, isWarning } of findings)
        found.push([`${app}/${name}:${line}`, `${isWarning ? "warning: " : ""}${message.split(":")[0]}`]);
    }
  }
  expect(count).toBe(13);
  expect(found).toEqual([
    ["auth/20250602143000_session_expiry_and_settings:5", 'warning: CREATE INDEX on "Session"'],
    ["website/20250505080000_tags_and_tree:27", 'warning: ALTER TABLE "Page" ADD FOREIGN KEY'],
  ]);
});
