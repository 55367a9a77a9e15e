import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { supportedNodes } from "../../scripts/test-node";
import { CHECKOUT, endOf, TSX } from "../helpers/process";
import {
  ENVIRONMENTS,
  environmentsOf,
  JOBS,
  type Job,
  jobsOf,
  RULESET,
  type Step,
  WORKFLOW_FILES,
  workflowOf,
  workflowText,
} from "./workflow-files";

const PACKAGES = readFileSync(join(__dirname, "../../.github/actions/packages/action.yml"), "utf8");
const PACKAGES_STEPS = (parse(PACKAGES) as { readonly runs: { readonly steps: readonly Step[] } }).runs.steps;
const stepsOf = ({ steps = [] }: Job): readonly Step[] =>
  steps.flatMap((step) => (step.uses === "$/.github/actions/packages" ? [step, ...PACKAGES_STEPS] : [step]));
const mayAskForRole = (job: Job) => job.permissions?.["id-token"] !== undefined;

/** Runs the linter as `npm run check` does. */
const lint = (...folders: readonly string[]) =>
  endOf(
    spawn(process.execPath, ["--import", TSX, "scripts/lint-workflows.ts", ...folders], { cwd: CHECKOUT }),
  );

describe("the linter", () => {
  const folder = mkdtempSync(join(tmpdir(), "portal-db-workflows-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  // What a first run installs it says; the tests are about what it finds.
  beforeAll(lint, 300_000);

  it("says of a folder without workflows that it has none", async () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    expect(await lint(empty)).toEqual({
      status: 1,
      stdout: "",
      stderr: `error: ${empty} has no .github/workflows\n`,
    });
  });

  it("finds nothing in the workflows, and says nothing", async () => {
    expect(await lint()).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it("finds a step's output that no step makes, and text of strangers in a script", async () => {
    mkdirSync(join(folder, ".github/workflows"), { recursive: true });
    cpSync(join(__dirname, "broken.yml"), join(folder, ".github/workflows/broken.yml"));
    const { status, stdout, stderr } = await lint(folder);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/\/broken\.yml:6: Context access might be invalid: nobody\n/);
    expect(
      [...stderr.matchAll(/^(\w+\[[\w-]+\]): .*\n *--> .*broken\.yml:(\d+)/gm)].map(([, ...found]) => found),
    ).toEqual([
      ["warning[excessive-permissions]", "3"],
      ["info[template-injection]", "6"],
      ["error[template-injection]", "7"],
    ]);
  });
});

describe.each([...WORKFLOW_FILES, "packages"])("%s", (file) => {
  it("uses actions by commit, with their version beside, or the project's own", () => {
    const uses = (file === "packages" ? PACKAGES : workflowText(file))
      .split("\n")
      .filter((line) => line.includes("uses:"));
    const own = /uses: \$\/\.github\/(workflows\/install\.yml|actions\/packages)$/;
    expect(
      uses.filter(
        (line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line) && !own.test(line),
      ),
    ).toEqual([]);
  });
});

describe.each(WORKFLOW_FILES)("%s", (file) => {
  it("gives nothing by default and does one thing at a time", () => {
    const { permissions, concurrency, on } = workflowOf(file);
    expect(permissions).toEqual({});
    // One that others call takes their turn.
    const isCalled = Object.keys(on).join() === "workflow_call";
    const turns = jobsOf(file).map(([, job]) => isCalled || job.uses || (concurrency ?? job.concurrency));
    expect(turns.filter((turn) => turn === undefined)).toEqual([]);
    expect(Object.keys(on)).not.toContain("pull_request_target");
  });

  it("keeps expressions out of scripts", () => {
    const scripts = jobsOf(file).flatMap(([, job]) => stepsOf(job).map(({ run = "" }) => run));
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });

  it("limits every job's time, and keeps its token out of the checkout", () => {
    const found = jobsOf(file)
      .filter(([, job]) => job.uses === undefined)
      .map(([, job]) => [
        (job["timeout-minutes"] ?? 0) > 0,
        stepsOf(job)
          .filter(({ uses }) => uses?.startsWith("actions/checkout@"))
          .every((step) => step.with?.["persist-credentials"] === false),
      ]);
    expect(found).toEqual(found.map(() => [true, true]));
  });
});

describe("permissions and environments", () => {
  it("are the least of each job", () => {
    expect(
      Object.fromEntries(
        JOBS.map(([name, job]) => [
          name,
          [...environmentsOf(job), ...Object.entries(job.permissions ?? {}).map((entry) => entry.join(" "))],
        ]),
      ),
    ).toEqual({
      "check.yml run": ["contents read"],
      "check.yml check": [],
      "deploy.yml packages": ["contents read"],
      "deploy.yml dev": ["development", "contents read", "id-token write"],
      "deploy.yml plan-prod": ["plan-prod", "contents read", "id-token write"],
      "deploy.yml prod": ["production", "contents read", "id-token write"],
      "drift.yml packages": ["contents read"],
      "drift.yml compare": ["drift-dev", "drift-prod", "contents read", "id-token write"],
      "drift.yml report": ["contents read", "issues write"],
      "ephemeral.yml packages": ["contents read"],
      "ephemeral.yml up": ["ephemeral", "contents read", "id-token write"],
      "ephemeral.yml unlabel": ["pull-requests write"],
      "install.yml install": ["contents read"],
      "preview.yml packages": ["contents read"],
      "preview.yml judge-packages": ["contents read"],
      "preview.yml preview": ["preview-dev", "preview-prod", "contents read", "id-token write"],
      "preview.yml review": ["contents read", "pull-requests write"],
      "sweep.yml packages": ["contents read"],
      "sweep.yml sweep": ["sweep", "contents read", "id-token write", "pull-requests read"],
    });
  });

  it("a job that may ask for a role is in an environment, and its role and state are that environment's", () => {
    const withRole = JOBS.filter(([, job]) => mayAskForRole(job));
    expect(withRole.flatMap(([, job]) => environmentsOf(job)).sort()).toEqual(
      Object.keys(ENVIRONMENTS).sort(),
    );
    for (const [, job] of withRole) {
      expect(environmentsOf(job)).not.toEqual([]);
      const assumed = stepsOf(job).flatMap((step) => step.with?.["role-to-assume"] ?? []);
      // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's expression
      expect(assumed).toEqual(["${{ vars.AWS_ROLE }}"]);
    }
  });

  it("a branch's code gets prod's key, or a tunnel, only once a reviewer approved it; the rest is for main", () => {
    const ofBranches = JOBS.filter(([name]) => "pull_request" in workflowOf(name.split(" ")[0] ?? "").on);
    const names = new Set(ofBranches.flatMap(([, job]) => environmentsOf(job)));
    expect(Object.fromEntries([...names].map((name) => [name, ENVIRONMENTS[name]?.reviewers]))).toEqual({
      "preview-dev": false,
      "preview-prod": true,
      ephemeral: true,
    });
    const rest = Object.entries(ENVIRONMENTS).filter(([name]) => !names.has(name));
    expect(rest.filter(([, { mainOnly }]) => !mainOnly)).toEqual([]);
    expect(ENVIRONMENTS.production?.reviewers).toBe(true);
  });

  it("a job that may ask for a role installs nothing: a package's own script never has one at hand", () => {
    const installs = /\bnpm (ci|i|install|add|exec)\b|\.ci\/run|\b(yarn|pnpm)\b/;
    const scripts = (job: Job) =>
      stepsOf(job).flatMap(({ run = "" }) => [
        run,
        ...[...run.matchAll(/\.github\/scripts\/[\w-]+\.sh/g)].map(([path]) =>
          readFileSync(join(__dirname, "../..", path), "utf8"),
        ),
      ]);
    const found = JOBS.map(([name, job]) => [
      name,
      mayAskForRole(job),
      scripts(job).some((one) => installs.test(one)),
    ]);
    expect(found.filter(([, hasRole, isInstalling]) => hasRole && isInstalling)).toEqual([]);
    expect(found.filter(([, , isInstalling]) => isInstalling).map(([name]) => name)).toEqual([
      "check.yml run",
      "install.yml install",
      "preview.yml review",
    ]);
    const npm = JOBS.flatMap(([, job]) =>
      stepsOf(job).flatMap(({ run = "" }) => run.match(/npm ci.*/) ?? []),
    );
    expect(npm).toEqual(npm.map(() => "npm ci --no-audit --ignore-scripts"));
  });

  it("a deploy waits for its turn and is never cancelled", () => {
    const turn = { group: "deploy", "cancel-in-progress": false };
    expect(workflowOf("deploy.yml").concurrency).toEqual(turn);
  });
});

test("every supported Node is checked, the newest one deploys, and the README names them", () => {
  const supported = supportedNodes();
  const { run, check } = workflowOf("check.yml").jobs;
  expect(run?.strategy?.matrix.node?.map(String)).toEqual(supported);
  expect([check?.needs, check?.if, check?.steps?.map((step) => [step.if, step.run])]).toEqual([
    "run",
    "always()",
    [["needs.run.result != 'success'", "exit 1"]],
  ]);
  const versions = JOBS.filter(([name]) => name !== "check.yml run").flatMap(([name, job]) =>
    stepsOf(job)
      .filter(({ uses }) => uses?.startsWith("actions/setup-node@"))
      .map((step) => [name, String(step.with?.["node-version"])]),
  );
  expect(versions).not.toEqual([]);
  expect(versions).toEqual(versions.map(([name]) => [name, supported.at(-1)]));
  const named = `${supported.slice(0, -1).join(", ")} or ${supported.at(-1)}`;
  expect(readFileSync(join(__dirname, "../../README.md"), "utf8")).toContain(
    `With Node ${named} and Python 3`,
  );
});

test("main takes a change with an approval of a code owner, the checks, and nobody goes past", () => {
  expect(RULESET).toMatchObject({
    enforcement: "active",
    bypass_actors: [],
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
  });
  const { rules } = RULESET as {
    readonly rules: readonly { readonly type: string; readonly parameters?: unknown }[];
  };
  const ruleByType = Object.fromEntries(rules.map(({ type, parameters }) => [type, parameters]));
  expect(ruleByType).toMatchObject({
    pull_request: {
      required_approving_review_count: 1,
      require_code_owner_review: true,
      dismiss_stale_reviews_on_push: true,
      require_last_push_approval: true,
    },
    required_status_checks: { required_status_checks: [{ context: "check" }, { context: "review" }] },
  });
  const jobs = JOBS.map(([name]) => name);
  expect(jobs).toEqual(expect.arrayContaining(["check.yml check", "preview.yml review"]));
});
