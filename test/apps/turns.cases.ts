import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "pg";
import { beganAt } from "../../local/servers/processes";
import { endOf } from "../helpers/process";
import type { Deployed } from "./deploy.cases";
import { APPS, type App, appEndOf } from "./workspace";

const SCRIPT = resolve(__dirname, "../../examples/migrate-deploy.sh");
/** What Prisma locks, whichever schema it migrates. */
const LOCK = "SELECT pg_advisory_lock(72707369)";

const NAME = "20251001000000_turn";

/** Apps that deploy at once. */
export function turnCases(get: () => Deployed): void {
  test("all four at once wait for their turn behind a long migration, and finish; one that is not told to gives up", async () => {
    const holder = new Client({ connectionString: await get().workspace.url("wms", "prod") });
    await holder.connect();
    await holder.query(LOCK);
    const deploy = async (app: App, environment: string, before: readonly string[]) => {
      get().workspace.migration(app, NAME, 'CREATE TABLE "Turn" ("id" INTEGER NOT NULL);\n');
      const env = { DATABASE_URL: await get().workspace.url(app, environment) };
      return get().workspace.start(app, env, before, ["deploy"]);
    };
    const waiting = await Promise.all(APPS.map((app) => deploy(app, "ci", ["sh", SCRIPT])));
    const unwarned = await deploy("website", "dev", []);
    const ended = [...waiting, unwarned].map(appEndOf);
    await Promise.all(waiting.map((child) => once(child.stderr, "data")));
    const refused = await ended.pop();
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(/P1002[\s\S]*72707369/) });
    await holder.end();
    for (const finished of await Promise.all(ended)) {
      expect(finished).toEqual({
        status: 0,
        stderr: expect.stringMatching(
          /^(Error: P1002[\s\S]*?advisory lock[\s\S]*?\nanother app is migrating: trying again, for \d+ s at most\n)+$/,
        ),
        stdout: expect.anything(),
        results: [[NAME]],
      });
    }
    for (const app of APPS) get().workspace.migration(app, NAME, undefined);
  });

  const play = (program: string, env: Readonly<Record<string, string>> = {}) => {
    const { PATH = "" } = process.env;
    return spawn("sh", [SCRIPT, "sh", "-c", program], { env: { PATH, ...env } });
  };

  test("what is no lock ends at once, with the command's own words and status", async () => {
    const ended = await endOf(play("echo said; echo P3009 >&2; exit 7"));
    expect(ended).toEqual({ status: 7, stdout: "said\n", stderr: "P3009\n" });
    // It is an error where the command says it, on standard error alone.
    const told = await endOf(play("echo 'P1002 advisory lock'; exit 1"));
    expect(told).toEqual({ status: 1, stdout: "P1002 advisory lock\n", stderr: "" });
  });

  test("a wait that is over ends with the lock's own words, and what to do", async () => {
    const late = await endOf(play("echo 'P1002 advisory lock' >&2; exit 3", { MIGRATE_WAIT_SECONDS: "0" }));
    expect(late).toEqual({
      status: 3,
      stdout: "",
      stderr:
        "P1002 advisory lock\ngave up after 0 s: end the session that holds the lock, or run this again\n",
    });
  });

  test("a command's output comes while it runs, and nothing is left of it", async () => {
    const kept = resolve(get().platform.dir, "kept");
    mkdirSync(kept);
    const child = play("echo begun; echo warned >&2; cat", { TMPDIR: kept });
    const [[out], [err]] = await Promise.all([once(child.stdout, "data"), once(child.stderr, "data")]);
    expect([String(out), String(err)]).toEqual(["begun\n", "warned\n"]);
    const ended = endOf(child);
    child.stdin.end("ended\n");
    expect(await ended).toEqual({ status: 0, stdout: "ended\n", stderr: "" });
    expect(readdirSync(kept)).toEqual([]);
  });

  test("a stop reaches the command at once, and its status is the end", async () => {
    const child = play("trap 'exit 9' TERM; echo begun; while :; do sleep 0.1; done");
    await once(child.stdout, "data");
    const ended = endOf(child);
    child.kill("SIGTERM");
    expect(await ended).toEqual({ status: 9, stdout: "", stderr: "" });
  });

  test("a stop reaches what the command has started, too: npx ends without it", async () => {
    const child = play("sh -c 'echo $$; while :; do sleep 0.1; done' & wait");
    const [pid] = (await once(child.stdout, "data")) as [Buffer];
    const ended = endOf(child);
    child.kill("SIGTERM");
    // Its output ends with the last of those that write to it.
    expect(await ended).toMatchObject({ status: 143, stdout: "" });
    expect(beganAt(Number(pid))).toBeUndefined();
  });

  test("a wrong number of seconds is named, and runs nothing", async () => {
    expect(await endOf(play("echo run", { MIGRATE_WAIT_SECONDS: "abc" }))).toEqual({
      status: 64,
      stdout: "",
      stderr: "error: MIGRATE_WAIT_SECONDS is abc: set it to a number of seconds, such as 600\n",
    });
  });

  test.each([
    ["of the one that waits is tried again", "deadlock detected", /gave up after 0 s/],
    ["of a migration itself is not", "P3018 deadlock detected", /^P3018 deadlock detected\n$/],
  ])("a deadlock %s", async (_what, said, stderr) => {
    const ended = await endOf(play(`echo '${said}' >&2; exit 4`, { MIGRATE_WAIT_SECONDS: "0" }));
    expect(ended).toEqual({ status: 4, stdout: "", stderr: expect.stringMatching(stderr) });
  });

  test("where nothing can be kept it says so, and runs nothing", async () => {
    const { status, stdout, stderr } = await endOf(play("echo run", { TMPDIR: "/nowhere" }));
    expect({ status, stdout, said: stderr.includes("/nowhere") }).toEqual({
      status: 1,
      stdout: "",
      said: true,
    });
  });
}
