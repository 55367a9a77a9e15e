import { ATTACKS } from "./script.cases";
import type { SnapshotPlatform } from "./snapshot-platform";

const PEOPLE = `CREATE TABLE people (id int PRIMARY KEY, email text); CREATE TABLE letters (person int REFERENCES people, body text);
  INSERT INTO people SELECT i, 'person' || i || '@example.com' FROM generate_series(1, 3) i; INSERT INTO letters VALUES (1, 'Dear all; sincerely')`;

const MASK = `-- Only what nobody may see; the rest stays.
UPDATE people SET email = 'user' || id || '@invalid'; /* ; */
DELETE FROM letters WHERE body LIKE '%;%';
DO $$ BEGIN PERFORM 1 FROM people WHERE email LIKE '%@example.com'; IF FOUND THEN RAISE EXCEPTION 'not masked'; END IF; END $$;
`;

/** Masks that would leave the transaction, or act as somebody else in it, and what is said of them. */
const REFUSED: readonly (readonly [sql: string, problem: string])[] = [
  ["UPDATE people SET email = ''; COMMIT", "COMMIT would leave the one transaction that a restore is"],
  ["/* */ rollback", "rollback would leave the one transaction"],
  ["SAVEPOINT a", "SAVEPOINT a would leave the one transaction"],
  ["SET ROLE none", "SET ROLE none would leave the one transaction"],
  ["RESET SESSION AUTHORIZATION", "RESET SESSION AUTHORIZATION would leave the one transaction"],
  ...ATTACKS.map(([sql, head]) => [sql, `:1: ${head} would leave the one transaction`] as const),
  ["SELECT set_config('role', 'none', false)", ":1: it changed the acting role, role;"],
  [
    "UPDATE people SET email = set_config('ro' || 'le', 'none', true)",
    ":1: it changed the acting role, role;",
  ],
  ["SELECT pg_catalog.SET_CONFIG(E'\\x73earch_path', 'public', true)", ":1: it changed search_path;"],
  ["DO $$ BEGIN EXECUTE 'SET client_encoding = SJIS'; END $$", ":1: it changed client_encoding;"],
  ["RESET ALL", ":1: RESET ALL does more than change rows: a mask holds INSERT, UPDATE,"],
  ["SET LOCAL lock_timeout = 0", ":1: SET LOCAL lock_timeout = 0 does more than change rows"],
  ["CREATE TABLE x AS SELECT 1", ":1: CREATE TABLE x AS SELECT 1 does more than change rows"],
  ["SELECT email INTO x FROM people", ":1: SELECT email INTO x FROM people does more than change rows"],
  ["ALTER TABLE people ADD x int", ":1: ALTER TABLE people ADD x int does more than change rows"],
  ["COPY people TO PROGRAM 'id'", ":1: COPY people TO PROGRAM 'id' does more than change rows"],
  ["SELECT 1;\nCOMMIT;\n-- a\rROLLBACK", ":3: ROLLBACK would leave the one transaction that a restore is;"],
  ["COPY people FROM stdin", ":1: COPY FROM stdin has no place in it"],
  ["SELECT 1;\nCOPY people FROM stdin;\n1\tx\n\\.\n", ":2: COPY FROM stdin has no place in it"],
  ["SELECT 1;\n\\copy people from '/etc/passwd'", ":2: a command of psql stands in it: \\copy people"],
  ["UPDATE people SET email = 'x", "a quote has no end: 'x"],
  ["SELECT 1;\n\nUPDATE people SET email = 'x' WHERE", ":3: syntax error at end of input"],
  ["SELECT 1;\n-- then\nUPDATE nobody SET email = 'x'", ':3: relation "nobody" does not exist'],
  ['UPDATE "x\u001b[2J" SET a = 1', ':1: relation "x\\u{1b}[2J" does not exist'],
  ["UPDATE wms_prod.people SET email = 'x'", ":1: permission denied for schema wms_prod"],
  ["UPDATE people SET id = 1", ':1: duplicate key value violates unique constraint "people_pkey"'],
  ["-- nothing", "holds no statement"],
];

/** What a block does that no parser sees in it, and what of the schema it makes, changes or drops. */
const RESHAPED: readonly (readonly [sql: string, what: string])[] = [
  ["ALTER TABLE people ADD x int", "column x of table wms_dev.people"],
  ["ALTER TABLE people DROP COLUMN email", "column email of table wms_dev.people; table wms_dev.people"],
  ["ALTER TABLE letters ALTER body SET DEFAULT 1", "default value for column body of table wms_dev.letters"],
  ["ALTER TABLE people DROP CONSTRAINT people_pkey CASCADE", "index wms_dev.people_pkey"],
  ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT 1''", "function wms_dev.f()"],
  ["CREATE VIEW x AS SELECT 1 AS y", "column y of view wms_dev.x"],
  ["DROP TABLE letters CASCADE", "table wms_dev.letters"],
  ["GRANT SELECT ON people TO PUBLIC", "table wms_dev.people"],
  ["ALTER TABLE people ENABLE ROW LEVEL SECURITY", "table wms_dev.people"],
  ["ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC", "default privileges on new relations"],
  ["CREATE TYPE mood AS ENUM (''sad'')", "type wms_dev.mood"],
  ["CREATE RULE r AS ON DELETE TO letters DO INSTEAD NOTHING", "rule r on table wms_dev.letters"],
  ["SELECT lo_create(4711)", "large object 4711"],
];

