import { badShape, isMap, mapOf, stringsOf } from "./preview-text";
import type { SecretValues } from "./secret-values";

/** The parts of a resource's URN. */
export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** Types of the components around it, outermost first. */
  readonly parentTypes: readonly string[];
  readonly type: string;
  /** Logical name; it may hold `::` itself. */
  readonly name: string;
}

/** Reads `urn:pulumi:<stack>::<project>::<type>$<type>::<name>`; undefined for any other text. */
export function parseUrn(text: string): Urn | undefined {
  const match = /^urn:pulumi:([^:]+)::([^:]+)::(.+?)::([\s\S]*)$/.exec(text);
  const [, stack, project, types, name] = match ?? [];
  if (stack === undefined || project === undefined || types === undefined || name === undefined)
    return undefined;
  const parentTypes = types.split("$");
  const type = parentTypes.pop();
  return type === undefined || type === "" ? undefined : { stack, project, parentTypes, type, name };
}

/** From the mildest to the gravest. */
const OPERATIONS = [
  "same",
  "refresh",
  "read",
  "import",
  "create",
  "update",
  "unknown",
  "delete",
  "replace",
] as const;

/** What happens to a resource, over all of its steps. */
export type PreviewOperation = (typeof OPERATIONS)[number];

/** Whether a deploy leaves a resource as it is. */
export const isLeftAlone = (op: PreviewOperation): boolean => ["same", "refresh", "read"].includes(op);

/** The engine's own words. */
const BY_STEP: Readonly<Record<string, PreviewOperation>> = {
  same: "same",
  refresh: "refresh",
  read: "read",
  import: "import",
  create: "create",
  update: "update",
  delete: "delete",
  discard: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "read-replacement": "replace",
  "import-replacement": "replace",
  "discard-replaced": "replace",
  "remove-pending-replace": "replace",
};

/** What a step's `op` means; a word that a later engine may have is `unknown`, never `same`. */
function operationOf(op: string): PreviewOperation {
  return Object.hasOwn(BY_STEP, op) ? (BY_STEP[op] ?? "unknown") : "unknown";
}

/** The graver of what two steps of one resource do; a resource that is made and deleted is replaced. */
function merged(a: PreviewOperation, b: PreviewOperation): PreviewOperation {
  const both = [a, b];
  if (both.includes("create") && both.includes("delete")) return "replace";
  return OPERATIONS.indexOf(a) > OPERATIONS.indexOf(b) ? a : b;
}

type Values = Readonly<Record<string, unknown>>;

/** What is kept of a resource's state. */
export interface ResourceState {
  /** Inputs without secrets. */
  readonly inputs: Values;
  /** Of what is really there, without secrets, what the engine says differs: an import reads few inputs. */
  readonly found: Values;
  /** Inputs that stay as they are whatever the program says. */
  readonly ignoreChanges: readonly string[];
  /** URNs that each input is made of. */
  readonly madeOf: Values;
  /** URNs that it is made after, those among them. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  /** Whether the engine leaves it where it is when it forgets it. */
  readonly retainOnDelete: boolean;
  /** False for components, which are nothing but a place. */
  readonly custom: boolean;
  readonly parent: string | undefined;
  /** Logical name of its provider; undefined for components. */
  readonly provider: string | undefined;
}

/** One resource over all of its steps. */
export interface PreviewedResource extends Urn {
  readonly urn: string;
  readonly op: PreviewOperation;
  /** The engine's own words, in order. */
  readonly steps: readonly string[];
  readonly before: ResourceState | undefined;
  readonly after: ResourceState | undefined;
  /** Properties that the engine says differ. */
  readonly differs: ReadonlySet<string>;
  /** Those of them for which it is replaced. */
  readonly replacedBy: ReadonlySet<string>;
  /** URNs of what it is made after and that changes, too. */
  readonly changedWith: readonly string[];
}

/** Type whose `result` is a password. */
const PASSWORD_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
};

/** An output that is always kept: when RDS does what it does not do at once. */
const MAINTENANCE = "maintenanceWindow";

/**
 * Reads one side of a step, and collects the secrets in it.
 * @param differs properties whose outputs are kept
 * @returns undefined when the step has no such side
 * @throws {MistakeError} when it is not of the engine's form; `where` names the place
 */
