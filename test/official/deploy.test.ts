import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startOps } from "../helpers/ops-platform";
import { TestPlatform } from "../helpers/platform";
import { endOf } from "../helpers/process";
import { catalogOf, secretsLeft, secretTextsOf, secretUrlOf } from "./left";
import { changesIn, EngineProject } from "./project";
import { hasOfficialHost, toolsOfRun } from "./tools";

const APPS = { auth: {}, wms: { reader: true } };

let project: EngineProject;

beforeAll(async () => {
  project = await EngineProject.make();
  for (const stack of ["prod", "dev"]) project.platform.configure(stack, { apps: APPS });
});

afterAll(() => project?.remove());

/** Runs the review on a preview. */
async function review(previewJson: string) {
  const child = startOps(["review", "-"], {}, "pipe");
  child.stdin?.end(previewJson);
  return endOf(child);
}

// One story, told in order.
test("prod, then dev is deployed, and a preview after that shows no change", async () => {
  // The database is imported, then given to its owner.
  expect(await project.up("prod")).toEqual({ created: 81, imported: 1, updated: 1 });
  expect(await project.up("dev")).toEqual({ created: 56 });
  expect([await project.changes("prod"), await project.changes("dev")]).toEqual([[], []]);
});

test("the catalog and the secrets are those that the local platform leaves", async () => {
  const local = await TestPlatform.make();
  try {
    for (const stack of ["prod", "dev"]) local.configure(stack, { apps: APPS });
    await local.succeed("up");
    expect(await catalogOf(project.platform)).toEqual(await catalogOf(local));
    expect(await secretsLeft(project.platform)).toEqual(await secretsLeft(local));
  } finally {
    await local.remove();
  }
});

test("a refresh finds no drift after the apps made tables", async () => {
  for (const environment of ["prod", "dev", "ci"]) {
    for (const app of ["auth", "wms"]) {
      const url = await secretUrlOf(project.platform, environment, app);
      await project.platform.asApp(url, "CREATE TABLE orders (id serial PRIMARY KEY, note text)");
    }
  }
  for (const stack of ["prod", "dev"]) await project.refreshUnchanged(stack);
});

test("what somebody changed by hand is drift, and a deploy that refreshes takes it back", async () => {
  const before = await catalogOf(project.platform);
  await project.platform.asSuperuser(
    `ALTER ROLE portal_wms_dev CONNECTION LIMIT 3; REVOKE CREATE ON SCHEMA auth_dev FROM auth_dev_owner;
     REVOKE CONNECT ON DATABASE portal_db FROM portal_auth_ci`,
  );
  expect((await project.changes("dev", "--refresh")).sort()).toEqual([
    "update auth-ci-login-connect",
    "update auth-dev-owner-schema",
    "update wms-dev-login",
  ]);
  expect(await project.up("dev", "--refresh")).toEqual({ updated: 3, unchanged: 53 });
  expect(await catalogOf(project.platform)).toEqual(before);
});

test("what a saved plan says is what a deploy does, and another change is refused", async () => {
  const plan = join(project.platform.dir, "plan.json");
  project.platform.configure("dev", { apps: { ...APPS, billing: {} } });
  await project.succeed("preview", "--stack", "dev", "--save-plan", plan);
  project.platform.configure("dev", { apps: { ...APPS, auth: { connectionLimit: 7 } } });
  const before = await catalogOf(project.platform);
  const other = await project.run("up", "--yes", "--stack", "dev", "--skip-preview", "--plan", plan);
  expect(other.status).not.toBe(0);
  expect(other.stdout + other.stderr).toContain("violates plan");
  expect(await catalogOf(project.platform)).toEqual(before);
  project.platform.configure("dev", { apps: { ...APPS, billing: {} } });
  expect(await project.up("dev", "--plan", plan)).toEqual({ created: 20, unchanged: 56 });
  expect(await project.changes("dev")).toEqual([]);
});

test("the review of the engine's own previews: no change is safe, an app less in prod blocks", async () => {
  // Prod was refreshed since it was deployed, and nothing is to change then, either.
  const same = await project.previewJson("prod");
  expect(changesIn(same)).toEqual([]);
  expect(await review(same)).toMatchObject({ status: 0, stderr: "" });
  project.platform.configure("prod", { apps: { wms: { reader: true } } });
  const { stdout: preview, status } = await project.run("preview", "--json", "--stack", "prod");
  project.platform.configure("prod", { apps: APPS });
  expect(status).not.toBe(0);
  const removed = await review(preview);
  expect(removed.status).toBe(2);
  for (const text of (await secretTextsOf(project.platform)).values()) {
    const { password } = JSON.parse(text) as { password: string };
    expect(removed.stdout.includes(password)).toBe(false);
    expect(project.printed.includes(password)).toBe(false);
  }
});

test("prod is not destroyed: the preview stops it, and without one it leaves what holds data or lets an app in", async () => {
  const before = await catalogOf(project.platform);
  const secrets = await secretsLeft(project.platform);
  const refused = await project.run("destroy", "--yes", "--stack", "prod");
  expect(refused.status).not.toBe(0);
  expect(refused.stdout + refused.stderr).toMatch(
    /::wms-prod-secret" cannot be deleted\s+because it is protected/,
  );
  expect(await catalogOf(project.platform)).toEqual(before);
  expect((await project.run("destroy", "--yes", "--skip-preview", "--stack", "prod")).status).not.toBe(0);
  expect(await catalogOf(project.platform)).toEqual(before);
  await project.up("prod");
  expect(await catalogOf(project.platform)).toEqual(before);
  expect(await secretsLeft(project.platform)).toEqual(secrets);
  expect(await project.changes("prod")).toEqual([]);
});

// Chosen here, not skipped: the header of the run says that it is not run.
if (hasOfficialHost(toolsOfRun())) {
  test("the stacks pass their own policy pack, and a type that nobody has judged does not", async () => {
    expect(await project.changes("prod", "--policy-pack", "policy")).toEqual([]);
    const program = join(project.platform.dir, "stacks/index.ts");
    const text = readFileSync(program, "utf8");
    appendFileSync(program, '\nnew (require("@pulumi/random").RandomPet)("stray");\n');
    const stopped = await project.run("preview", "--stack", "prod", "--policy-pack", "policy");
    writeFileSync(program, text);
    expect(stopped.status).not.toBe(0);
    expect(stopped.stdout + stopped.stderr).toContain(
      "[mandatory]  known-type  (random:index:RandomPet: stray)",
    );
  });
}
