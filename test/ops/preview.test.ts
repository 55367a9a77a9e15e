import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { startOps } from "../helpers/ops-platform";
import { CHECKOUT, type Ended, endOf } from "../helpers/process";
import { runReview } from "../review/command";
import { recording, recordingFile } from "../review/recordings";
import { StubPulumi } from "./stub-pulumi";

let folder: string;
let pulumi: StubPulumi;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-preview-"));
  pulumi = new StubPulumi(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (...args: string[]) => startOps(["preview", ...args], { PATH: pulumi.path });
const preview = (...args: string[]): Promise<Ended> => endOf(start(...args));
const textOf = (name: string): string => readFileSync(recordingFile(name), "utf8");
/** A preview that failed, as the engine prints it. */
const failed = (...messages: string[]): string => {
  const diagnostics = messages.map((message) => ({ message: `error: ${message}\n`, severity: "error" }));
  return JSON.stringify({ ...recording("no-change-prod"), diagnostics });
};
const SAFE = "no-change-prod";
const BLOCKS = "remove-app-prod-protected";
const packOf = (judge: string): string[] => [
  ...["--policy-pack", join(judge, "policy")],
  ...["--policy-pack-config", join(judge, "policy/exceptions.json")],
];
const ENGINE = ["--json", "--show-sames", "--event-log", "EVENTS"];

test("the engine runs once, under the pack, without checkpoints; what it says is reviewed", async () => {
  pulumi.set({ stdout: textOf(SAFE) });
  const { status, stdout, stderr } = await preview("prod");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(`${runReview([recordingFile(SAFE)]).stdout.trimEnd()}\n`);
  expect(pulumi.started()).toEqual({
    args: ["preview", "--stack", "prod", ...ENGINE, ...packOf(CHECKOUT)],
    env: {
      PULUMI_EXPERIMENTAL: "true",
      PULUMI_SKIP_CHECKPOINTS: "true",
      PULUMI_DEBUG_COMMANDS: "true",
    },
    folder: CHECKOUT,
  });
});

test("checkpoints are left out here alone: an up that does it loses what it made when it is killed", () => {
  const rooms = [".ci", ".github", "bench", "cli", "infra", "local", "ops", "policy", "scripts", "stacks"];
  const files = rooms.flatMap((room) =>
    readdirSync(join(CHECKOUT, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(CHECKOUT, join(parentPath, name))),
  );
  const naming = files.filter((file) =>
    readFileSync(join(CHECKOUT, file), "utf8").includes("SKIP_CHECKPOINTS"),
  );
  expect([
    ...naming,
    readFileSync(join(CHECKOUT, "package.json"), "utf8").includes("SKIP_CHECKPOINTS"),
  ]).toEqual(["ops/preview/engine.ts", false]);
});

test("a refresh, the plan, the checkout that judges and the preview itself can be had", async () => {
  pulumi.set({ stdout: textOf(SAFE) });
  const kept = join(folder, "made/prod.json");
  const plan = join(folder, "plans/prod.json");
  const options = ["--refresh", "--save-plan", plan, "--judge", join(folder, "judge"), "--json", kept];
  expect(await preview("prod", ...options, "--no-review")).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(pulumi.started()?.args.slice(3)).toEqual([
    ...ENGINE,
    ...packOf(join(folder, "judge")),
    "--refresh",
    ...["--save-plan", plan],
  ]);
  expect(existsSync(join(folder, "plans"))).toBe(true);
  expect(JSON.parse(readFileSync(kept, "utf8"))).toEqual({
    ...recording(SAFE),
    diagnostics: expect.anything(),
  });
  expect(runReview([kept])).toEqual(runReview([recordingFile(SAFE)]));
});

test("a link in a file's place is refused, and it and what it leads to stay", async () => {
  pulumi.set({ stdout: textOf(SAFE) });
  const link = join(folder, "link.json");
  symlinkSync("/dev/null", link);
  for (const option of ["--json", "--save-plan"]) {
    const { status, stderr } = await preview("prod", option, link);
    expect([status, stderr]).toEqual([
      1,
      `error: ${link} is no file but a link, a folder or a device: name a file of its own\n`,
    ]);
  }
  expect([lstatSync(link).isSymbolicLink(), pulumi.started()]).toEqual([true, undefined]);
});

test("it ends with 2 when something blocks, unless a person lets it through or another job reviews", async () => {
  pulumi.set({ stdout: textOf(BLOCKS) });
  const blocked = await preview("prod");
  expect([blocked.status, blocked.stdout.split(":")[0]]).toEqual([2, "🛑 blocks"]);
  expect((await preview("prod", "--no-review")).status).toBe(0);
  const [urn = ""] = /urn:pulumi:[^`"\s]*/.exec(blocked.stdout) ?? [];
  const allowed = await preview("prod", "--allow", urn, "--reason", "agreed");
  expect(allowed.stdout).toContain("agreed");
});

test("where nothing shall change, a change is found", async () => {
  const expected = async (name: string): Promise<number | null> => {
    pulumi.set({ stdout: textOf(name) });
    return (await preview(name.split("-").at(-1) ?? "", "--expect-no-changes", "--no-review")).status;
  };
  expect([await expected(SAFE), await expected("rotate-credential-dev")]).toEqual([0, 2]);
});

/** What the policy pack says of the instance, as the engine logs it. */
const policyEvent = (enforcementLevel: string) => ({
  policyEvent: {
    resourceUrn: "urn:pulumi:prod::portal-db::aws:rds/instance:Instance::instance",
    policyName: "not-public",
    enforcementLevel,
    message: "The instance has no public address.\ninstance has publiclyAccessible on: set it to false\n",
  },
});

test("what the policy pack stops is said once, by it, and stands in the preview that is kept", async () => {
  const events = [{ diagnosticEvent: { message: "s3cret" } }, policyEvent("mandatory")];
  pulumi.set({ stdout: failed("preview failed"), status: 1, events });
  const kept = join(folder, "prod.json");
  expect(await preview("prod", "--json", kept)).toEqual({
    status: 1,
    stdout: "",
    stderr: [
      "error: not-public: The instance has no public address.",
      "  instance has publiclyAccessible on: set it to false",
      "error: the preview of prod failed (pulumi ended with 1): mend what is named above, and preview again",
      "",
    ].join("\n"),
  });
  const { status, stdout } = runReview([kept]);
  expect([status, stdout]).toEqual([
    2,
    expect.stringContaining(
      "  not-public: The instance has no public address.\n  instance has publiclyAccessible on: set it to false\n",
    ),
  ]);
});

test("what the pack advises stops nothing", async () => {
  pulumi.set({ stdout: textOf(SAFE), events: [policyEvent("advisory")] });
  expect((await preview("prod")).status).toBe(0);
});

test("errors are the engine's own, whole, without secrets and without signs that steer a terminal", async () => {
  const said = "cannot log in: password=hunter22hunter22\nthe server said no\u001b[2J";
  pulumi.set({ stdout: failed(said, "preview failed"), status: 255 });
  const { status, stdout, stderr } = await preview("prod");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr.split("\n").slice(0, 2)).toEqual([
    expect.stringMatching(/^error: cannot log in: password=(?!hunter)/),
    "  the server said no\\u{1b}[2J",
  ]);
});

test("what the SDK says once the engine has hung up does not bury the cause", async () => {
  const hungUp = "Running program failed with an unhandled exception:\nError: Channel has been shut down";
  const head = async (...messages: string[]) => {
    pulumi.set({ stdout: failed(...messages), status: 1 });
    return (await preview("prod")).stderr.split("\n").slice(0, -2);
  };
  expect(await head(hungUp, "it violates the plan", "preview failed")).toEqual([
    "error: it violates the plan",
  ]);
  expect(await head(hungUp)).toEqual([
    "error: Running program failed with an unhandled exception:",
    expect.any(String),
  ]);
});

test("a preview that failed and does not say why blocks where it is reviewed", async () => {
  pulumi.set({ stdout: textOf(SAFE), status: 7 });
  const kept = join(folder, "prod.json");
  const { status, stderr } = await preview("prod", "--json", kept);
  expect([status, stderr.split(":")[1]]).toEqual([1, " the preview of prod failed (pulumi ended with 7)"]);
  expect(runReview([kept]).status).toBe(2);
});

test("where the engine does not get as far as a preview, it says why, and nothing is kept", async () => {
  pulumi.set({ stderr: "error: could not load policy pack\n", status: 255 });
  const kept = join(folder, "prod.json");
  expect(await preview("prod", "--json", kept)).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "error: could not load policy pack\n" +
      "error: pulumi preview ended with 255 and made no preview: what it says above has to be mended first\n",
  });
  expect(existsSync(kept)).toBe(false);
});

test("a signal ends the engine in order, and is no success", async () => {
  pulumi.set({ status: 1, waits: true });
  const child = start("prod");
  const ended = endOf(child);
  child.stderr?.on("data", (chunk: Buffer) => chunk.includes("waiting") && child.kill("SIGTERM"));
  expect((await ended).status).toBe(1);
});

test.each([[[]], [["prod", "dev"]], [["Prod"]], [["--", "--show-secrets"]], [["prod", "--allow", "urn:x"]]])(
  "the command line %j is refused before anything starts",
  async (args) => {
    pulumi.set({});
    const { status, stdout } = await preview(...args);
    expect([status, stdout, pulumi.started()]).toEqual([64, "", undefined]);
  },
);