/** `restore --mask`: SQL on the data before anybody can see them. */
export function maskCases(get: () => SnapshotPlatform): void {
  let file: string;
  let old: readonly string[];
  const restore = (mask: string, from = file) =>
    get().ops.run("restore", from, "wms", "dev", "--yes", "--mask", get().textFile(mask));

  beforeAll(async () => {
    const { ops } = get();
    await ops.query("wms", "prod", PEOPLE);
    file = await get().snapshot("prod");
    await ops.run("reset", "wms", "dev", "--yes");
    await ops.query(
      "wms",
      "dev",
      "CREATE TABLE people (id int, mine text); INSERT INTO people VALUES (7, 'old')",
    );
    old = await get().textOf("wms_dev");
  });

  test.each(REFUSED)("%j is refused or fails, and the old data stay", async (mask, problem) => {
    const { status, stderr } = await restore(mask);
    expect(status).toBe(1);
    expect(stderr).toContain(problem);
    expect(stderr).toMatch(/; nothing was changed$/);
    expect(await get().textOf("wms_dev")).toEqual(old);
  });

  test.each(RESHAPED)("%j in a block takes everything back", async (sql, what) => {
    const { status, stderr } = await restore(`DO $$ BEGIN EXECUTE '${sql}'; END $$`);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: the mask made, changed or dropped .*: it may change rows alone; nothing was changed$/,
    );
    expect(stderr).toContain(what);
    expect(await get().textOf("wms_dev")).toEqual(old);
  });

  test("a mask that is not there stops it before anything is started", async () => {
    const { status, stderr } = await get().ops.run(
      "restore",
      file,
      "wms",
      "dev",
      "--yes",
      "--mask",
      "/nowhere/mask.sql",
    );
    expect({ status, stderr }).toEqual({ status: 1, stderr: "error: /nowhere/mask.sql does not exist" });
  });

  test("rows that a policy hides from the owner itself are not left unmasked", async () => {
    const { ops } = get();
    await ops.query(
      "wms",
      "prod",
      `CREATE POLICY few ON people USING (id < 3); ALTER TABLE people ENABLE ROW LEVEL SECURITY;
       ALTER TABLE people FORCE ROW LEVEL SECURITY`,
    );
    const hidden = await get().archive("--schema=wms_prod", "--no-owner", "--no-privileges");
    await ops.query(
      "wms",
      "prod",
      `DROP POLICY few ON people; ALTER TABLE people DISABLE ROW LEVEL SECURITY;
       ALTER TABLE people NO FORCE ROW LEVEL SECURITY`,
    );
    const { status, stderr } = await restore("UPDATE people SET email = 'nobody'", hidden);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /:1: query would be affected by row-level security policy for table "people"; nothing was changed$/,
    );
    expect(await get().textOf("wms_dev")).toEqual(old);
  });

  test("nobody can see the data before they are masked", async () => {
    const { ops } = get();
    const gate = await ops.connect("wms", "dev");
    await gate.query("SELECT pg_advisory_lock(1)");
    const run = restore(`SELECT pg_advisory_lock(1);\n${MASK}`);
    await get().someoneWaits();
    // The schema itself can be read; what the restore makes in it is locked or not there yet.
    const seen = await ops.platform.asSuperuser(
      "SELECT relname FROM pg_class WHERE relnamespace = 'wms_dev'::regnamespace AND relname IN ('people', 'letters')",
    );
    expect(seen).toEqual([{ relname: "people" }]);
    await gate.query("SELECT pg_advisory_unlock(1)");
    await gate.end();
    const { status, stderr, stdout } = await run;
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).not.toContain("copied as they are");
    expect(
      await ops.query(
        "wms",
        "dev",
        "SELECT email, (SELECT count(*)::int FROM letters) AS letters FROM people ORDER BY id",
      ),
    ).toEqual([
      { email: "user1@invalid", letters: 0 },
      { email: "user2@invalid", letters: 0 },
      { email: "user3@invalid", letters: 0 },
    ]);
    expect(await ops.query("wms", "prod", "SELECT email FROM people WHERE id = 1")).toEqual([
      { email: "person1@example.com" },
    ]);
  });
}
