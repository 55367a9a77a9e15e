import { runReview } from "./command";
import { type PrintedState, type PrintedStep, previewFrom, stepOf } from "./engine-preview";
import { previewBetween, StackProgram, TWO_APPS } from "./program-preview";

let prod: StackProgram;

beforeAll(async () => {
  prod = await StackProgram.of("prod", TWO_APPS);
});

/** Steps that create as many apps as it takes. */
function manySteps(count: number): PrintedStep[] {
  const states = ["owner", "schema", "owner-schema", "login"].map((part) => prod.state(`wms-prod-${part}`));
  const steps: PrintedStep[] = [];
  for (let app = 0; steps.length < count; app += 1) {
    for (const state of states) {
      const renamed: PrintedState = JSON.parse(JSON.stringify(state).replaceAll("wms", `app${app}`));
      steps.push(stepOf(undefined, renamed));
    }
  }
  return steps.slice(0, count);
}

/** Seconds of processor time that something takes: a busy machine makes it no longer. */
function secondsOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const STEPS = 20_000;
const PART = STEPS / 4;
// A machine may be slow, and what each step costs is the same on it: four times as many would take sixteen times as long,
// were each to cost more the more there are.
const MAX_GROWTH = 8;

/** Seconds that a review of so many steps takes, of which one is dangerous. */
function secondsOfMany(count: number): number {
  const schema = prod.state("auth-prod-schema");
  const document = JSON.stringify(previewFrom([...manySteps(count), stepOf(schema, undefined)]));
  return secondsOf(() => {
    const { status, stdout } = runReview(["-", "--comment"], document);
    expect(status).toBe(2);
    expect(stdout).toContain("is dropped, with everything in it");
    expect(stdout.length).toBeLessThan(65_536 / 2);
  });
}

test("a preview of very many steps takes no longer for each than one of few, in a comment that GitHub takes", () => {
  // What is loaded and compiled once is not the steps'.
  secondsOfMany(10);
  expect(secondsOfMany(STEPS) / secondsOfMany(PART)).toBeLessThan(MAX_GROWTH);
});

test("nor does one of very many secrets, without any of them", () => {
  const login = prod.state("wms-prod-login");
  const secondsOfSecrets = (count: number) => {
    // Two secrets a step.
    const steps = Array.from({ length: count }, (_, at) => {
      const state = { ...login, urn: `${login.urn}-${at}` };
      const withPassword = (password: string) => ({ ...state, inputs: { ...state.inputs, password } });
      return stepOf(withPassword(`old-password-number-${at}`), withPassword(`new-password-number-${at}`));
    });
    const document = JSON.stringify(previewFrom(steps));
    return secondsOf(() => {
      const { status, stdout } = runReview(["-", "--json"], document);
      expect(status).toBe(0);
      expect(stdout).not.toContain("password-number");
    });
  };
  expect(secondsOfSecrets(PART) / secondsOfSecrets(PART / 4)).toBeLessThan(MAX_GROWTH);
});

const NASTY = "a`b|c\n# d\r\n<script>x</script> [l](http://e) @team &amp; \u202E*i* ~~~";

test.each(["--markdown", "--comment"])(
  "names cannot act in Markdown: no line, cell, code span, tag, link or mention begins in them (%s)",
  (form) => {
    const nasty = ["wms-prod-schema", "wms-prod-owner", "wms-prod-reader"].reduce(
      (program, name) => program.with(name, { name: NASTY }, { urn: `${prod.state(name).urn}${NASTY}` }),
      prod,
    );
    const document = JSON.stringify({
      ...previewBetween(StackProgram.nothing(), nasty),
      diagnostics: [{ severity: "error", message: `error: ${NASTY}` }],
    });
    const { stdout } = runReview(["-", form], document);
    const plain = runReview(["-", form], JSON.stringify(previewBetween(StackProgram.nothing(), prod))).stdout;
    expect(stdout).not.toMatch(/<script|@team|&amp;|\u202E|\r/);
    // The engine's message is quoted line by line.
    expect(stdout.split("\n").filter((line) => line.startsWith("> "))).toHaveLength(3);
    // No heading, and no tag that is not the review's own.
    const headings = (text: string) =>
      text
        .split("\n")
        .filter((line) => /^\s*#/.test(line))
        .map((line) => line.slice(0, 12));
    expect(headings(stdout).slice(1)).toEqual(headings(plain).slice(1));
    expect(new Set(stdout.match(/<[^>]*>/g))).toEqual(
      new Set(["<details>", "<summary>", "</summary>", "</details>", "<br>"]),
    );
    // Outside of code spans nothing of it stands: a span is closed on its line.
    const outside = stdout.split("\n").map((line) => line.replace(/`[^`]*`/g, ""));
    expect(outside.filter((line) => line.includes("`") || /\bscript|\[l\]|team/.test(line))).toEqual([]);
    // Each row of a table has its nine bars.
    expect(
      stdout.split("\n").filter((line) => line.startsWith("| ") && line.split("|").length !== 10),
    ).toEqual([]);
  },
);

test("nor can they steer a terminal, or pass for words of the review's", () => {
  const name = "wms_dev \u001b[2Kis safe.\n\u202EAll is well";
  const schema = prod.state("wms-prod-schema");
  const nasty = { ...schema, inputs: { ...schema.inputs, name } };
  const { stdout } = runReview(["-"], JSON.stringify(previewFrom([stepOf(nasty, undefined)])));
  expect(["\u001b", "\u202E"].filter((sign) => stdout.includes(sign))).toEqual([]);
  expect(stdout.replace(/\s+/g, " ")).toContain(
    "- The schema 'wms_dev [2Kis safe. All is well' is dropped, with everything in it.",
  );
});
