import { settingsOf } from "../../infra/config/stack-file";
import { MistakeError } from "../../infra/mistake";
import { PROJECT } from "../../infra/names";
import { badShape, isMap, type Json, mapOf } from "./preview-text";
import { type PreviewedResource, resourcesOf } from "./resource";
import { SecretValues } from "./secret-values";

/** A preview, as `pulumi preview --json` prints it, without its secrets. */
export interface Preview {
  readonly stack: string;
  readonly resources: readonly PreviewedResource[];
  /** Why the preview is not the whole change: errors, and steps that the summary counts and the list lacks. */
  readonly incomplete: readonly string[];
  /** Whether the engine came to its end, where it counts the steps. */
  readonly isEnded: boolean;
  /** How many unchanged resources are left out; `--show-sames` shows them. */
  readonly hidden: number;
  /** The stack's settings, secrets hidden. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: SecretValues;
}

/** What the engine says at the end of every preview that failed: it is no reason. */
const ENGINE_FAILED = "preview failed";

/** Errors of the run, each whole and without secrets. @throws {MistakeError} when they are no list */
function errorsOf(diagnostics: unknown, secrets: SecretValues): string[] {
  if (diagnostics !== undefined && diagnostics !== null && !Array.isArray(diagnostics)) {
    throw badShape("diagnostics is no list");
  }
  const errors = (diagnostics ?? []).filter(isMap).filter(({ severity }) => severity === "error");
  const lines = errors.map(({ message }) => {
    const text = typeof message === "string" ? secrets.redactMessage(message) : "an error without a message";
    return text.replace(/^error: /, "").trim();
  });
  const reasons = [...new Set(lines)].filter((text) => text !== ENGINE_FAILED);
  return reasons.length > 0 ? reasons : [...new Set(lines)];
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
 * @throws {MistakeError} when it is not of the form that the engine prints; never with a value of it
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
  const resources = resourcesOf(steps, secrets);
  const stacks = [...new Set(resources.map(({ stack }) => stack))];
  if (stacks.length > 1) throw badShape(`it has resources of ${stacks.length} stacks`);
  const { missing, hidden } = compareSummary(mapOf(changeSummary), resources);
  const incomplete = [...errorsOf(diagnostics, secrets), ...missing];
  const isEnded = isMap(changeSummary);
  return {
    stack: stacks[0] ?? "unknown",
    resources,
    incomplete,
    isEnded,
    hidden,
    config: settings,
    secrets,
  };
}

/**
 * Refuses the preview of another stack than the one that is asked for: a file of another name may hold it.
 * @throws {MistakeError} with both names
 */
export function requireStack({ stack, resources }: Preview, wanted: string | undefined): void {
  // One that failed before it came to a stack names none, and says why.
  if (wanted === undefined || resources.length === 0 || stack === wanted) return;
  throw new MistakeError(`the preview is of the stack ${stack}, not of ${wanted}: preview ${wanted} itself`);
}

/**
 * Refuses what is no whole preview of a stack of this project: "safe" would be said of nothing, or of another's change.
 * A run that failed before it came to a stack has said why: it is incomplete, and so not safe.
 * @throws {MistakeError} with the other project, or what is missing
 */
export function requireOwn({ resources, incomplete, isEnded }: Preview): void {
  const strange = resources.find(({ project }) => project !== PROJECT);
  if (strange !== undefined)
    throw new MistakeError(
      `the preview is of the project ${strange.project}, not of ${PROJECT}: make it in this project's folder`,
    );
  if (incomplete.length > 0) return;
  // The engine names it in each preview, also where nothing changes.
  if (!resources.some(({ type }) => type === "pulumi:pulumi:Stack"))
    throw badShape("there is no stack in it");
  if (!isEnded) throw badShape("it has no changeSummary, which the engine writes at its end");
}

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** The stack's own settings, as the program reads them. */
export function settingsIn({ config }: Pick<Preview, "config">): Record<string, string> {
  return settingsOf(Object.fromEntries(Object.entries(config).map(([key, value]) => [key, asText(value)])));
}
