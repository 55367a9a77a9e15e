import type { SnapshotPlatform } from "./snapshot-platform";

/** 24 MB of rows, of which one stops a restore: long before the end, and after what any buffer holds. */
const MUCH = `
  CREATE FUNCTION fits(i int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    IF i <> 5000 OR current_setting('application_name') <> 'portal-db restore' THEN RETURN true; END IF;
    PERFORM pg_advisory_lock(2);
    RETURN false;
  END $$;
  CREATE TABLE much (i int CHECK (fits(i)), text text);
  INSERT INTO much SELECT i, repeat('secret', 200) FROM generate_series(1, 20000) i`;

/** Rows that the server does not take. */
export function rowCases(get: () => SnapshotPlatform): void {
  let file: string;
  let old: readonly string[];
  const restore = () => get().ops.run("restore", file, "wms", "dev", "--yes", "--lock-timeout", "60");

  beforeAll(async () => {
    const { ops } = get();
    await ops.query("wms", "prod", MUCH);
    file = await get().snapshot("prod");
    await ops.query("wms", "prod", "DROP TABLE much; DROP FUNCTION fits");
    await ops.run("reset", "wms", "dev", "--yes");
    await ops.query("wms", "dev", "CREATE TABLE kept AS SELECT 1 AS id");
    old = await get().textOf("wms_dev");
  });

  afterEach(async () => {
    await get().noneLeft();
    expect(await get().textOf("wms_dev")).toEqual(old);
  });

  test("a row that is refused is named by table and line, and nothing of it is said", async () => {
    const { status, stdout, stderr } = await restore();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'error: new row for relation "much" violates check constraint "much_i_check", in: ' +
        "COPY wms_dev.much (i, text) FROM stdin line 5000 (23514); nothing was changed",
    });
    expect(stdout).not.toContain("secret");
  });

  test("when the server ends the connection amid the rows, it says so", async () => {
    const gate = await get().ops.connect("wms", "dev");
    await gate.query("SELECT pg_advisory_lock(2)");
    const run = restore();
    await get().someoneWaits();
    await get().ops.platform.asSuperuser(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portal-db restore'",
    );
    const { status, stderr } = await run;
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: the connection was lost \(.*\); nothing was changed$/);
    expect(stderr).not.toContain("secret");
    await gate.end();
  });
}
