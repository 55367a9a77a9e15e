import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startOps } from "../helpers/ops-platform";
import { endOf } from "../helpers/process";
import { EngineProject } from "./project";
import { hasOfficialHost, toolsOfRun } from "./tools";

const APPS = { auth: {}, wms: { reader: true } };

let project: EngineProject;

beforeAll(async () => {
  project = await EngineProject.make();
  for (const stack of ["prod", "dev"]) project.platform.configure(stack, { apps: APPS });
});

afterAll(() => project?.remove());

/** `npm run preview` on the project, judged by its own pack. */
const preview = (stack: string, ...args: readonly string[]) => {
  const { dir } = project.platform;
  return endOf(startOps(["preview", stack, "--config-dir", dir, "--judge", dir, ...args], project.env));
};

/** Gives prod's instance a public address, as a person would by mistake. */
function openInstance(): void {
  const file = join(project.platform.dir, "infra/instance/settings.ts");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("publiclyAccessible: false", "publiclyAccessible: true"));
}

test("a pack that cannot be loaded is an error in the engine's own words, and no silence", async () => {
  const { status, stdout, stderr } = await preview("prod", "--judge", join(project.platform.dir, "nowhere"));
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^error: .*nowhere\/policy/m);
});

async function refusesWithoutPack(): Promise<void> {
  const refused = await preview("prod");
  expect([refused.status, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toMatch(/^error: policy pack ".*" failed to start: /m);
}

async function reviewsInOneRun(): Promise<void> {
  const kept = join(project.platform.dir, "kept/prod.json");
  const plan = join(project.platform.dir, "kept/plan.json");
  await project.up("prod");
  const same = await preview("prod", "--refresh", "--expect-no-changes");
  expect([same.status, same.stdout.split("\n")[0]]).toEqual([0, "✅ safe: stack prod; nothing changes"]);
  project.platform.configure("prod", { apps: { ...APPS, billing: {} } });
  const more = await preview("prod", "--expect-no-changes", "--save-plan", plan);
  expect([more.status, more.stdout.split(" stack")[0]]).toEqual([2, "✅ safe:"]);
  expect(JSON.parse(readFileSync(plan, "utf8"))).toHaveProperty("resourcePlans");
  openInstance();
  const stopped = await preview("prod", "--json", kept);
  expect([stopped.status, stopped.stdout]).toEqual([1, ""]);
  expect(stopped.stderr.split("\n").filter((line) => line.startsWith("error:"))).toEqual([
    "error: not-public: The instance has no public address.",
    expect.stringMatching(/^error: the preview of prod failed \(pulumi ended with \d+\)/),
  ]);
  const review = await endOf(startOps(["review", kept]));
  expect([review.status, review.stdout]).toEqual([2, expect.stringContaining("\n  not-public: ")]);
}

// Chosen here, not skipped: the stand-in for the host starts no pack, and the header of the run says so.
if (hasOfficialHost(toolsOfRun()))
  test(
    "a preview is one run: what changes is reviewed, and what the pack stops is said and kept",
    reviewsInOneRun,
  );
else test("a pack that the host does not start is an error, and no preview without it", refusesWithoutPack);
