import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { lintWorkflow, lintWorkflows, WORKFLOWS } from "../../scripts/lint-workflows";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly concurrency?: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const files = readdirSync(WORKFLOWS).sort();
const textOf = (file: string) => readFileSync(join(WORKFLOWS, file), "utf8");
const jobsOf = (file: string) => Object.entries((parse(textOf(file)) as Workflow).jobs);
const jobs = files.flatMap((file) => jobsOf(file).map(([name, job]) => [`${file} ${name}`, job] as const));

describe("the linter", () => {
  it("finds nothing in the workflows", async () => {
    expect(await lintWorkflows(WORKFLOWS)).toEqual([]);
  });

  it("finds a step's output that no step makes, and text of strangers in a script", async () => {
    const broken = readFileSync(join(__dirname, "broken.yml"), "utf8");
    expect(
      (await lintWorkflow(broken, "broken.yml")).map(({ line, message }) => [line, message.split(". ")[0]]),
    ).toEqual([
      [6, 'property "nobody" is not defined in object type {}'],
      [7, '"github.event.pull_request.title" is potentially untrusted'],
    ]);
  });
});

describe.each(files)("%s", (file) => {
  it("uses actions by commit, with their version beside", () => {
    const uses = textOf(file)
      .split("\n")
      .filter((line) => line.includes("uses:"));
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual(
      [],
    );
  });

  it("gives nothing by default and does one thing at a time", () => {
    const { permissions, concurrency, on } = parse(textOf(file)) as Workflow;
    expect(permissions).toEqual({});
    const turns = jobsOf(file).map(([, job]) => concurrency ?? job.concurrency);
    expect(turns.filter((turn) => turn === undefined)).toEqual([]);
    expect(Object.keys(on)).not.toContain("pull_request_target");
  });

  it("keeps expressions out of scripts", () => {
    const scripts = jobsOf(file).flatMap(([, job]) => job.steps.map(({ run = "" }) => run));
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });

  it("limits every job's time, and keeps its token out of the checkout", () => {
    const found = jobsOf(file).map(([, job]) => [
      (job["timeout-minutes"] ?? 0) > 0,
      job.steps
        .filter(({ uses }) => uses?.startsWith("actions/checkout@"))
        .map((step) => step.with?.["persist-credentials"]),
    ]);
    expect(found).toEqual(found.map(() => [true, [false]]));
  });
});

describe("permissions and environments", () => {
  it("are the least of each job", () => {
    expect(
      Object.fromEntries(
        jobs.map(([name, job]) => [
          name,
          [job.environment ?? "-", ...Object.entries(job.permissions ?? {}).map((entry) => entry.join(" "))],
        ]),
      ),
    ).toEqual({
      "check.yml check": ["-", "contents read"],
      "deploy.yml dev": ["development", "contents read", "id-token write"],
      "deploy.yml plan-prod": ["-", "contents read", "id-token write"],
      "deploy.yml prod": ["production", "contents read", "id-token write"],
      "drift.yml drift": ["drift", "contents read", "id-token write", "issues write"],
      "ephemeral.yml up": ["ephemeral", "contents read", "id-token write"],
      "ephemeral.yml down": ["ephemeral", "contents read", "id-token write"],
      "preview.yml preview": ["-", "contents read", "id-token write", "pull-requests write"],
    });
  });

  it("no job of a fork gets a role", () => {
    const ofPullRequests = jobs.filter(
      ([name, job]) => /^(preview|ephemeral)/.test(name) && job.permissions?.["id-token"],
    );
    expect(
      ofPullRequests.map(([, job]) =>
        job.if?.startsWith("github.event.pull_request.head.repo.full_name == github.repository"),
      ),
    ).toEqual([true, true, true]);
  });

  it("a destroy of an ephemeral stack waits for its up, and no skipped run takes its place", () => {
    const turn = {
      group: expect.stringMatching(/^ephemeral-\$\{\{ github\.event\.pull_request\.number \}\}$/),
      "cancel-in-progress": false,
    };
    expect((parse(textOf("ephemeral.yml")) as Workflow).concurrency).toBeUndefined();
    expect(jobsOf("ephemeral.yml").map(([name, job]) => [name, job.concurrency])).toEqual([
      ["up", turn],
      ["down", turn],
    ]);
  });

  it("a deploy waits for its turn and is never cancelled", () => {
    expect((parse(textOf("deploy.yml")) as Workflow).concurrency).toEqual({
      group: "deploy",
      "cancel-in-progress": false,
    });
  });
});
