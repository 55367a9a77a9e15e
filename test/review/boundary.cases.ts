import { exitStatusOf } from "../../ops/review/command";
import type { Review } from "../../ops/review/review";
import { plainOf } from "../../ops/review/sentence";
import { BOUNDARY_CASES } from "../policy/boundary-cases";
import { type PrintedState, type PrintedStep, previewFrom, stepOf } from "./engine-preview";
import { judge } from "./judge";

type Inputs = Readonly<Record<string, unknown>>;

function stateOf(stack: string, type: string, inputs: Inputs): PrintedState {
  const urn = `urn:pulumi:${stack}::portal-db::${type}::thing`;
  return { urn, custom: true, type, inputs, protect: true };
}

/** Rules that block a change; a table's row says its own meaning. */
function blocking(judged: Review): string[] {
  return judged.groups
    .flatMap(({ findings }) => findings)
    .filter(({ risk }) => risk === "blocks")
    .map((finding) => (finding.kind === "rule" ? finding.rule : plainOf(finding.reason)));
}

/** How the engine comes by a resource: a login in the form of one that is taken over is imported. */
function firstStepOf(state: PrintedState): PrintedStep {
  const { login, inherit, assumeRole, roles = [] } = state.inputs ?? {};
  const isTakenOver =
    login === true && inherit === true && assumeRole === undefined && !String(roles).includes("connect");
  return { ...stepOf(undefined, state), ...(isTakenOver ? { op: "import" } : {}) };
}

test.each(BOUNDARY_CASES)("%s in %s blocks %s %j with %j and lets %j", (...of) => {
  const [rule, stack, type, common, crossing, legal] = of;
  const bad = stateOf(stack, type, { ...common, ...crossing });
  const good = stateOf(stack, type, { ...common, ...legal });
  const made = judge(previewFrom([stepOf(undefined, bad)]));
  expect(blocking(made)).toContain(rule);
  expect(exitStatusOf(made)).toBe(2);
  expect(blocking(judge(previewFrom([stepOf(good, bad)])))).toContain(rule);
  expect(blocking(judge(previewFrom([firstStepOf(good)])))).toEqual([]);
  expect(blocking(judge(previewFrom([stepOf(good, good)])))).toEqual([]);
});

test.each(BOUNDARY_CASES)("%s in %s, there before this change, does not stop it: %s %j with %j", (...of) => {
  const [rule, stack, type, common, crossing] = of;
  const bad = stateOf(stack, type, { ...common, ...crossing });
  const judged = judge(previewFrom([stepOf(bad, bad)]));
  expect(blocking(judged)).toEqual([]);
  expect(judged.known.map((finding) => finding.kind === "rule" && finding.rule)).toContain(rule);
});

describe("a type that nobody has judged", () => {
  const TYPE = "aws:s3/bucket:Bucket";
  const state = stateOf("dev", TYPE, { name: "a" });
  const other = stateOf("dev", TYPE, { name: "b" });
  const meaning = (type = TYPE) =>
    `is of the type ${type}, which nobody has judged: leave it out, or add it to KIND_BY_TYPE in policy/resource-types.ts`;

  test("blocks when it is made, and when it changes or goes, though it was there before", () => {
    expect(blocking(judge(previewFrom([stepOf(undefined, state)])))).toEqual([meaning()]);
    expect(blocking(judge(previewFrom([stepOf(state, other)])))).toEqual([`${meaning()} (name a → b)`]);
    expect(blocking(judge(previewFrom([stepOf(state, undefined)])))).toEqual([meaning()]);
    expect(blocking(judge(previewFrom([stepOf(state, state)])))).toEqual([]);
  });

  test("blocks as a component, too, and so does the provider of a resource under a component's name", () => {
    const component = { ...stateOf("dev", "other:index:Thing", {}), custom: false };
    expect(blocking(judge(previewFrom([stepOf(undefined, component)])))).toEqual([
      meaning("other:index:Thing"),
    ]);
    const provider = stateOf("dev", "pulumi:providers:portal-db", {});
    expect(blocking(judge(previewFrom([stepOf(undefined, provider)])))).toEqual([
      meaning("pulumi:providers:portal-db"),
    ]);
  });
});

test("an app's read policy whose text is known at deploy alone is no pass: it widens access", () => {
  const type = "aws:iam/policy:Policy";
  const policy = stateOf("prod", type, {
    name: "portal-db-prod-wms-read",
    policy: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    tags: { project: "portal-db", stack: "prod", app: "wms", environment: "prod" },
  });
  const judged = judge(previewFrom([stepOf(undefined, policy)]));
  expect(judged.verdict).toBe("widens access");
  expect(judged.groups.flatMap(({ findings }) => findings).map(({ reason }) => plainOf(reason))).toEqual([
    "allows what is known at deploy alone, where the policy pack holds it",
  ]);
});
