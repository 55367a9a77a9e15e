import { type OpsPlatform, startOps } from "../helpers/ops-platform";
import { endOf } from "../helpers/process";

const TABLES =
  "SELECT count(*)::int AS n FROM pg_class WHERE relnamespace = 'wms_dev'::regnamespace AND relkind = 'r'";

/** Waits until some session waits for a lock. */
async function someoneWaits(ops: OpsPlatform): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const rows = await ops.platform.asSuperuser("SELECT FROM pg_locks WHERE NOT granted");
    if (rows.length > 0) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("nobody waits for a lock");
}

/** `reset` while others are at work. */
export function resetLockCases(get: () => OpsPlatform): void {
  beforeAll(async () => {
    await get().query(
      "wms",
      "dev",
      "CREATE TABLE a (id int); CREATE TABLE b (id int); INSERT INTO a VALUES (1)",
    );
  });

  test("a lock that another session holds is an error that names its pid and application; nothing is lost", async () => {
    const other = await get().connect("wms", "dev", "api of wms");
    await other.query("BEGIN; SELECT * FROM b");
    const { rows } = await other.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const { status, stderr } = await get().run("reset", "wms", "dev", "--yes", "--lock-timeout", "1");
    await other.end();
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        "^error: another session holds a lock in wms_dev, nothing was changed: " +
          `pid ${rows[0]?.pid} \\(portal_wms_dev, application "api of wms", since [^)]+\\) on b\\. End it, or try again later$`,
      ),
    );
    expect(await get().query("wms", "dev", TABLES)).toEqual([{ n: 2 }]);
  });

  test("killed halfway, it has changed nothing; a second one meanwhile is refused", async () => {
    const other = await get().connect("wms", "dev");
    await other.query("BEGIN; SELECT * FROM b");
    const child = startOps(["reset", "wms", "dev", "--yes", "--lock-timeout", "60", ...get().where]);
    const ended = endOf(child);
    await someoneWaits(get());
    const second = await get().run("reset", "wms", "dev", "--yes");
    expect(second.stderr).toBe("error: another command is at work on wms_dev: wait until it is done");
    child.kill("SIGKILL");
    expect((await ended).status).toBe(null);
    await other.query("COMMIT");
    await other.end();
    expect(await get().query("wms", "dev", "SELECT id FROM a")).toEqual([{ id: 1 }]);
    expect(await get().query("wms", "dev", TABLES)).toEqual([{ n: 2 }]);
  });

  test("when the server ends its connection, it says so and has changed nothing", async () => {
    const other = await get().connect("wms", "dev");
    await other.query("BEGIN; SELECT * FROM b");
    const run = get().run("reset", "wms", "dev", "--yes", "--lock-timeout", "60");
    await someoneWaits(get());
    await get().platform.asSuperuser(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portal-db reset'",
    );
    expect((await run).stderr).toMatch(/^error: the connection was lost \(.*\); nothing was changed$/);
    await other.end();
    expect(await get().query("wms", "dev", TABLES)).toEqual([{ n: 2 }]);
    expect((await get().run("reset", "wms", "dev", "--yes")).status).toBe(0);
  });
}
