import { runReview } from "./command";
import { Program } from "./program";
import { type Declared, previewFrom, previewOf, type Step, stepOf } from "./program-preview";

jest.setTimeout(120_000);

let prod: Program;

beforeAll(async () => {
  prod = await Program.of("prod");
});

/** Steps that create as many apps as it takes. */
function manySteps(count: number): Step[] {
  const [schema, owner, login, grant] = [
    "wms-prod-schema",
    "wms-prod-owner",
    "wms-prod-login",
    "wms-prod-owner-schema",
  ].map((name) => prod.state(name));
  const steps: Step[] = [];
  for (let app = 0; steps.length < count; app += 1) {
    for (const state of [owner, schema, grant, login]) {
      if (state === undefined) throw new Error("no resource");
      const renamed = JSON.parse(JSON.stringify(state).replaceAll(/wms/g, `app${app}`)) as typeof state;
      steps.push(stepOf(undefined, renamed));
    }
  }
  return steps.slice(0, count);
}

test("50,000 steps are answered in seconds, in a comment that GitHub takes", () => {
  const steps = manySteps(50_000);
  const schema = prod.state("auth-prod-schema");
  const document = JSON.stringify(previewFrom([...steps, stepOf(schema, undefined)]));
  const start = performance.now();
  const { status, stdout } = runReview(["-"], document);
  const seconds = (performance.now() - start) / 1000;
  expect(status).toBe(2);
  expect(stdout).toContain("drops a prod schema, and what is in it");
  expect(stdout.length).toBeLessThan(65_536);
  // Some three on a quiet machine.
  expect(seconds).toBeLessThan(60);
});

test("50,000 previews of secrets are redacted in seconds, too", () => {
  const login = prod.state("wms-prod-login");
  const steps = Array.from({ length: 10_000 }, (_, at) => {
    const urn = `${login.urn}-${at}`;
    const before = { ...login, urn, inputs: { ...login.inputs, password: `old-password-number-${at}` } };
    return stepOf(before, { ...before, inputs: { ...before.inputs, password: `new-password-number-${at}` } });
  });
  const start = performance.now();
  const { status, stdout } = runReview(["-", "--json"], JSON.stringify(previewFrom(steps)));
  expect(status).toBe(0);
  expect(stdout).not.toContain("password-number");
  expect((performance.now() - start) / 1000).toBeLessThan(60);
});

const NASTY = "a`b|c\n# d\r\n<script>x</script> [l](http://e) @team &amp; \u202E*i* ~~~";

test("names cannot act in Markdown: no line, cell, code span, tag, link or mention begins in them", () => {
  const rename = (declared: Declared): Declared =>
    new Map(
      [...declared].map(([name, state]) => [
        name,
        ["wms-prod-schema", "wms-prod-owner", "wms-prod-reader"].includes(name)
          ? { ...state, urn: `${state.urn}${NASTY}`, inputs: { ...state.inputs, name: NASTY } }
          : state,
      ]),
    );
  const document = JSON.stringify({
    ...previewOf(new Map(), rename(prod.declared)),
    diagnostics: [{ severity: "error", message: `error: ${NASTY}` }],
  });
  const { stdout } = runReview(["-"], document);
  const plain = runReview(["-"], JSON.stringify(previewOf(new Map(), prod.declared))).stdout;
  expect(stdout).not.toMatch(/<script|@team|&amp;|\u202E|\r/);
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
  expect(outside.filter((line) => line.includes("`") || /script|\[l\]|team/.test(line))).toEqual([]);
  // Each row of a table has its nine bars.
  expect(stdout.split("\n").filter((line) => line.startsWith("| ") && line.split("|").length !== 10)).toEqual(
    [],
  );
});
