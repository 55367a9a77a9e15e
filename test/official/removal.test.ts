import { execFileSync } from "node:child_process";
import { secretsOf } from "../helpers/aws";
import { asAdmin, blockOf, blocksOf } from "../helpers/runbook";
import { catalogOf, secretUrlOf } from "./left";
import { EngineProject } from "./project";

const WITH = { auth: {}, wms: {} };
const WITHOUT = { auth: {} };
const SECRET = "portal-db/prod/wms";

let project: EngineProject;
let before: Awaited<ReturnType<typeof catalogOf>>;

beforeAll(async () => {
  project = await EngineProject.make();
  project.platform.configure("prod", { apps: WITH });
  await project.up("prod");
  await asApp("CREATE TABLE orders (id int); INSERT INTO orders VALUES (7)");
  before = await catalogOf(project.platform);
});

afterAll(() => project?.remove());

/** Runs SQL with what the app's secret says now. */
async function asApp(sql: string) {
  return project.platform.asApp(await secretUrlOf(project.platform, "prod", "wms"), sql);
}

/** The runbook's two lines: what is protected of the app, and the protection off it. */
async function unprotect(): Promise<void> {
  const [, program = ""] = /jq -r '([^']+)'/.exec(blocksOf("Remove an app", "sh")[0] ?? "") ?? [];
  const input = await project.succeed("stack", "export", "--stack", "prod");
  const urns = execFileSync("jq", ["-r", program], { input, encoding: "utf8" }).trim().split("\n");
  expect(urns.map((urn) => urn.split("::").at(-1)).sort()).toEqual([
    "wms-prod-login",
    "wms-prod-owner",
    "wms-prod-schema",
    "wms-prod-secret",
  ]);
  await project.succeed("state", "unprotect", "--yes", "--stack", "prod", ...urns);
}

/** A deploy with a preview, as people type it. */
async function stopped(apps: object): Promise<string> {
  project.platform.configure("prod", { apps });
  const { status, stdout, stderr } = await project.run("up", "--yes", "--stack", "prod");
  expect(status).not.toBe(0);
  return stdout + stderr;
}

/** The app works, has its rights, and is protected. */
async function isWhole(): Promise<void> {
  expect(await asApp("SELECT id FROM orders")).toEqual([{ id: 7 }]);
  expect(await catalogOf(project.platform)).toEqual(before);
  expect(await stopped(WITHOUT)).toMatch(/::wms-prod-secret" cannot be deleted\s+because it is protected/);
  project.platform.configure("prod", { apps: WITH });
  expect(await project.changes("prod")).toEqual([]);
}

/** Puts the line back once the secret is marked as deleted, as the runbook says. */
async function comesBack(): Promise<void> {
  expect(await stopped(WITH)).toMatch(/wms-prod-secret/);
  const { ARN = "" } = await secretsOf(project.platform).restoreSecret({ SecretId: SECRET });
  const block = blocksOf("Remove an app", "sh").at(-1) ?? "";
  const [, type = "", name = "", parent = ""] =
    /import .* (\S+) (\S+) "\$arn" \\\n\s+--parent wms='([^']+)'/.exec(block) ?? [];
  await project.succeed(
    "import",
    "--yes",
    "--stack",
    "prod",
    "--generate-code=false",
    type,
    name,
    ARN,
    "--parent",
    `wms=${parent}`,
  );
  await project.up("prod");
}

test("the preview of an added app whose login existed before creates what is the app's, and changes nothing else", async () => {
  const { platform } = project;
  await platform.asSuperuser(
    "SET ROLE ecomos_admin; CREATE ROLE portal_shop LOGIN PASSWORD 'Present1'",
    "postgres",
  );
  platform.configure("prod", { apps: { ...WITH, shop: {} } });
  await project.setSecret("prod", "portal-db:adoptedLogins.shop_prod", "Present1");
  const changes = await project.changes("prod");
  platform.configure("prod", { apps: WITH, adoptedLogins: undefined });
  await platform.asSuperuser("DROP ROLE portal_shop", "postgres");
  expect([...changes].sort()).toEqual([
    "create deployers-shop-prod-login",
    "create shop-prod",
    "create shop-prod-login-connect",
    "create shop-prod-owner",
    "create shop-prod-owner-schema",
    "create shop-prod-schema",
    "create shop-prod-secret",
    "create shop-prod-secret-read",
    "create shop-prod-secret-value",
    "import shop-prod-login",
    "update shop-prod-login",
  ]);
});

// One story, told in order.
test("whoever changes their mind before the up deploys, and everything is protected again", async () => {
  await unprotect();
  project.platform.configure("prod", { apps: WITHOUT });
  expect(new Set((await project.changes("prod")).map((change) => change.split(" ")[0]))).toEqual(
    new Set(["delete"]),
  );
  project.platform.configure("prod", { apps: WITH });
  await project.up("prod");
  await isWhole();
});

test("an up that stopped at the schema is taken back, with its tables", async () => {
  await unprotect();
  expect(await stopped(WITHOUT)).toMatch(/cannot drop schema wms_prod/);
  await comesBack();
  await isWhole();
});

test("a removal that went through leaves nothing of the app, and is taken back, too", async () => {
  await unprotect();
  await asAdmin(project.platform, blockOf("Remove an app"));
  project.platform.configure("prod", { apps: WITHOUT });
  await project.up("prod");
  expect(
    await project.platform.asSuperuser(
      "SELECT rolname FROM pg_roles WHERE rolname ~ '^(portal_wms|wms_prod.*)$'",
    ),
  ).toEqual([]);
  await comesBack();
  await asApp("CREATE TABLE orders (id int); INSERT INTO orders VALUES (7)");
  await isWhole();
});
