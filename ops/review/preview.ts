import { compareSummary, errorsOf } from "./incompleteness";
import { badShape, isMap, mapOf } from "./preview-shape";
import { type PreviewedResource, resourcesOf } from "./previewed-resource";
import { SecretValues } from "./secret-values";

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
  return { stack: stacks[0] ?? "unknown", resources, incomplete, hidden, config: settings, secrets };
}