function stateOf(
  value: unknown,
  where: string,
  differs: readonly string[],
  secrets: SecretValues,
): ResourceState | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isMap(value)) throw badShape(`${where} is no object`);
  const { inputs, outputs, additionalSecretOutputs, protect, custom, parent, provider, type } = value;
  if (inputs !== undefined && inputs !== null && !isMap(inputs))
    throw badShape(`${where}.inputs is no object`);
  const secretKeys = new Set([
    ...stringsOf(additionalSecretOutputs),
    ...(typeof type === "string" ? (PASSWORD_OUTPUTS[type] ?? []) : []),
  ]);
  const kept = new Set([...differs, MAINTENANCE]);
  const read = mapOf(secrets.scrub("", mapOf(outputs), secretKeys));
  return {
    inputs: mapOf(secrets.scrub("", mapOf(inputs), secretKeys)),
    found: Object.fromEntries(Object.entries(read).filter(([key]) => kept.has(key))),
    ignoreChanges: stringsOf(value.ignoreChanges),
    madeOf: mapOf(value.propertyDependencies),
    dependencies: stringsOf(value.dependencies),
    protect: protect === true,
    retainOnDelete: value.retainOnDelete === true,
    custom: custom !== false,
    parent: typeof parent === "string" ? parent : undefined,
    // A URN, and an id after it.
    provider: typeof provider === "string" ? provider.split("::").at(-2) : undefined,
  };
}

/** `roles[0]` and `tags.app` differ in `roles` and `tags`. */
const topLevel = (path: string) => /^\[?"?([^."[\]]+)/.exec(path)?.[1] ?? path;

/** Properties that the provider says it replaces the resource for. */
function replacingPaths(detailedDiff: unknown): string[] {
  const isReplacing = (diff: unknown) => /-replace$/.test(String(mapOf(diff).kind));
  return Object.entries(mapOf(detailedDiff)).flatMap(([path, diff]) => (isReplacing(diff) ? [path] : []));
}

/** A resource whose steps are still being read. */
type Growing = {
  -readonly [Key in keyof PreviewedResource]: PreviewedResource[Key];
} & { steps: string[]; differs: Set<string>; replacedBy: Set<string> };

function addStep(byUrn: Map<string, Growing>, step: unknown, index: number, secrets: SecretValues): void {
  const where = `steps[${index}]`;
  if (!isMap(step)) throw badShape(`${where} is no object`);
  const { op, urn } = step;
  if (typeof op !== "string") throw badShape(`${where}.op is missing`);
  const parts = typeof urn === "string" ? parseUrn(urn) : undefined;
  if (typeof urn !== "string" || parts === undefined) throw badShape(`${where}.urn is no URN`);
  const replacing = [...stringsOf(step.replaceReasons), ...replacingPaths(step.detailedDiff)].map(topLevel);
  const paths = [...stringsOf(step.diffReasons), ...Object.keys(mapOf(step.detailedDiff))];
  const differs = [...replacing, ...paths.map(topLevel)];
  const before = stateOf(step.oldState, `${where}.oldState`, differs, secrets);
  const after = op === "delete" ? undefined : stateOf(step.newState, `${where}.newState`, [], secrets);
  // A refresh that finds nothing there any more: what was there is gone.
  const isLost = op === "refresh" && before !== undefined && after === undefined;
  const isReplaced = op === "update" && replacing.length > 0;
  const operation = isLost ? "delete" : isReplaced ? "replace" : operationOf(op);
  const known = byUrn.get(urn);
  const said = { before, after, differs: new Set(differs), replacedBy: new Set(replacing) };
  if (known === undefined) {
    byUrn.set(urn, { ...parts, urn, op: operation, steps: [op], ...said, changedWith: [] });
    return;
  }
  const isGone = known.op === "delete" && known.steps.every((one) => one === "refresh");
  known.steps.push(op);
  if (isGone && operation === "create") {
    // The deploy makes anew what the refresh did not find: it loses nothing more.
    Object.assign(known, { op: operation, ...said });
    return;
  }
  if (known.op === "refresh" && before !== undefined) {
    // What a refresh found is what the deploy starts from, not a change of its own.
    Object.assign(known, { op: operation, ...said });
    return;
  }
  // What an import reads is not known while its provider is not: there is nothing that the update could change.
  if (known.op === "import" && op === "update" && !isMap(mapOf(step.oldState).inputs)) return;
  known.op = merged(known.op, operation);
  known.before ??= before;
  known.after = after ?? known.after;
  for (const key of differs) known.differs.add(key);
  for (const key of replacing) known.replacedBy.add(key);
}

/**
 * Gathers the engine's steps by resource, in order of first appearance, and collects their secrets.
 * @throws {MistakeError} when a step is not of the engine's form
 */
export function resourcesOf(steps: readonly unknown[], secrets: SecretValues): PreviewedResource[] {
  const byUrn = new Map<string, Growing>();
  for (const [index, step] of steps.entries()) addStep(byUrn, step, index, secrets);
  const isChanging = (urn: string) => !isLeftAlone(byUrn.get(urn)?.op ?? "same");
  for (const one of byUrn.values()) one.changedWith = one.after?.dependencies.filter(isChanging) ?? [];
  return [...byUrn.values()];
}
