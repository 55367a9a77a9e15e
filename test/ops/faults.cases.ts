import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { secretsOf } from "../helpers/aws";
import { type OpsPlatform, startOps } from "../helpers/ops-platform";
import { endOf } from "../helpers/process";

/** What goes wrong around the commands; each is one line, without a secret, and not 0. */
export function faultCases(get: () => OpsPlatform): void {
  test.each([
    [
      ["reset", "wms'; DROP SCHEMA wms_dev; --", "dev", "--yes"],
      /^error: bad app "wms'; DROP SCHEMA wms_dev; --": use lower-case/,
    ],
    [["reset", "wms", 'dev" CASCADE', "--yes"], /^error: bad environment "dev\\" CASCADE": use lower-case/],
    [["reset", "wms", "xprod_prod", "--yes"], /only the prod stack names prod schemas/],
    [
      ["reset", "wms", "dev", "--stack", "prod", "--yes"],
      /^error: stack prod has no environment dev: leave --stack out; see npm run ops -- reset --help$/,
    ],
    [["reset", "wms", "--yes"], /^error: usage: reset <app> <environment>/],
    [
      ["reset", "wms", "dev", "--force"],
      /^error: Unknown option '--force'; see npm run ops -- reset --help$/,
    ],
    [["reset", "wms", "dev", "--lock-timeout", "1;2"], /must be a whole number from 1 to 3600/],
    [["env", "fcc", "dev"], /^error: there is no secret portal-db\/dev\/fcc on the local platform/],
    [["env", "wms", "dev", "--endpoint", "nowhere"], /^error: --endpoint must be host:port/],
    [
      ["reset", "wms", "dev", "--endpoint", "localhost:1", "--yes"],
      /^error: no connection to localhost:1\/portal_db \(ECONNREFUSED\)/,
    ],
    [
      ["purge", "wms", "prod", "--file", "/nowhere/delete.sql", "--yes"],
      /^error: \/nowhere\/delete\.sql cannot be read \(ENOENT\)$/,
    ],
  ])("%j", async (args, message) => {
    const { status, stderr } = await get().run(...args);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("\n");
  });

  test("a password that is not the server's is said without it", async () => {
    await get().platform.asSuperuser("ALTER ROLE portal_auth_dev PASSWORD 'another'");
    const { status, stderr } = await get().run("reset", "auth", "dev", "--yes");
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: localhost:\d+\/portal_db refuses portal_auth_dev: the password in the secret is not the server's; npm run ops -- repair dev$/,
    );
  });

  test("a secret that is another app's, or broken, opens nothing", async () => {
    const client = secretsOf(get().platform);
    const wms = await client.getSecretValue({ SecretId: "portal-db/prod/wms" });
    for (const SecretString of [wms.SecretString ?? "", "not JSON", '{"schema":"auth_dev"}', "null"]) {
      await client.putSecretValue({ SecretId: "portal-db/dev/auth", SecretString });
      const { status, stderr } = await get().run("reset", "auth", "dev", "--yes");
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: "error: the secret portal-db/dev/auth is not what stack dev writes: deploy it again",
      });
    }
  });

  test("a platform that is stopped, or something else in its file, never means AWS", async () => {
    const file = resolve(get().platform.dir, "platform.json");
    const run = (text: string) => {
      writeFileSync(file, text);
      return endOf(startOps(["env", "wms", "dev", "--platform", file]));
    };
    const elsewhere = JSON.stringify({
      aws: { endpoint: "https://secretsmanager.us-east-1.amazonaws.com", region: "us-east-1" },
    });
    for (const text of ["{", elsewhere])
      expect((await run(text)).stderr).toMatch(/is not what the local platform writes/);
    const stopped = JSON.stringify({ aws: { endpoint: "http://127.0.0.1:1", region: "us-east-1" } });
    expect((await run(stopped)).stderr).toMatch(
      /nothing answers at http:\/\/127\.0\.0\.1:1: start it with npm run local\n$/,
    );
  });

  test("the command itself prints one line for a mistake, and its usage when asked", async () => {
    expect(await endOf(startOps(["nonsense"]))).toEqual({
      status: 64,
      stdout: "",
      stderr: expect.stringMatching(
        /^error: unknown command "nonsense": use one of preview, review, verify, .*; see npm run ops -- --help\n$/,
      ),
    });
    const help = await endOf(startOps(["reset", "--help"]));
    expect(help).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("npm run ops -- reset <app> dev|ci|pr_N"),
    });
  });
}
