import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runReview } from "./command";
import { previewBetween, StackProgram, TWO_APPS } from "./program-preview";
import { recordingFile } from "./recordings";

let folder: string;
const UNCHANGED = readFileSync(recordingFile("no-change-prod"), "utf8");
const SCHEMA = "urn:pulumi:prod::portal-db::postgresql:index/schema:Schema::wms-prod-schema";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-review-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each<readonly [args: readonly string[], message: RegExp]>([
  [[], /^error: give one file, or - for standard input\n$/],
  [["a", "b"], /^error: give one file/],
  [["-", "--fast"], /^error: Unknown option '--fast'\n$/],
  [
    ["-", "--allow", SCHEMA],
    /^error: each --allow <urn> needs its --reason <text>: say why it may happen\n$/,
  ],
  [["-", "--allow", SCHEMA, "--reason", " "], /^error: each --allow <urn> needs its --reason/],
  [["-", "--allow", SCHEMA, "--reason", "a", "--allow", SCHEMA, "--reason", "b"], /names a URN twice/],
])("a wrong command line %j is one line and status 64", (args, message) => {
  const { status, stdout, stderr } = runReview(args, UNCHANGED);
  expect({ status, stdout, stderr }).toEqual({
    status: 64,
    stdout: "",
    stderr: expect.stringMatching(message),
  });
});

test("an allowance for what the preview does not have is a mistake, and no wrong command line", () => {
  const ended = runReview(["-", "--allow", "urn:x", "--reason", "y"], UNCHANGED);
  expect(ended).toEqual({
    status: 1,
    stdout: "",
    stderr: 'error: --allow names a URN that is not in the preview: "urn:x"\n',
  });
});

const HOW = "make it with: npm run preview -- <stack> --json preview.json";
test.each<readonly [what: string, input: string, message: string]>([
  ["nothing", "", `standard input is empty: ${HOW}`],
  ["blanks", " \n", `standard input is empty: ${HOW}`],
  ["text", "Previewing update (prod)", `standard input is not JSON; it does not start with "{": ${HOW}`],
  ["a list", "[]", `the preview is not what pulumi prints: it is no JSON object; ${HOW}`],
  ["another object", '{"a":1}', `the preview is not what pulumi prints: it has no steps; ${HOW}`],
  ["no steps at all", '{"diagnostics":[]}', `the preview is not what pulumi prints: it has no steps; ${HOW}`],
  [
    "steps that are no list",
    '{"steps":{}}',
    `the preview is not what pulumi prints: steps is no list; ${HOW}`,
  ],
  [
    "a step that is none",
    '{"steps":[1]}',
    `the preview is not what pulumi prints: steps[0] is no object; ${HOW}`,
  ],
  [
    "a step without op",
    '{"steps":[{"urn":"urn:pulumi:a::b::c::d"}]}',
    `the preview is not what pulumi prints: steps[0].op is missing; ${HOW}`,
  ],
  [
    "a step without a URN",
    '{"steps":[{"op":"delete","urn":"hunter2"}]}',
    `the preview is not what pulumi prints: steps[0].urn is no URN; ${HOW}`,
  ],
  [
    "inputs that are none",
    '{"steps":[{"op":"create","urn":"urn:pulumi:a::b::c::d","newState":{"inputs":"hunter2"}}]}',
    `the preview is not what pulumi prints: steps[0].newState.inputs is no object; ${HOW}`,
  ],
  [
    "two stacks",
    '{"steps":[{"op":"same","urn":"urn:pulumi:a::b::c::d"},{"op":"same","urn":"urn:pulumi:e::b::c::d"}]}',
    `the preview is not what pulumi prints: it has resources of 2 stacks; ${HOW}`,
  ],
  [
    "two documents",
    '{"steps":[]} {"steps":[]}',
    `standard input is not one JSON document at character 13: ${HOW}`,
  ],
])("%s is one line and status 1", (_what, input, message) => {
  const ended = runReview(["-"], input);
  expect(ended).toEqual({ status: 1, stdout: "", stderr: `error: ${message}\n` });
});

test("a preview that is cut off anywhere is an error and never an answer", async () => {
  const prod = await StackProgram.of("prod", TWO_APPS);
  const whole = JSON.stringify(previewBetween(prod, prod.without("wms-prod-schema")));
  for (const share of [0.1, 0.5, 0.99]) {
    const cut = whole.slice(0, Math.floor(whole.length * share));
    const file = join(folder, "cut.json");
    writeFileSync(file, cut);
    const { status, stdout, stderr } = runReview([file]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(
      /^error: .*cut\.json (is cut off after|is not one JSON document at character) \d+.*\n$/,
    );
  }
});

test.each([
  ['{"steps":[]}', "safe", 0],
  ['{"steps":[],"changeSummary":{"same":4}}', "safe", 0],
  ['{"changeSummary":{"delete":2}}', "blocks", 2],
  ['{"steps":[],"diagnostics":[{"severity":"error","message":"error: no"}]}', "blocks", 2],
])("%s has a right answer", (input, verdict, expected) => {
  const { status, stdout, stderr } = runReview(["-", "--json"], input);
  expect({ status, stderr, verdict: JSON.parse(stdout).verdict }).toEqual({
    status: expected,
    stderr: "",
    verdict,
  });
});

test("a file that does not exist is said", () => {
  const ended = runReview([join(folder, "nowhere.json")]);
  expect(ended).toEqual({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(/^error: .*nowhere\.json does not exist: make it with: npm run preview/),
  });
});
