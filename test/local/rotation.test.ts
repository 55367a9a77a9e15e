import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { Client } from "pg";
import { secretsOf } from "../helpers/aws";
import { TestPlatform } from "../helpers/platform";
import { refusalOf } from "../helpers/query";
import { LoadClient } from "./load-client";
import { movedAppCases } from "./moved-app.cases";

jest.setTimeout(180_000);

/** Logins of each client between one step and the next. */
const LOGINS_A_STEP = 10;

let platform: TestPlatform;
let secrets: SecretsManager;
/** URLs of the credentials 1, 2 and 3. */
const urls: string[] = [];

/** An app's URL, read as an app reads it. */
async function secretUrl(name: string): Promise<string> {
  const { SecretString } = await secrets.getSecretValue({ SecretId: name });
  return String((JSON.parse(SecretString ?? "{}") as Record<string, unknown>).DATABASE_URL);
}
const current = () => secretUrl("portal-db/dev/wms");

/** Deploys another credential of wms. @returns the URL in its secret */
async function rotate(credential: number): Promise<string> {
  platform.configure("dev", {
    apps: { auth: {}, wms: { connectionLimit: 40, credential } },
    environments: ["dev"],
  });
  await platform.succeed("up", "--stack", "dev");
  return current();
}

beforeAll(async () => {
  platform = await TestPlatform.make();
  platform.configure("prod", { apps: { wms: {} } });
  platform.configure("dev", { apps: { auth: {}, wms: { connectionLimit: 40 } }, environments: ["dev"] });
  await platform.succeed("up");
  secrets = secretsOf(platform);
});

afterAll(() => platform.remove());

test("clients with the URL before and clients that read the secret write on while the credential rotates twice", async () => {
  urls.push(await current());
  await platform.asApp(
    await current(),
    "CREATE TABLE written (client text, number int, login text DEFAULT session_user)",
  );
  const session = new Client({ connectionString: urls[0] });
  await session.connect();

  // Apps that keep the URL that they were deployed with, until they are deployed again.
  let deployedWith = await current();
  const holders = [1, 2, 3].map((n) => new LoadClient(`holder ${n}`, async () => deployedWith, 2));
  const readers = [1, 2, 3].map((n) => new LoadClient(`reader ${n}`, current, 2));
  const clients = [...holders, ...readers];
  const underLoad = () => Promise.all(clients.map((client) => client.another(LOGINS_A_STEP)));

  await underLoad();
  urls.push(await rotate(2));
  await underLoad();
  await platform.asApp(await current(), "CREATE TABLE made_by_the_second (id int)");
  // The contract: whoever holds the URL of 1 has to have that of 2 before 3 comes.
  deployedWith = await current();
  await underLoad();
  urls.push(await rotate(3));
  await underLoad();
  await platform.asApp(await current(), "ALTER TABLE made_by_the_second ADD COLUMN note text");
  await Promise.all(clients.map((client) => client.stop()));

  expect(clients.map(({ name, failures }) => ({ name, failures: [...new Set(failures)] }))).toEqual(
    clients.map(({ name }) => ({ name, failures: [] })),
  );
  const rows = await platform.asApp(
    await current(),
    "SELECT client AS name, count(*)::int AS written FROM written GROUP BY client ORDER BY client",
  );
  expect(rows).toEqual(clients.map(({ name, written }) => ({ name, written })));
  expect(
    await platform.asApp(
      await current(),
      "SELECT DISTINCT split_part(client, ' ', 1) AS client, login FROM written ORDER BY client, login",
    ),
  ).toEqual([
    { client: "holder", login: "portal_wms_dev" },
    { client: "holder", login: "portal_wms_dev_2" },
    { client: "reader", login: "portal_wms_dev" },
    { client: "reader", login: "portal_wms_dev_2" },
  ]);
  expect(
    await platform.asSuperuser(
      "SELECT tablename AS name, tableowner AS owner FROM pg_tables WHERE schemaname = 'wms_dev' ORDER BY 1",
    ),
  ).toEqual([
    { name: "made_by_the_second", owner: "wms_dev_owner" },
    { name: "written", owner: "wms_dev_owner" },
  ]);

  const opens = urls.map((url) => refusalOf(platform.asApp(url, "SELECT 1")));
  expect(await Promise.all(opens)).toEqual(["28P01", undefined, undefined]);
  // A rotation ends no session: what is logged in stays so, until it is ended.
  expect((await session.query("SELECT count(*)::int > 0 AS still FROM written")).rows).toEqual([
    { still: true },
  ]);
  await session.end();
});

test("a number that skips one closes every URL at once, as a leaked one should be", async () => {
  const opens = [...urls, await rotate(5)].map((url) => refusalOf(platform.asApp(url, "SELECT 1")));
  expect(await Promise.all(opens)).toEqual(["28P01", "28P01", "28P01", undefined]);
});

test("outside prod a lower number is another credential: it closes the URLs that it does not know", async () => {
  const [five, four] = [await current(), await rotate(4)];
  expect(await refusalOf(platform.asApp(five, "SELECT 1"))).toBe("28P01");
  expect(await refusalOf(platform.asApp(four, "SELECT 1"))).toBeUndefined();
  const one = await rotate(1);
  expect(await refusalOf(platform.asApp(four, "SELECT 1"))).toBe("28P01");
  expect(await refusalOf(platform.asApp(one, "SELECT 1"))).toBeUndefined();
  expect(
    await platform.asSuperuser("SELECT rolname FROM pg_roles WHERE rolname ~ '^portal_wms_dev' ORDER BY 1"),
  ).toEqual([{ rolname: "portal_wms_dev" }]);
});

movedAppCases({ platform: () => platform, secrets: () => secrets });

test("in prod a credential of 1 is refused after a rotation, and both logins stay", async () => {
  const one = await secretUrl("portal-db/prod/wms");
  platform.configure("prod", { apps: { wms: { credential: 2 } } });
  await platform.succeed("up", "--stack", "prod");
  const two = await secretUrl("portal-db/prod/wms");
  platform.configure("prod", { apps: { wms: { credential: 1 } } });
  const { status, stderr } = await platform.run(["up", "--stack", "prod"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error: these cannot be deleted because they are protected, and nothing was deleted:\n {2}\S*[$]postgresql:index\/role:Role::wms-prod-login-2\nPut/,
  );
  for (const url of [one, two]) expect(await platform.asApp(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});
