import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { startOps } from "../helpers/ops-platform";
import { endOf } from "../helpers/process";
import type { SnapshotPlatform } from "./snapshot-platform";

/** So much more than for nothing at all may a command take, however much it moves. */
const MOST_MEGABYTES = 100;

/** Rows that do not compress, so that the file is as large as they are: 64 MB. */
const MUCH = `CREATE TABLE much AS SELECT i, (SELECT string_agg(md5(i::text || j), '') FROM generate_series(1, 32) j) AS text
  FROM generate_series(1, 60000) i`;

/** Rows pass through a piece at a time. */
export function memoryCases(get: () => SnapshotPlatform): void {
  /** Runs a command that must succeed. @returns the megabytes that it took at most */
  async function peakOf(...args: string[]): Promise<number> {
    const file = get().newFile();
    const env = {
      NODE_OPTIONS: `--require ${resolve(__dirname, "peak-memory.cjs")}`,
      PEAK_MEMORY_FILE: file,
    };
    const { status, stderr } = await endOf(startOps([...args, ...get().ops.where], env));
    if (status !== 0) throw new Error(stderr);
    return Number(readFileSync(file, "utf8")) / 1000;
  }

  test("memory does not grow with the data", async () => {
    const { ops } = get();
    const [little, much] = [get().newFile(), get().newFile()];
    await ops.run("reset", "wms", "dev", "--yes");
    await ops.query("wms", "dev", "CREATE TABLE little AS SELECT 1 AS i");
    const least = Math.max(
      await peakOf("snapshot", "wms", "dev", "-o", little),
      await peakOf("restore", little, "wms", "dev", "--yes"),
    );
    await ops.query("wms", "dev", MUCH);
    const taken = await peakOf("snapshot", "wms", "dev", "-o", much);
    const restored = await peakOf("restore", much, "wms", "dev", "--yes");
    expect(statSync(much).size).toBeGreaterThan(30e6);
    expect(taken - least).toBeLessThan(MOST_MEGABYTES);
    expect(restored - least).toBeLessThan(MOST_MEGABYTES);
    expect(
      await ops.query("wms", "dev", "SELECT count(*)::int AS n, sum(length(text))::int AS length FROM much"),
    ).toEqual([{ n: 60_000, length: 61_440_000 }]);
  });

  test("300 tables that refer to each other come back whole", async () => {
    const { ops } = get();
    await ops.run("reset", "wms", "dev", "--yes");
    await ops.query(
      "wms",
      "dev",
      `DO $$ BEGIN FOR i IN 1..300 LOOP
         EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, name text UNIQUE, next int REFERENCES t%s (id))', i, greatest(i - 1, 1));
         EXECUTE format('INSERT INTO t%s (name, next) VALUES (''a'', NULL)', i);
         EXECUTE format('ALTER TABLE t1 ADD CONSTRAINT c%s FOREIGN KEY (next) REFERENCES t%s (id)', i, i);
       END LOOP; END $$`,
    );
    const old = await get().textOf("wms_dev");
    const file = await get().snapshot("dev");
    await ops.query("wms", "dev", "DELETE FROM t300");
    expect((await ops.run("restore", file, "wms", "dev", "--yes")).status).toBe(0);
    expect(await get().textOf("wms_dev")).toEqual(old);
  });
}
