import { type Job, jobsOf, workflowOf } from "./workflow-files";

interface PullRequestEvent {
  readonly action: string;
  readonly label?: { readonly name: string };
  readonly labels?: readonly { readonly name: string }[];
  readonly repository?: string;
}

/** GitHub's expressions are JavaScript but for `.*.`, as far as these workflows use them. */
function isTrue(
  expression: string,
  { action, label, labels = [], repository = "o/r" }: PullRequestEvent,
): boolean {
  const script = expression
    .replace(/^\$\{\{(.*)\}\}$/s, "$1")
    .replaceAll(".*.name", ".map(({ name }) => name)");
  const pullRequest = { head: { repo: { full_name: repository } }, labels };
  const github = { repository: "o/r", event: { action, label: label ?? {}, pull_request: pullRequest } };
  const contains = (list: readonly string[], one: string) => list.includes(one);
  return new Function("github", "contains", "cancelled", `return ${script};`)(github, contains, () => false);
}

/** The jobs of a workflow that start at an event; those that need one that does not are skipped. */
function started(file: string, event: PullRequestEvent): string[] {
  const { types } = (workflowOf(file).on as { readonly pull_request: { readonly types?: readonly string[] } })
    .pull_request;
  if (types !== undefined && !types.includes(event.action)) return [];
  return jobsOf(file)
    .filter(([, job]) => job.if === undefined || isTrue(job.if, event))
    .map(([name]) => name);
}

const EPHEMERAL = [{ name: "ephemeral" }];

describe("an ephemeral stack", () => {
  it.each([
    ["the label", { action: "labeled", label: { name: "ephemeral" }, labels: EPHEMERAL }, ["packages", "up"]],
    ["another label beside it", { action: "labeled", label: { name: "bug" }, labels: EPHEMERAL }, []],
    ["a new commit", { action: "synchronize", labels: EPHEMERAL }, ["unlabel"]],
    ["a new commit without the label", { action: "synchronize" }, []],
    ["a pull request opened again", { action: "reopened", labels: EPHEMERAL }, ["unlabel"]],
    ["the label of a fork", { action: "labeled", label: { name: "ephemeral" }, repository: "x/r" }, []],
    ["a new commit of a fork", { action: "synchronize", labels: EPHEMERAL, repository: "x/r" }, []],
  ])("at %s", (_what, event, jobs) => {
    expect(started("ephemeral.yml", event)).toEqual(jobs);
  });

  it("is of the commit that got the label, packages too", () => {
    const jobs = Object.fromEntries(jobsOf("ephemeral.yml")) as Readonly<Record<string, Job>>;
    const labelled = "$" + "{{ github.event.pull_request.head.sha }}";
    expect([
      jobs.packages?.with?.ref,
      ...(jobs.up?.steps ?? [])
        .filter(({ uses }) => uses?.startsWith("actions/checkout@"))
        .map((step) => step.with?.ref),
    ]).toEqual([labelled, labelled]);
  });

  it("goes with code of main, since its own pull request may be gone", () => {
    expect(Object.keys(workflowOf("sweep.yml").on)).toEqual(["push", "schedule", "workflow_dispatch"]);
  });
});

describe("a preview", () => {
  const BASE = "$" + "{{ github.event.pull_request.base.sha }}";
  const jobs = Object.fromEntries(jobsOf("preview.yml")) as Readonly<Record<string, Job>>;
  const checkouts = (job: Job | undefined) =>
    (job?.steps ?? [])
      .filter(({ uses }) => uses?.startsWith("actions/checkout@"))
      .map((step) => [step.with?.path ?? ".", step.with?.ref]);

  it("is of pull requests into main, whose base commit people have approved", () => {
    expect(workflowOf("preview.yml").on).toEqual({ pull_request: { branches: ["main"] } });
  });

  it("gives no role to a fork, but its review runs and fails: a skipped one would count as passed", () => {
    expect(started("preview.yml", { action: "opened", repository: "x/r" })).toEqual(["review"]);
    expect(started("preview.yml", { action: "opened" })).toEqual([
      "packages",
      "judge-packages",
      "preview",
      "review",
    ]);
    const [first] = jobs.review?.steps ?? [];
    expect(first?.run).toMatch(/\nexit 1\n$/);
    expect(isTrue(first?.if ?? "", { action: "opened", repository: "x/r" })).toBe(true);
    expect(isTrue(first?.if ?? "", { action: "opened" })).toBe(false);
  });

  it("is judged by the pack and the exceptions of the base commit, on the base commit's packages", () => {
    expect(jobs["judge-packages"]?.with).toEqual({ ref: BASE, name: "judge-packages" });
    expect(checkouts(jobs.preview)).toEqual([
      [".", "$" + "{{ github.sha }}"],
      ["judge", BASE],
    ]);
    const unpacked = (jobs.preview?.steps ?? [])
      .filter(({ uses }) => uses === "$/.github/actions/packages")
      .map((step) => step.with);
    expect(unpacked).toEqual([undefined, { name: "judge-packages", folder: "judge" }]);
    const scripts = (jobs.preview?.steps ?? []).flatMap(({ run = [] }) => run);
    expect(scripts).toEqual([
      'npm run --silent preview -- "$STACK" --no-review --judge judge --json "$RUNNER_TEMP/review/$STACK.json"',
    ]);
  });

  it("is reviewed by the base commit, in a job where none of the branch's code runs", () => {
    expect(checkouts(jobs.review)).toEqual([[".", BASE]]);
    const uses = (jobs.review?.steps ?? []).flatMap((step) => step.uses?.split("@")[0] ?? []);
    expect(uses).toEqual([
      ...["actions/checkout", "actions/setup-node", "actions/download-artifact"],
      ...["actions/upload-artifact", "actions/upload-artifact"],
    ]);
  });
});
