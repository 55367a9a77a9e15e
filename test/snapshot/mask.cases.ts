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
  ["RESET ALL", ":1: RESET ALL would take back what a restore has set"],
  ["SET standard_conforming_strings = off", "off would change how texts are read"],
  ["SELECT 1;\nCOMMIT;\n-- a\rROLLBACK", ":3: ROLLBACK would leave the one transaction that a restore is;"],
  ["COPY people FROM stdin", ":1: COPY FROM stdin has no place in it"],
  ["SELECT 1;\nCOPY people FROM stdin;\n1\tx\n\\.\n", ":2: COPY FROM stdin has no place in it"],
  ["SELECT 1;\n\\copy people from '/etc/passwd'", ":2: a command of psql stands in it: \\copy people"],
  ["UPDATE people SET email = 'x", "a quote has no end: 'x"],
  ["SELECT 1;\n\nUPDATE people SET email = 'x' WHERE", ":3: syntax error at end of input"],
  ["SELECT 1;\n-- then\nUPDATE nobody SET email = 'x'", ':3: relation "nobody" does not exist'],
  ["UPDATE wms_prod.people SET email = 'x'", ":1: permission denied for schema wms_prod"],
  ["UPDATE people SET id = 1", ':1: duplicate key value violates unique constraint "people_pkey"'],
  ["-- nothing", "holds no statement"],
];

/** `restore --mask`: SQL on the data before anybody can see them. */
export function maskCases(get: () => SnapshotPlatform): void {
  let file: string;
  let old: readonly string[];
  const restore = (mask: string) =>
    get().ops.run("restore", file, "wms", "dev", "--yes", "--mask", get().textFile(mask));

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
