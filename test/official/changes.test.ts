import { refusalOf } from "../helpers/query";
import { LoadClient } from "../local/load-client";
import { catalogOf, secretUrlOf } from "./left";
import { movedAppCases } from "./moved-app.cases";
import { EngineProject } from "./project";

const APPS = { auth: {}, wms: { reader: true } };
/** The same after two rotations. */
const ROTATED = { auth: {}, wms: { reader: true, credential: 3 } };
/** Logins of each client between one step and the next. */
const LOGINS_A_STEP = 10;

let project: EngineProject;

/** Deploys dev with these apps in these environments. */
async function deploy(apps: object, environments = ["dev", "ci"]) {
  project.platform.configure("dev", { apps, environments });
  return project.up("dev");
}

/** Roles and schemas of environments that are not prod. */
async function leftOf(environment: RegExp): Promise<string[]> {
  const rows = await project.platform.asSuperuser(
    "SELECT rolname AS name FROM pg_roles UNION ALL SELECT nspname FROM pg_namespace ORDER BY 1",
  );
  return rows.map(({ name }) => String(name)).filter((name) => environment.test(name));
}

beforeAll(async () => {
  project = await EngineProject.make();
  for (const stack of ["prod", "dev"]) project.platform.configure(stack, { apps: APPS });
  await project.up("prod");
  await project.up("dev");
});

afterAll(() => project?.remove());

// One story, told in order.
test("an app is added and taken away, and nothing else changes", async () => {
  const before = await catalogOf(project.platform);
  expect(await deploy({ ...APPS, billing: {} })).toEqual({ created: 20, unchanged: 56 });
  expect(await deploy(APPS)).toEqual({ deleted: 20, unchanged: 56 });
  expect(await catalogOf(project.platform)).toEqual(before);
});

test("an environment is added and taken away with the tables that were made in it", async () => {
  const before = await catalogOf(project.platform);
  expect(await deploy(APPS, ["dev", "ci", "qa"])).toEqual({ created: 26, unchanged: 56 });
  const url = await secretUrlOf(project.platform, "qa", "wms");
  await project.platform.asApp(url, "CREATE TABLE orders (id serial PRIMARY KEY)");
  expect(await deploy(APPS)).toEqual({ deleted: 26, unchanged: 56 });
  expect(await catalogOf(project.platform)).toEqual(before);
});

test("a reader is taken away from an app with tables, and given back", async () => {
  const url = await secretUrlOf(project.platform, "dev", "wms");
  await project.platform.asApp(url, "CREATE TABLE written (client text, number int)");
  const before = await catalogOf(project.platform);
  expect(await deploy({ auth: {}, wms: {} })).toEqual({ deleted: 12, unchanged: 44 });
  expect(await deploy(APPS)).toEqual({ created: 12, unchanged: 44 });
  expect(await catalogOf(project.platform)).toEqual(before);
});

test("clients with the URL before and clients that read the secret write on while the credential rotates twice", async () => {
  const current = () => secretUrlOf(project.platform, "dev", "wms");
  const urls = [await current()];
  let deployedWith = await current();
  const clients = [
    new LoadClient("holder", async () => deployedWith, 2),
    new LoadClient("reader", current, 2),
  ];
  const underLoad = () => Promise.all(clients.map((client) => client.another(LOGINS_A_STEP)));
  for (const credential of [2, 3]) {
    await underLoad();
    await deploy({ auth: {}, wms: { reader: true, credential } });
    await underLoad();
    // Whoever holds a URL has to have the next one before the rotation after that.
    deployedWith = await current();
    urls.push(deployedWith);
  }
  await underLoad();
  await Promise.all(clients.map((client) => client.stop()));
  expect(clients.map(({ failures }) => failures)).toEqual([[], []]);
  const rows = await project.platform.asApp(
    await current(),
    "SELECT client AS name, count(*)::int AS written FROM written GROUP BY client ORDER BY client",
  );
  expect(rows).toEqual(clients.map(({ name, written }) => ({ name, written })));
  const opens = urls.map((url) => refusalOf(project.platform.asApp(url, "SELECT 1")));
  expect(await Promise.all(opens)).toEqual(["28P01", undefined, undefined]);
});

test("two stacks are deployed at once, and so destroyed", async () => {
  await project.addStack("pr-42", { auth: {}, wms: {} });
  const before = await catalogOf(project.platform);
  // Two rotations have left nothing to change, either.
  expect(await Promise.all([deploy({ ...ROTATED, billing: {} }), project.up("pr-42")])).toEqual([
    { created: 20, unchanged: 62 },
    { created: 24 },
  ]);
  expect(await project.changes("pr-42")).toEqual([]);
  expect(await Promise.all([deploy(ROTATED), project.destroy("pr-42")])).toEqual([
    { deleted: 20, unchanged: 62 },
    { deleted: 24 },
  ]);
  expect(await leftOf(/_pr_42|billing/)).toEqual([]);
  expect(await catalogOf(project.platform)).toEqual(before);
});

test("dev is destroyed and deployed five times, and a destroy leaves nothing", async () => {
  for (let round = 0; round < 5; round++) {
    await project.destroy("dev");
    expect(await leftOf(/_(dev|ci)(_owner|_reader|_2)?$/)).toEqual([]);
    await project.up("dev");
    const url = await secretUrlOf(project.platform, "dev", "auth");
    await project.platform.asApp(url, "CREATE TABLE sessions (id serial PRIMARY KEY)");
  }
  expect([await project.changes("prod"), await project.changes("dev")]).toEqual([[], []]);
});

movedAppCases(() => project, deploy);
