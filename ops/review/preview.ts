import { PersonError } from "../../local/person-error";
import { merged, type Operation, operationOf } from "./operation";
import { SecretValues } from "./secret-values";
import { parseUrn, type Urn } from "./urn";

/** What is kept of a resource's state: its outputs are not. */
export interface ResourceState {
  /** Inputs without secrets. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  /** False for components, which are nothing but a place. */
  readonly custom: boolean;
  readonly parent: string | undefined;
}

/** One resource over all of its steps. */
export interface PreviewedResource extends Urn {
  readonly urn: string;
  readonly op: Operation;
  /** The engine's own words, in order. */
  readonly steps: readonly string[];
  readonly before: ResourceState | undefined;
  readonly after: ResourceState | undefined;
  /** Properties that the engine says differ. */
  readonly differs: ReadonlySet<string>;
}

/** A preview, as `pulumi preview --json` prints it, without its secrets. */
export interface Preview {
  readonly stack: string;
  readonly resources: readonly PreviewedResource[];
  /** Why the preview is not the whole change: errors, and steps that the summary counts and the list lacks. */
  readonly incomplete: readonly string[];
  /** How many unchanged resources are left out; `--show-sames` shows them. */
  readonly hidden: number;
  /** The stack's settings, secrets hidden. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: SecretValues;
}

type Json = Record<string, unknown>;

const isMap = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const mapOf = (value: unknown): Json => (isMap(value) ? value : {});
const textsOf = (value: unknown) =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

const HOW = "make it with: pulumi preview --json --show-sames > preview.json";
const badShape = (what: string) => new PersonError(`the preview is not what pulumi prints: ${what}; ${HOW}`);

/** Type whose `result` is a password. */
const PASSWORD_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
};

function stateOf(value: unknown, where: string, secrets: SecretValues): ResourceState | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isMap(value)) throw badShape(`${where} is no object`);
  const { inputs, outputs, additionalSecretOutputs, protect, custom, parent, type } = value;
  if (inputs !== undefined && inputs !== null && !isMap(inputs))
    throw badShape(`${where}.inputs is no object`);
  const secretKeys = new Set([
    ...textsOf(additionalSecretOutputs),
    ...(typeof type === "string" ? (PASSWORD_OUTPUTS[type] ?? []) : []),
  ]);
  secrets.collect("", mapOf(outputs), secretKeys);
  return {
    inputs: mapOf(secrets.scrub("", mapOf(inputs), secretKeys)),
    protect: protect === true,
    custom: custom !== false,
    parent: typeof parent === "string" ? parent : undefined,
  };
}

/** `roles[0]` and `tags.app` differ in `roles` and `tags`. */
const topLevel = (path: string) => /^\[?"?([^."[\]]+)/.exec(path)?.[1] ?? path;

/** A resource whose steps are still being read. */
type Growing = {
  -readonly [Key in keyof PreviewedResource]: PreviewedResource[Key];
} & { steps: string[]; differs: Set<string> };

function addStep(byUrn: Map<string, Growing>, step: unknown, index: number, secrets: SecretValues): void {
  const where = `steps[${index}]`;
  if (!isMap(step)) throw badShape(`${where} is no object`);
  const { op, urn } = step;
  if (typeof op !== "string") throw badShape(`${where}.op is missing`);
  const parts = typeof urn === "string" ? parseUrn(urn) : undefined;
  if (typeof urn !== "string" || parts === undefined) throw badShape(`${where}.urn is no URN`);
  const before = stateOf(step.oldState, `${where}.oldState`, secrets);
  const after = op === "delete" ? undefined : stateOf(step.newState, `${where}.newState`, secrets);
  // A refresh that finds nothing there any more: what was there is gone.
  const isLost = op === "refresh" && before !== undefined && after === undefined;
  const operation = isLost ? "delete" : operationOf(op);
  const paths = [...textsOf(step.diffReasons), ...textsOf(step.replaceReasons)];
  const differs = [...paths, ...Object.keys(mapOf(step.detailedDiff))].map(topLevel);
  const known = byUrn.get(urn);
  if (known === undefined) {
    byUrn.set(urn, { ...parts, urn, op: operation, steps: [op], before, after, differs: new Set(differs) });
    return;
  }
  known.op = merged(known.op, operation);
  known.steps.push(op);
  known.before ??= before;
  known.after = after ?? known.after;
  for (const key of differs) known.differs.add(key);
}

/** Errors of the run, each as its first line. */
function errorsOf(diagnostics: unknown, secrets: SecretValues): string[] {
  if (diagnostics !== undefined && diagnostics !== null && !Array.isArray(diagnostics)) {
    throw badShape("diagnostics is no list");
  }
  const errors = (diagnostics ?? []).filter(isMap).filter(({ severity }) => severity === "error");
  const lines = errors.map(({ message }) => {
    const text = typeof message === "string" ? secrets.redactMessage(message) : "an error without a message";
    return text
      .replace(/^error: /, "")
      .split("\n")
      .slice(0, 2)
      .join(" ")
      .trim();
  });
  return [...new Set(lines)];
}

/**
 * Counts what the summary has and the list lacks.
 * @returns steps that are missing, and how many unchanged resources are left out
 */
function compareSummary(
  summary: Json,
  resources: readonly PreviewedResource[],
): { missing: string[]; hidden: number } {
  const counts = new Map<string, number>();
  let unchanged = 0;
  for (const { steps, op } of resources) {
    for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1);
    if (op === "same" || op === "refresh") unchanged += 1;
  }
  const missing: string[] = [];
  for (const [op, count] of Object.entries(summary)) {
    const lacking = typeof count === "number" ? count - (counts.get(op) ?? 0) : 0;
    if (op !== "same" && lacking > 0)
      missing.push(`${lacking} steps of the kind ${op} are counted, but not in the list`);
  }
  const same = typeof summary.same === "number" ? summary.same : unchanged;
  return { missing, hidden: Math.max(0, same - unchanged) };
}

/**
 * Takes a preview apart.
 * @throws {PersonError} when it is not of the form that the engine prints; never with a value of it
 */
export function parsePreview(value: unknown): Preview {
  if (!isMap(value)) throw badShape("it is no JSON object");
  const { steps = [], changeSummary, diagnostics, config } = value;
  const hasDiagnostics = Array.isArray(diagnostics) && diagnostics.length > 0;
  if (!("steps" in value) && changeSummary === undefined && !hasDiagnostics) {
    throw badShape("it has no steps");
  }
  if (!Array.isArray(steps)) throw badShape("steps is no list");
  const secrets = new SecretValues();
  const settings = mapOf(secrets.scrub("", mapOf(config)));
  const byUrn = new Map<string, Growing>();
  for (const [index, step] of steps.entries()) addStep(byUrn, step, index, secrets);
  const resources = [...byUrn.values()];
  const stacks = [...new Set(resources.map(({ stack }) => stack))];
  if (stacks.length > 1) throw badShape(`it has resources of ${stacks.length} stacks`);
  const { missing, hidden } = compareSummary(mapOf(changeSummary), resources);
  const incomplete = [...errorsOf(diagnostics, secrets), ...missing];
  return { stack: stacks[0] ?? "unknown", resources, incomplete, hidden, config: settings, secrets };
}
