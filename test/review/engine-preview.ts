import { isDeepStrictEqual } from "node:util";

/** A resource's state, in the form in which the engine prints it. */
export interface PrintedState {
  readonly urn: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly dependencies?: readonly string[];
  readonly provider?: string;
}

/** A step of a preview. */
export interface PrintedStep {
  readonly op: string;
  readonly urn: string;
  readonly provider?: string;
  readonly oldState?: PrintedState;
  readonly newState?: PrintedState;
  readonly diffReasons?: readonly string[];
  readonly replaceReasons?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/** What `pulumi preview --json` prints. */
export interface PrintedPreview {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly steps: readonly PrintedStep[];
  readonly diagnostics?: readonly unknown[];
  readonly changeSummary: Readonly<Record<string, number>>;
}

/** Properties whose change means a new resource, by type: what the providers of the recordings say. */
const REPLACED_BY: Readonly<Record<string, readonly string[]>> = {
  "aws:rds/parameterGroup:ParameterGroup": ["family", "name"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretString"],
  "postgresql:index/grant:Grant": ["role", "database", "schema", "objectType", "objects", "withGrantOption"],
  "random:index/randomPassword:RandomPassword": ["keepers", "length", "special"],
};

/** The names of properties that differ. @param hidden secret ones that do, though they look alike */
function differing(before: PrintedState, after: PrintedState, hidden: readonly string[]): string[] {
  const [old, now] = [before.inputs ?? {}, after.inputs ?? {}];
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  const shown = [...names].filter((name) => !isDeepStrictEqual(old[name], now[name]));
  return [...new Set([...shown, ...hidden])].sort();
}

/** How the engine marks a property's change. */
function kindOfDiff(name: string, before: PrintedState, after: PrintedState, isReplaced: boolean): string {
  const has = ({ inputs = {} }: PrintedState) => Object.hasOwn(inputs, name);
  const kind = !has(before) ? "add" : !has(after) ? "delete" : "update";
  return isReplaced ? `${kind}-replace` : kind;
}

/** One step, as the engine prints it. @param hidden secret properties that differ, though they look alike */
export function stepOf(
  before: PrintedState | undefined,
  after: PrintedState | undefined,
  hidden: readonly string[] = [],
): PrintedStep {
  const { urn = "", provider } = after ?? before ?? {};
  const common = { urn, ...(provider === undefined ? {} : { provider }) };
  // An id is what deployed gave.
  const newState = after && { ...after, id: undefined };
  if (before === undefined) return { op: "create", ...common, newState, detailedDiff: null };
  if (newState === undefined) return { op: "delete", ...common, oldState: before, detailedDiff: null };
  const diffReasons = differing(before, newState, hidden);
  const both = { ...common, oldState: before, newState };
  if (diffReasons.length === 0) return { op: "same", ...both, detailedDiff: null };
  const replaceReasons = diffReasons.filter((name) => REPLACED_BY[before.type]?.includes(name));
  const detailedDiff = Object.fromEntries(
    diffReasons.map((name) => {
      const kind = kindOfDiff(name, before, newState, replaceReasons.includes(name));
      return [name, { kind, inputDiff: false }];
    }),
  );
  if (replaceReasons.length === 0) return { op: "update", ...both, diffReasons, detailedDiff };
  return { op: "replace", ...both, diffReasons, replaceReasons, detailedDiff };
}

const STACK = "pulumi:pulumi:Stack";

/** The step of the stack itself, which the engine prints in every preview. @param urn of a resource in it */
function rootStep(urn: string): PrintedStep {
  const [prefix = "", stack] = /^urn:pulumi:(.+?)::portal-db::/.exec(urn) ?? [];
  const state = { urn: `${prefix}${STACK}::portal-db-${stack}`, custom: false, type: STACK };
  return stepOf(state, state);
}

/** A preview of steps, of which `--show-sames` shows those that change nothing. */
export function previewFrom(
  changes: readonly PrintedStep[],
  config?: Readonly<Record<string, unknown>>,
): PrintedPreview {
  const steps = [...changes.slice(0, 1).map(({ urn }) => rootStep(urn)), ...changes];
  const changeSummary: Record<string, number> = {};
  for (const { op } of steps) changeSummary[op] = (changeSummary[op] ?? 0) + 1;
  return { ...(config === undefined ? {} : { config }), steps, diagnostics: [], changeSummary };
}

/** The same preview without `--show-sames`: what does not change is counted alone. */
export function withoutSames(preview: PrintedPreview): PrintedPreview {
  return { ...preview, steps: preview.steps.filter(({ op, urn }) => op !== "same" || urn.includes(STACK)) };
}
