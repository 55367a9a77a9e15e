import { existsSync } from "node:fs";
import type { Client } from "pg";
import { startOps } from "../helpers/ops-platform";
import { endOf } from "../helpers/process";
import type { SnapshotPlatform } from "./snapshot-platform";

/** Other sessions, a second command, a kill, a lost connection: nothing is lost in any. */
export function interruptionCases(get: () => SnapshotPlatform): void {
  let file: string;
  let old: readonly string[];
  let gate: Client;
  /** The last statement of a restore: everything has been dropped and loaded, and nothing is committed. */
  let mask: string;

  const restore = (...more: string[]) => ["restore", file, "wms", "dev", "--yes", ...more];
  const waiting = () => restore("--mask", mask, "--lock-timeout", "60");

  beforeAll(async () => {
    const { ops } = get();
    await ops.query("wms", "prod", "CREATE TABLE stock AS SELECT 1 AS id");
    file = await get().snapshot("prod");
    mask = get().textFile("SELECT pg_advisory_lock(1)");
    await ops.run("reset", "wms", "dev", "--yes");
    await ops.query(
      "wms",
      "dev",
      "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)",
    );
    old = await get().textOf("wms_dev");
    gate = await ops.connect("wms", "dev", "api of wms");
  });

  beforeEach(() => gate.query("SELECT pg_advisory_lock(1)"));

  afterEach(async () => {
    await gate.query("ROLLBACK; SELECT pg_advisory_unlock_all()");
    await get().noneLeft();
    expect(await get().textOf("wms_dev")).toEqual(old);
  });

  test("a lock that another session holds is an error that names its pid and application", async () => {
    await gate.query("BEGIN; LOCK TABLE b");
    const { rows } = await gate.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const who = `pid ${rows[0]?.pid} \\(portal_wms_dev, application "api of wms", since [^)]+\\) on b\\. End it, or try again later$`;
    const restored = await get().ops.run(...restore("--lock-timeout", "1"));
    expect(restored.stderr).toMatch(
      new RegExp(`^error: another session holds a lock in wms_dev, nothing was changed: ${who}`),
    );
    const target = get().newFile();
    const taken = await get().ops.run("snapshot", "wms", "dev", "-o", target, "--lock-timeout", "1");
    expect(taken.stderr).toMatch(
      new RegExp(`^error: another session holds a lock in wms_dev, no snapshot was written: ${who}`),
    );
    expect([restored.status, taken.status, existsSync(target)]).toEqual([1, 1, false]);
  });

  test("a second restore, and a reset, are refused meanwhile; killed halfway, the first has changed nothing", async () => {
    const child = startOps([...waiting(), ...get().ops.where]);
    const ended = endOf(child);
    await get().someoneWaits();
    for (const args of [restore(), ["reset", "wms", "dev", "--yes", "--lock-timeout", "60"]]) {
      const { status, stderr } = await get().ops.run(...args);
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: "error: another command is at work on wms_dev: wait until it is done",
      });
    }
    child.kill("SIGKILL");
    expect((await ended).status).toBe(null);
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "a restore that %s ends says that it was rolled back, and the server knows of it at once",
    async (signal) => {
      const child = startOps([...waiting(), ...get().ops.where]);
      const ended = endOf(child);
      await get().someoneWaits();
      child.kill(signal);
      expect(await ended).toMatchObject({
        status: 1,
        stderr: `error: ended by ${signal}; rolled back: nothing was changed\n`,
      });
      // The lock that it waited for is still held.
      await get().noneLeft();
    },
  );

  test("a restore that is ended while prod's snapshot is taken says what became of both", async () => {
    const before = get().newFile();
    const other = await get().ops.connect("wms", "prod");
    // Reading goes on beside it, and pg_dump waits.
    await other.query("CREATE TABLE late (id int)");
    await other.query("BEGIN; LOCK TABLE late IN SHARE MODE");
    const replaced = ["--replace-prod", before, "--lock-timeout", "60"];
    const args = ["restore", file, "wms", "prod", "--yes", ...replaced, ...get().ops.where];
    const child = startOps(args);
    const ended = endOf(child);
    await get().someoneWaits();
    child.kill("SIGINT");
    expect(await ended).toMatchObject({
      status: 1,
      stderr: "error: ended by SIGINT; rolled back: nothing was changed\n",
    });
    expect(existsSync(before)).toBe(false);
    await other.query("ROLLBACK");
    await other.query("DROP TABLE late");
  });

  test("when the server ends its connection, it says so", async () => {
    const run = get().ops.run(...waiting());
    await get().someoneWaits();
    await get().ops.platform.asSuperuser(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portal-db restore'",
    );
    expect((await run).stderr).toMatch(/^error: the connection was lost \(.*\); nothing was changed$/);
  });

  test("prod killed while it is replaced is as it was, and its snapshot is there", async () => {
    const before = get().newFile();
    const prod = await get().textOf("wms_prod");
    const child = startOps([
      "restore",
      file,
      "wms",
      "prod",
      "--yes",
      "--replace-prod",
      before,
      "--mask",
      mask,
      "--lock-timeout",
      "60",
      ...get().ops.where,
    ]);
    const ended = endOf(child);
    await get().someoneWaits();
    child.kill("SIGKILL");
    await ended;
    await gate.query("SELECT pg_advisory_unlock_all()");
    await get().noneLeft();
    expect(await get().textOf("wms_prod")).toEqual(prod);
    const { status, stderr } = await get().ops.run(
      ...["restore", before, "wms", "prod", "--yes", "--replace-prod", get().newFile()],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(await get().textOf("wms_prod")).toEqual(prod);
  });

  test.each(["SIGTERM", "SIGINT", "SIGKILL"] as const)(
    "a snapshot that is ended by %s leaves no file of its name",
    async (signal) => {
      await gate.query("BEGIN; LOCK TABLE b");
      const target = get().newFile();
      const child = startOps([
        "snapshot",
        "wms",
        "dev",
        "-o",
        target,
        "--lock-timeout",
        "60",
        ...get().ops.where,
      ]);
      const ended = endOf(child);
      await get().someoneWaits();
      child.kill(signal);
      const { status, stderr } = await ended;
      if (signal !== "SIGKILL")
        expect({ status, stderr }).toEqual({
          status: 1,
          stderr: `error: ended by ${signal}; no snapshot was written\n`,
        });
      expect(existsSync(target)).toBe(false);
    },
  );

  test("a snapshot whose connection the server ends leaves no file", async () => {
    await gate.query("BEGIN; LOCK TABLE b");
    const target = get().newFile();
    const run = get().ops.run("snapshot", "wms", "dev", "-o", target, "--lock-timeout", "60");
    await get().someoneWaits();
    await get().ops.platform.asSuperuser(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portal-db snapshot' AND wait_event_type = 'Lock'",
    );
    const { status, stderr } = await run;
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: pg_dump failed: .*terminating connection/);
    expect(existsSync(target)).toBe(false);
  });
}
