import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { Client } from "pg";
import { endOf } from "./app-ended";
import type { Deployed } from "./deploy.cases";
import { APPS } from "./workspace";

const SCRIPT = resolve(__dirname, "../../examples/migrate-deploy.sh");
/** What Prisma locks, whichever schema it migrates. */
const LOCK = "SELECT pg_advisory_lock(72707369)";

/** Apps that deploy at once. */
export function turnCases(get: () => Deployed): void {
  test("all four at once wait for their turn behind a long migration, and finish", async () => {
    const holder = new Client({ connectionString: await get().workspace.url("wms", "prod") });
    await holder.connect();
    await holder.query(LOCK);
    const urls = await Promise.all(APPS.map((app) => get().workspace.url(app, "ci")));
    const waiting: Promise<void>[] = [];
    const children = APPS.map((app, index) => {
      get().workspace.migration(app, "20251001000000_turn", 'CREATE TABLE "Turn" ("id" INTEGER NOT NULL);\n');
      const env = { DATABASE_URL: urls[index] ?? "" };
      // One without the script, as it would be deployed unwarned.
      const child = get().workspace.start(app, env, app === "website" ? [] : ["sh", SCRIPT], ["deploy"]);
      waiting.push(new Promise((done) => child.stderr?.once("data", () => done())));
      return endOf(child);
    });
    await Promise.all(waiting);
    await holder.end();
    const [auth, wms, xplan, website] = await Promise.all(children);
    for (const ended of [auth, wms, xplan]) {
      expect(ended).toEqual({
        status: 0,
        stderr: expect.stringMatching(/^(another app is migrating: waiting for its lock\n)+$/),
        stdout: expect.anything(),
        results: [["20251001000000_turn"]],
      });
    }
    expect(website).toMatchObject({ status: 1, stderr: expect.stringMatching(/P1002[\s\S]*72707369/) });
    for (const app of APPS) get().workspace.migration(app, "20251001000000_turn", undefined);
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
