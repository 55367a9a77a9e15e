import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { superuserPassword } from "../../local/servers/postgres-cluster";
import { secretsOf } from "../helpers/aws";
import { TestPlatform } from "../helpers/platform";

jest.setTimeout(180_000);

let platform: TestPlatform;

beforeAll(async () => {
  platform = await TestPlatform.make();
  platform.configure("prod", { apps: { wms: {} } });
  configureDev(1);
  await platform.startPostgres();
});

afterAll(() => platform.remove());

const configureDev = (credential: number) =>
  platform.configure("dev", { apps: { wms: { credential } }, environments: ["dev"] });

const serverLog = () => readFileSync(resolve(platform.places.clusterDir, "postgres.log"), "utf8");

/** Which statements that succeed the server logs, from now on: a reload comes some time after it was asked for. */
async function logStatements(which: "all" | "none"): Promise<void> {
  await platform.asSuperuser(`ALTER SYSTEM SET log_statement = '${which}'`, "postgres");
  let now: unknown;
  while (now !== which) {
    await platform.asSuperuser("SELECT pg_reload_conf()", "postgres");
    now = (await platform.asSuperuser("SHOW log_statement", "postgres"))[0]?.log_statement;
  }
}

/** Every password that there is: of each secret, and the superuser's. */
async function passwords(): Promise<string[]> {
  const secrets = secretsOf(platform);
  const found = [superuserPassword(platform.places)];
  const { SecretList = [] } = await secrets.listSecrets({});
  expect(SecretList.map(({ Name }) => Name).sort()).toEqual([
    "portal-db/admin",
    "portal-db/dev-admin",
    "portal-db/dev/wms",
    "portal-db/master",
    "portal-db/prod/wms",
  ]);
  for (const { Name } of SecretList) {
    const { SecretString } = await secrets.getSecretValue({ SecretId: Name });
    found.push(String((JSON.parse(SecretString ?? "{}") as Record<string, unknown>).password));
  }
  for (const password of found) expect(password.length).toBeGreaterThanOrEqual(32);
  return found;
}

async function expectNoPasswordIn(log: string): Promise<void> {
  for (const password of await passwords()) expect(log).not.toContain(password);
}

test("no password is in the server's log, even where the server logs every statement", async () => {
  await logStatements("all");
  await platform.succeed("up");
  const log = serverLog();
  for (const role of [
    "ecomos_admin",
    "portal_db_admin",
    "portal_db_dev_admin",
    "portal_wms",
    "portal_wms_dev",
  ])
    expect(log).toMatch(new RegExp(`CREATE ROLE "${role}" .*PASSWORD '`));
  await expectNoPasswordIn(log);
});

test("a password that the server refuses to set is not in its log, which holds the statement as Postgres ships it", async () => {
  await logStatements("none");
  expect(
    await platform.asSuperuser(
      `SELECT name, setting FROM pg_settings WHERE setting IS DISTINCT FROM boot_val
         AND name IN ('log_statement', 'log_min_error_statement', 'log_min_messages', 'log_error_verbosity')`,
    ),
  ).toEqual([]);
  const before = serverLog().length;
  await platform.asSuperuser("REVOKE ADMIN OPTION FOR portal_wms_dev FROM portal_db_dev_admin");
  configureDev(3);
  const { status, stderr } = await platform.run(["up", "--stack", "dev"]);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: "error: postgresql:index/role:Role wms-dev-login failed: permission denied to alter role\n",
  });
  expect(serverLog().slice(before)).toMatch(/STATEMENT: {2}ALTER ROLE "portal_wms_dev" WITH .*PASSWORD '/);
  // The next run sets the very password that was refused, so that its secret has it.
  await platform.asSuperuser(
    "GRANT portal_wms_dev TO portal_db_dev_admin WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
  );
  await platform.succeed("up", "--stack", "dev");
  await expectNoPasswordIn(serverLog().slice(before));
});
