import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endOf } from "../helpers/process";
import { runReview, startReview } from "./command";
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

test("the preview of another stack than the one that is asked for is refused, whatever its file is called", () => {
  expect(runReview(["-", "--stack", "dev"], UNCHANGED)).toEqual({
    status: 1,
    stdout: "",
    stderr: "error: the preview is of the stack prod, not of dev: preview dev itself\n",
  });
  expect(runReview(["-", "--stack", "prod"], UNCHANGED)).toEqual(runReview(["-"], UNCHANGED));
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

const ROOT = "urn:pulumi:dev::portal-db::pulumi:pulumi:Stack::portal-db-dev";
const SAME = `{"op":"same","urn":"${ROOT}"}`;
test.each([
  [`{"steps":[${SAME}],"changeSummary":{"same":4}}`, "safe", 0],
  [`{"steps":[${SAME}],"changeSummary":{"same":4,"delete":2}}`, "blocks", 2],
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

const FORM = "the preview is not what pulumi prints:";
test.each([
  ['{"steps":[]}', `${FORM} there is no stack in it; ${HOW}`],
  ['{"steps":[],"changeSummary":{}}', `${FORM} there is no stack in it; ${HOW}`],
  ['{"steps":[],"changeSummary":{"same":4}}', `${FORM} there is no stack in it; ${HOW}`],
  [
    '{"steps":[],"diagnostics":[{"severity":"warning","message":"no"}]}',
    `${FORM} there is no stack in it; ${HOW}`,
  ],
  [
    `{"steps":[{"op":"same","urn":"${SCHEMA}"}],"changeSummary":{"same":1}}`,
    `${FORM} there is no stack in it; ${HOW}`,
  ],
  [`{"steps":[${SAME}]}`, `${FORM} it has no changeSummary, which the engine writes at its end; ${HOW}`],
  [
    `{"steps":[${SAME.replaceAll("portal-db", "shop")}],"changeSummary":{"same":1}}`,
    "the preview is of the project shop, not of portal-db: make it in this project's folder",
  ],
  [
    `{"steps":[${SAME.replaceAll("portal-db", "shop")}],"diagnostics":[{"severity":"error","message":"no"}]}`,
    "the preview is of the project shop, not of portal-db: make it in this project's folder",
  ],
  [
    `{"sequence":0,"timestamp":1,"preludeEvent":{}}\n{"sequence":1,"timestamp":1,"cancelEvent":{}}\n`,
    `standard input is the engine's log of events, not its preview: unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW; ${HOW}`,
  ],
  [
    '{"sequence":0,"timestamp":1,"preludeEvent":{}}',
    `standard input is the engine's log of events, not its preview: unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW; ${HOW}`,
  ],
])("%s is no preview of a stack of this project: it is refused, and never safe", (input, message) => {
  expect(runReview(["-"], input)).toEqual({ status: 1, stdout: "", stderr: `error: ${message}\n` });
});

test("a file in the encodings of PowerShell's redirection says the same; one in no Unicode is refused", () => {
  const file = join(folder, "redirected.json");
  const said = runReview(["-"], UNCHANGED);
  const little = Buffer.from(`\uFEFF${UNCHANGED}`, "utf16le");
  for (const bytes of [Buffer.from(`\uFEFF${UNCHANGED}`), little, Buffer.from(little).swap16()]) {
    writeFileSync(file, bytes);
    expect(runReview([file])).toEqual(said);
  }
  for (const bytes of [little.subarray(2), Buffer.from(UNCHANGED.replace("prod", "pr\u00F6d"), "latin1")]) {
    writeFileSync(file, bytes);
    const { status, stdout, stderr } = runReview([file]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^error: .*redirected\.json is no UTF-8 text: make it with: .*\n$/);
  }
});

test("a folder is said to be one", () => {
  const message = `error: ${folder} is a folder: name the file in it; ${HOW}\n`;
  expect(runReview([folder])).toEqual({ status: 1, stdout: "", stderr: message });
});

test("a pipe is read to its end however slow its writer is, by both of its names; a closed one is empty", async () => {
  const half = Math.floor(UNCHANGED.length / 2);
  for (const name of ["-", "/dev/stdin"]) {
    const child = startReview([name], "pipe");
    const ended = endOf(child);
    // It has been started, and finds nothing yet.
    child.stdin?.write(UNCHANGED.slice(0, half));
    await new Promise((done) => child.stdin?.write(UNCHANGED.slice(half, -5), done));
    child.stdin?.end(UNCHANGED.slice(-5));
    expect(await ended).toEqual(runReview(["-"], UNCHANGED));
  }
  const empty = { status: 1, stdout: "", stderr: `error: standard input is empty: ${HOW}\n` };
  expect(await endOf(startReview(["-"], "ignore"))).toEqual(empty);
});

test("a file that does not exist is said", () => {
  const ended = runReview([join(folder, "nowhere.json")]);
  expect(ended).toEqual({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(/^error: .*nowhere\.json does not exist: make it with: npm run preview/),
  });
});
