import { readFileSync, writeFileSync } from "node:fs";
import { refusalOf } from "../helpers/query";
import { catalogOf, secretTextsOf, secretUrlOf } from "./left";
import { EngineProject } from "./project";

const READ = { reader: true };
const APPS = { auth: READ, wms: READ };
const END = "2099-01-31";
const PEOPLE = {
  anna: { reads: ["wms", "auth"], until: END },
  bob: { reads: ["auth", "wms"], until: END },
  cleo: { reads: ["wms", "auth"], until: END },
};

let project: EngineProject;

/** Deploys dev with these apps and people. */
async function deploy(apps: object, people: object) {
  project.platform.configure("dev", { apps, people });
  const counts = await project.up("dev");
  expect(await project.changes("dev", "--refresh")).toEqual([]);
  return counts;
}

beforeAll(async () => {
  project = await EngineProject.make();
  for (const stack of ["prod", "dev"]) project.platform.configure(stack, { apps: APPS });
  project.platform.configure("dev", { environments: ["dev"], tools: {} });
  await project.up("prod");
});

afterAll(() => project?.remove());

// One story, told in order: what the provider's locks of readers and their members allow.
test("apps and people come in one deploy, and neither a preview nor a refresh finds a change", async () => {
  expect(await deploy(APPS, PEOPLE)).toEqual({ created: 57 });
});

test("a date without quotes is the CLI's to read, and the same", async () => {
  const file = project.platform.file("dev");
  const text = readFileSync(file, "utf8");
  expect(text).toContain(`until: ${END}`);
  writeFileSync(file, text.replaceAll(`until: ${END}`, `until: '${END}'`));
  expect(await project.changes("dev")).toEqual([]);
});

test("an end is compared as the provider's session shows it: where that is not in UTC, each is a change", async () => {
  await project.platform.asSuperuser("ALTER DATABASE portal_db SET timezone TO 'Asia/Tokyo'");
  const ends = Object.keys(PEOPLE).map((name) => `update person-${name}-dev-login`);
  expect((await project.changes("dev", "--refresh")).sort()).toEqual(ends);
  await project.platform.asSuperuser("ALTER DATABASE portal_db RESET timezone");
  expect(await project.changes("dev", "--refresh")).toEqual([]);
});

test("a person comes, an app with a reader comes, an end is extended", async () => {
  const four = { ...PEOPLE, dora: { reads: ["wms"], until: END } };
  expect(await deploy(APPS, four)).toEqual({ created: 7, unchanged: 57 });
  const three = { ...APPS, billing: READ };
  const reading = { ...four, anna: { ...PEOPLE.anna, reads: ["wms", "auth", "billing"] } };
  expect(await deploy(three, reading)).toEqual({ created: 16, updated: 1 });
  const later = {
    ...reading,
    bob: { ...PEOPLE.bob, until: "2099-03-31" },
    cleo: { ...PEOPLE.cleo, until: "2099-03-31" },
  };
  expect(await deploy(three, later)).toEqual({ updated: 2, unchanged: 78 });
});

test("an app that is read goes together with its entries, and a person with it", async () => {
  const url = await secretUrlOf(project.platform, "dev", "people/anna");
  const app = await secretUrlOf(project.platform, "dev", "wms");
  await project.platform.asApp(app, "CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)");
  expect(await project.platform.asApp(url, "SELECT id FROM orders")).toEqual([{ id: 1 }]);
  const only = { anna: { reads: ["auth"], until: END }, bob: { reads: ["auth"], until: END } };
  await deploy({ auth: READ }, only);
  expect(await refusalOf(project.platform.asApp(url, "SELECT 1 FROM wms_dev.orders"))).toBe("42P01");
});

test("who read every app, with apps that go and come in one deploy", async () => {
  await deploy(
    { billing: READ, wms: READ, crm: READ },
    {
      anna: { reads: ["billing", "crm"], until: END },
      cleo: { reads: ["crm", "wms", "billing"], until: END },
    },
  );
  await deploy(APPS, PEOPLE);
});

test("a destroy leaves nothing of them, also where somebody is in", async () => {
  await project.destroy("dev");
  const left = await project.platform.asSuperuser(
    "SELECT rolname AS name FROM pg_roles WHERE rolname ~ '_dev|^person|^tool' ORDER BY 1",
  );
  expect(left).toEqual([{ name: "portal_db_dev_admin" }]);
  const names = [...(await secretTextsOf(project.platform)).keys()];
  expect(names.filter((name) => name.includes("/people/"))).toEqual([]);
  expect(Object.keys(await catalogOf(project.platform)).length).toBeGreaterThan(0);
});
