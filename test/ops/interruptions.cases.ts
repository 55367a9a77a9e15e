import { type ChildProcess, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type { Client } from "pg";
import { until } from "../../local/servers/processes";
import { answerOps, type OpsPlatform, startOps } from "../helpers/ops-platform";
import { type Ended, endOf } from "../helpers/process";
import { SlowWay } from "../helpers/slow-way";

/** What a person is told who ends a command, and what the server does then. */
export function interruptionCases(get: () => OpsPlatform): void {
  const ROWS = "SELECT id FROM kept ORDER BY 1";
  const ALL = [{ id: 1 }, { id: 2 }];
  let gate: Client;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "portal-db-interrupt-"));
    await get().query(
      ...(["wms", "dev"] as const),
      `CREATE TABLE kept (id int); INSERT INTO kept VALUES (1), (2);
       CREATE TABLE slow (id int); INSERT INTO slow VALUES (1);
       CREATE FUNCTION waits() RETURNS trigger LANGUAGE plpgsql AS
         'BEGIN PERFORM pg_advisory_xact_lock(77); RETURN NULL; END';
       CREATE CONSTRAINT TRIGGER late AFTER DELETE ON slow DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION waits()`,
    );
    gate = await get().connect("wms", "dev");
  });

  afterAll(async () => {
    await gate.end();
    await get().query("wms", "dev", "DROP TABLE kept, slow; DROP FUNCTION waits");
    rmSync(folder, { recursive: true });
  });

  afterEach(() => gate.query("ROLLBACK; SELECT pg_advisory_unlock_all()"));

  const sessions = (where: string) =>
    get().platform.asSuperuser(
      `SELECT FROM pg_stat_activity WHERE application_name ~ '^portal-db ' AND ${where}`,
    );
  const waits = async () =>
    expect(await until(10_000, async () => (await sessions("wait_event_type = 'Lock'")).length > 0)).toBe(
      true,
    );
  /** The server has heard of it, though the lock that the statement waits for is still held. */
  const isGone = async () =>
    expect(await until(10_000, async () => (await sessions("true")).length === 0)).toBe(true);

  const purge = (sql: string): string[] => {
    const file = resolve(folder, "delete.sql");
    writeFileSync(file, sql);
    return ["purge", "wms", "dev", "--file", file, "--lock-timeout", "60", ...get().where];
  };

  /** Ends a command that waits for a lock. */
  const endedBy = async (signal: NodeJS.Signals, args: readonly string[]): Promise<Ended> => {
    const child = startOps(args);
    const ended = endOf(child);
    await waits();
    child.kill(signal);
    const how = await ended;
    await isGone();
    return how;
  };

  const TAKEN_BACK = "rolled back: nothing was changed";

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "a purge and a reset that %s ends say that all was taken back, and hold no lock any more",
    async (signal) => {
      await gate.query("BEGIN; LOCK TABLE slow");
      const told = { status: 1, stderr: `error: ended by ${signal}; ${TAKEN_BACK}\n` };
      expect(await endedBy(signal, [...purge(statements), "--yes"])).toMatchObject(told);
      const reset = ["reset", "wms", "dev", "--yes", "--lock-timeout", "60", ...get().where];
      expect(await endedBy(signal, reset)).toMatchObject(told);
      await gate.query("ROLLBACK");
      expect(await get().query("wms", "dev", ROWS)).toEqual(ALL);
    },
  );

  /** Ends a command that waits for a lock where its cancel gets nowhere; what comes then is the work's. */
  const endedOnSlowWay = async (
    args: readonly string[],
    work: (child: ChildProcess) => Promise<void>,
  ): Promise<Ended> => {
    const way = await SlowWay.open(get().platform.port);
    try {
      const child = startOps([...args, "--yes", "--endpoint", way.endpoint]);
      const ended = endOf(child);
      await waits();
      way.closeToOthers();
      child.kill("SIGINT");
      expect(await until(10_000, () => way.waiting > 0)).toBe(true);
      await work(child);
      return await ended;
    } finally {
      way.end();
    }
  };

  const statements = "DELETE FROM kept WHERE id = 1; DELETE FROM slow WHERE true";

  test("what was said to be taken back does not happen when the lock comes before the cancel", async () => {
    await gate.query("BEGIN; LOCK TABLE slow");
    const ended = await endedOnSlowWay(purge(statements), async () => {
      await gate.query("ROLLBACK");
      await isGone();
    });
    expect(ended.stdout).not.toContain("Committed");
    expect(ended).toMatchObject({ status: 1, stderr: `error: ended by SIGINT; ${TAKEN_BACK}\n` });
    expect(await get().query("wms", "dev", ROWS)).toEqual(ALL);
  });

  test("a second Ctrl-C does not wait for the cancel, and is told the same", async () => {
    await gate.query("BEGIN; LOCK TABLE slow");
    const ended = await endedOnSlowWay(purge(statements), async (child) => {
      const first = Date.now();
      // What comes within half a second is the same Ctrl-C.
      await until(1000, () => Date.now() - first > 550);
      child.kill("SIGINT");
    });
    expect(ended).toMatchObject({ status: 1, stderr: `error: ended by SIGINT; ${TAKEN_BACK}\n` });
    await gate.query("ROLLBACK");
    await isGone();
    expect(await get().query("wms", "dev", ROWS)).toEqual(ALL);
  });

  test("Ctrl-C and the input's end at the question are answers, too: all is taken back", async () => {
    const args = purge("DELETE FROM kept WHERE true");
    const ended = await answerOps(args, "\x03");
    expect([ended.status, ended.stdout.trim().split("\r\n").at(-1)]).toEqual([
      1,
      `error: ended by SIGINT; ${TAKEN_BACK}`,
    ]);
    const closed = await answerOps(args, "\x04");
    expect([closed.status, closed.stdout.trim().split("\r\n").at(-1)]).toEqual([
      1,
      "Rolled back: nothing was changed",
    ]);
    expect(await get().query("wms", "dev", ROWS)).toEqual(ALL);
  });

  test("what is being committed goes on to its end, and the status says that it was done", async () => {
    await gate.query("SELECT pg_advisory_lock(77)");
    const child = startOps([...purge("DELETE FROM slow WHERE true"), "--yes"]);
    const ended = endOf(child);
    await waits();
    const told = new Promise<string>((done) => child.stderr?.once("data", (chunk) => done(String(chunk))));
    child.kill("SIGINT");
    expect(await told).toBe("SIGINT comes too late: it is being committed\n");
    await gate.query("SELECT pg_advisory_unlock_all()");
    const { status, stdout } = await ended;
    expect([status, stdout.trim().split("\n").at(-1)]).toEqual([0, "Committed"]);
    expect(await get().query("wms", "dev", "SELECT FROM slow")).toEqual([]);
  });

  test("a repair that is ended has changed nothing, also of what it had repaired already", async () => {
    const strange = `SELECT has_schema_privilege('portal_auth_dev', 'wms_dev', 'USAGE') AS blocked,
      has_schema_privilege('portal_wms_dev', 'auth_dev', 'USAGE') AS first`;
    const grant = (sql: string) => get().platform.asSuperuser(`SET ROLE portal_db_dev_admin; ${sql}`);
    await grant("GRANT USAGE ON SCHEMA wms_dev TO portal_auth_dev");
    await grant("GRANT USAGE ON SCHEMA auth_dev TO portal_wms_dev");
    // Another session changes the schema's rights, too, and does not end.
    await gate.query("SELECT pg_advisory_lock(77)");
    const other = get().platform.asSuperuser(
      "BEGIN; GRANT USAGE ON SCHEMA wms_dev TO wms_prod_owner; SELECT pg_advisory_lock(77); ROLLBACK",
    );
    const advisory = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    const isHeld = async () => (await get().platform.asSuperuser(advisory)).length > 0;
    expect(await until(10_000, isHeld)).toBe(true);
    const ended = await endedOnSlowWay(["repair", "dev", ...get().where], async () => {
      await gate.query("SELECT pg_advisory_unlock_all()");
      await other;
      await isGone();
    });
    expect(ended).toMatchObject({ status: 1, stderr: `error: ended by SIGINT; ${TAKEN_BACK}\n` });
    expect(await get().platform.asSuperuser(strange)).toEqual([{ blocked: true, first: true }]);
    await grant("REVOKE USAGE ON SCHEMA wms_dev FROM portal_auth_dev");
    await grant("REVOKE USAGE ON SCHEMA auth_dev FROM portal_wms_dev");
  });

  describe("recover", () => {
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
    const calls = (): string =>
      existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "";
    const urn = "urn:pulumi:dev::portal-db::postgresql:index/role:Role::late-dev-owner";
    const role = {
      urn,
      custom: true,
      type: "postgresql:index/role:Role",
      inputs: { name: "late_dev_owner" },
    };
    const pending_operations = [{ type: "creating", resource: role }];

    /** Starts it, and ends it when the CLI is at a command, which goes on then. */
    const endedAt = async (command: string) => {
      const pipe = join(folder, `gate ${command}`);
      execFileSync("mkfifo", [pipe]);
      rmSync(join(folder, "calls"), { force: true });
      const env = { PATH: [folder, process.env.PATH].join(delimiter), PORTAL_DB_FAKE: folder };
      const child = startOps(["recover", "dev", "--yes", ...get().where], env);
      const ended = endOf(child);
      expect(await until(10_000, () => calls().includes(`${command}\n`) || undefined)).toBe(true);
      child.kill("SIGINT");
      writeFileSync(pipe, "on");
      rmSync(pipe);
      return ended;
    };

    beforeAll(() => {
      symlinkSync(join(__dirname, "recover/fake-pulumi.js"), join(folder, "pulumi"));
      write("backend", JSON.stringify({ url: "s3://state/dev" }));
      write("state", JSON.stringify({ version: 3, deployment: { resources: [], pending_operations } }));
    });

    test("ended while it looks, it has changed nothing, and leaves no lock of its own", async () => {
      expect(await endedAt("stack rename dev")).toMatchObject({
        status: 1,
        stderr: "error: ended by SIGINT; lock and state were not changed\n",
      });
      expect(calls()).not.toMatch(/cancel|import/);
    });

    test("the state that is being written is written to its end", async () => {
      const { status, stdout, stderr } = await endedAt("stack import");
      expect([status, stderr]).toEqual([0, "SIGINT comes too late: the state is being written\n"]);
      expect(stdout).toContain("Done. What comes next: npx pulumi up --stack dev");
    });
  });
}
