import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { Client } from "pg";
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
        stderr: expect.stringMatching(/^(another app is migrating: waiting for its lock\n)+$/),
        stdout: expect.anything(),
        results: [[NAME]],
      });
    }
    for (const app of APPS) get().workspace.migration(app, NAME, undefined);
  });

  test("what is no lock ends at once, with the command's own words and status", async () => {
    const { PATH = "" } = process.env;
    const ended = await endOf(spawn("sh", [SCRIPT, "sh", "-c", "echo P3009 >&2; exit 7"], { env: { PATH } }));
    expect(ended).toMatchObject({ status: 7, stdout: "", stderr: "P3009\n" });
    const late = await endOf(
      spawn("sh", [SCRIPT, "sh", "-c", "echo 'P1002 advisory lock'; exit 1"], {
        env: { PATH, MIGRATE_WAIT_SECONDS: "0" },
      }),
    );
    expect(late.status).toBe(1);
    expect(late.stderr).toContain("gave up after 0 s: end the session that holds the lock");
  });
}
