import { kindOfResource } from "../../ops/review/kind";
import { parsePreview } from "../../ops/review/preview";
import type { Overrides } from "../helpers/settings";
import type { PrintedPreview, PrintedState, PrintedStep } from "./engine-preview";
import { judge, saidOf } from "./judge";
import { previewBetween, StackProgram } from "./program-preview";
import { RECORDED_APPS, RECORDED_CHANGES, type RecordedStack } from "./recorded-changes";
import { recording, recordingNames } from "./recordings";
import { QUIET, SAID } from "./recordings-said";

test("each recording is among those that are held", () => {
  expect(recordingNames()).toEqual(Object.keys(SAID));
});

test.each(Object.keys(SAID))("%s", (name) => {
  expect(saidOf(recording(name))).toEqual({ ...QUIET, ...SAID[name] });
});

test.each(Object.keys(SAID))(
  "review knows all of %s: no type, step, property or state is unknown to it",
  (name) => {
    const { resources } = parsePreview(recording(name));
    const strangers = resources.filter(
      (one) => one.op === "unknown" || kindOfResource(one) === "unknown type",
    );
    expect(strangers).toEqual([]);
    const { groups, known } = judge(recording(name));
    const findings = [...groups.flatMap((group) => group.findings), ...known];
    const blind = findings.filter(
      (one) =>
        ["unknown", "blind"].includes(one.kind) ||
        (one.kind === "access of a resource" && one.direction === "unknown"),
    );
    expect(blind).toEqual([]);
  },
);

/** A recorded stack's program. The recorded prod makes its instance, whose master's password is in its file. */
const programOf = (stack: RecordedStack, settings: Overrides = {}) => {
  const isProd = stack === "prod";
  const made = isProd ? { adoptInstance: null, masterPassword: "The1Masters2Password3Zz" } : {};
  return StackProgram.of(stack, { ...made, apps: RECORDED_APPS[stack], ...settings });
};

/** What steps do and why, without the stack itself, which no program declares. */
function stepsOf({ steps }: PrintedPreview): string[] {
  return steps
    .filter(({ urn }) => !urn.includes("::pulumi:pulumi:Stack::"))
    .map(({ op, urn, diffReasons = [], replaceReasons = [] }) =>
      [op, urn, ...[...diffReasons].sort(), "replaced by", ...[...replaceReasons].sort()].join(" "),
    )
    .sort();
}

// What the engine stops has no more steps than those that it came to.
const WHOLE = Object.entries(RECORDED_CHANGES).filter(([name]) => SAID[name]?.incomplete === undefined);

test.each(WHOLE)(
  "the programs make the steps of %s that the engine made",
  async (name, [stack, settings]) => {
    const made = previewBetween(await programOf(stack), await programOf(stack, settings));
    expect(stepsOf(made)).toEqual(stepsOf(recording(name)));
  },
);

test("so they do of a stack that is created", async () => {
  const made = previewBetween(StackProgram.nothing(), await programOf("dev"));
  expect(stepsOf(made)).toEqual(stepsOf(recording("create-dev")));
});

/** Keys that steps of each kind have, and those of their states. */
function formOf({ steps }: PrintedPreview): Map<string, Set<string>> {
  const form = new Map<string, Set<string>>();
  const add = (where: string, part: PrintedStep | PrintedState | undefined) => {
    const keys = form.get(where) ?? new Set<string>();
    // What JSON leaves out does not count.
    for (const key of Object.keys(JSON.parse(JSON.stringify(part ?? {})))) keys.add(key);
    form.set(where, keys);
  };
  for (const step of steps) {
    add(step.op, step);
    add(`oldState of ${step.op}`, step.oldState);
    add(`newState of ${step.op}`, step.newState);
  }
  return form;
}

test("a preview made from the programs has nothing in it that the engine does not print", async () => {
  const official = new Map<string, Set<string>>();
  for (const name of recordingNames()) {
    for (const [where, keys] of formOf(recording(name))) {
      official.set(where, new Set([...(official.get(where) ?? []), ...keys]));
    }
  }
  const withApps = (apps: object) => StackProgram.of("prod", { apps, multiAz: "true" });
  const before = await withApps({ wms: { credential: 2 }, auth: {} });
  const after = (await withApps({ wms: { credential: 3 }, xplan: {} })).with("instance", { multiAz: false });
  const made = formOf(previewBetween(before, after));
  expect([...made.keys()].filter((where) => !where.includes(" ")).sort()).toEqual([
    "create",
    "delete",
    "replace",
    "same",
    "update",
  ]);
  const inventions = [...made].flatMap(([where, keys]) =>
    [...keys].filter((key) => official.get(where)?.has(key) !== true).map((key) => `${where}: ${key}`),
  );
  expect(inventions).toEqual([]);
});
