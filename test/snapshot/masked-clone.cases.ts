import type { SnapshotPlatform } from "./snapshot-platform";

/** Names in an order in which no view can be filled from the ones before it. */
const PEOPLE = `
  CREATE TABLE people (id int PRIMARY KEY, email text);
  CREATE TABLE letters (person int REFERENCES people ON DELETE CASCADE, body text);
  CREATE TABLE sessions (token text);
  CREATE TABLE history (email text);
  CREATE TABLE countries (code text);
  INSERT INTO people SELECT i, 'person' || i || '@example.com' FROM generate_series(1, 100) i;
  INSERT INTO letters SELECT i, 'Dear person' || i || '@example.com' FROM generate_series(1, 10) i;
  INSERT INTO sessions VALUES ('token of person1@example.com');
  INSERT INTO countries VALUES ('de');
  CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO wms_prod.history VALUES (OLD.email); RETURN NEW; END $$;
  CREATE TRIGGER kept AFTER UPDATE ON people FOR EACH ROW EXECUTE FUNCTION keep();
  CREATE MATERIALIZED VIEW z_base AS SELECT email FROM people;
  CREATE MATERIALIZED VIEW a_top AS SELECT email FROM z_base;
  CREATE FUNCTION emails() RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN
    RETURN QUERY EXECUTE 'SELECT email FROM ' || wms_prod.tg() || '.z_base'; END $$;
  CREATE FUNCTION tg() RETURNS text LANGUAGE sql AS $$ SELECT nspname::text FROM pg_namespace WHERE nspname ~ '^wms_' AND has_schema_privilege(oid, 'USAGE') $$;
  CREATE MATERIALIZED VIEW never AS SELECT email FROM people WITH NO DATA;
  CREATE UNIQUE INDEX ON z_base (email);
  ANALYZE`;

const MASK = `UPDATE people SET email = 'user' || id || '@invalid';
DELETE FROM people WHERE id > 95 OR id < 6;
UPDATE history SET email = NULL;
TRUNCATE sessions;
DO $$ BEGIN UPDATE letters SET body = ''; END $$;
SELECT 1`;

/** What is left of the rows as they were in a masked clone: nothing. */
export function maskedCloneCases(get: () => SnapshotPlatform): void {
  let file: string;
  let mask: string;

  beforeAll(async () => {
    const { ops } = get();
    await ops.query("wms", "prod", PEOPLE);
    file = await get().snapshot("prod");
    mask = get().textFile(MASK);
  });

  afterAll(() =>
    get().ops.query(
      "wms",
      "prod",
      "DROP TABLE people, letters, sessions, history, countries CASCADE; DROP FUNCTION keep, emails, tg",
    ),
  );

  const clone = (from = file) => get().ops.run("restore", from, "wms", "dev", "--yes", "--mask", mask);

  test("each statement says how many rows it changed, and each table what was changed along", async () => {
    const { status, stdout, stderr } = await clone();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const lines = stdout.replaceAll(`${mask}:`, "mask.sql:").split("\n");
    expect(lines.slice(lines.findIndex((line) => line.startsWith("  mask.sql")))).toEqual([
      "  mask.sql:1  UPDATE people: 100 rows",
      "  mask.sql:2  DELETE people: 10 rows",
      "  mask.sql:3  UPDATE history: 100 rows",
      "  mask.sql:4  TRUNCATE sessions",
      "  mask.sql:5  DO: 5 rows",
      "  mask.sql:6  SELECT",
      "In all, with foreign keys and triggers:",
      "  history: 0 deleted, 100 updated, 100 inserted",
      "  letters: 5 deleted, 5 updated",
      "  people: 10 deleted, 100 updated",
      "The mask left them as they were: countries",
      expect.stringMatching(/^wms_dev: 5 tables, /),
    ]);
  });

  test("nothing in the clone is as it was: no row, no materialized view, no statistics", async () => {
    const { ops } = get();
    expect((await clone()).status).toBe(0);
    expect((await get().textOf("wms_dev")).filter((line) => line.includes("@example.com"))).toEqual([]);
    const views =
      "SELECT relname, relispopulated FROM pg_class WHERE relnamespace = 'wms_dev'::regnamespace AND relkind = 'm' ORDER BY 1";
    expect(await ops.query("wms", "dev", views)).toEqual([
      { relname: "a_top", relispopulated: true },
      { relname: "never", relispopulated: false },
      { relname: "z_base", relispopulated: true },
    ]);
    for (const view of ["a_top", "z_base"])
      expect(
        await ops.query(
          "wms",
          "dev",
          `SELECT count(*)::int AS n, bool_and(email ~ '^user\\d+@invalid$') AS masked FROM ${view}`,
        ),
      ).toEqual([{ n: 90, masked: true }]);
    expect(
      await ops.platform.asSuperuser(
        "SELECT FROM pg_stats s WHERE schemaname = 'wms_dev' AND s::text ~ 'example'",
      ),
    ).toEqual([]);
  });

  test("a view that reads another one through a function is filled after it", async () => {
    const { ops } = get();
    await ops.query("wms", "prod", "CREATE MATERIALIZED VIEW b_hidden AS SELECT emails() AS email");
    expect((await clone(await get().snapshot("prod"))).stdout).toContain("wms_dev: 5 tables");
    expect(
      await ops.query(
        "wms",
        "dev",
        "SELECT count(*)::int AS n FROM b_hidden WHERE email ~ '^user\\d+@invalid$'",
      ),
    ).toEqual([{ n: 90 }]);
    await ops.query("wms", "prod", "DROP MATERIALIZED VIEW b_hidden");
  });

  test("a view that cannot be filled from masked rows takes everything back", async () => {
    const { ops } = get();
    await clone();
    const old = await get().textOf("wms_dev");
    await ops.query(
      "wms",
      "prod",
      "CREATE MATERIALIZED VIEW c_odd AS SELECT 1 / length(substr(email, 1, 6) || 'x') - 1 / (CASE WHEN email ~ 'invalid' THEN 0 ELSE 1 END) AS x FROM people",
    );
    const { status, stderr } = await clone(await get().snapshot("prod"));
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "error: the materialized view wms_dev.c_odd cannot be filled anew: division by zero; nothing was changed",
    });
    expect(await get().textOf("wms_dev")).toEqual(old);
    await ops.query("wms", "prod", "DROP MATERIALIZED VIEW c_odd");
  });

  test("statistics in a file, which are parts of rows, stay behind", async () => {
    const file = await get().archive("--schema=wms_prod", "--statistics", "--no-owner", "--no-privileges");
    expect(await clone(file)).toMatchObject({ status: 0, stderr: "" });
    expect(
      await get().ops.platform.asSuperuser(
        "SELECT FROM pg_stats s WHERE schemaname = 'wms_dev' AND s::text ~ 'example'",
      ),
    ).toEqual([]);
  });
}
