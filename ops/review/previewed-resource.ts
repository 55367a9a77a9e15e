import { merged, type Operation, operationOf } from "./operation";
import { badShape, isMap, mapOf, stringsOf } from "./preview-shape";
import { type ResourceState, stateOf } from "./resource-state";
import type { SecretValues } from "./secret-values";
import { parseUrn, type Urn } from "./urn";

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
  const paths = [...stringsOf(step.diffReasons), ...stringsOf(step.replaceReasons)];
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

/**
 * Gathers the engine's steps by resource, in order of first appearance, and collects their secrets.
 * @throws {MistakeError} when a step is not of the engine's form
 */
export function resourcesOf(steps: readonly unknown[], secrets: SecretValues): PreviewedResource[] {
  const byUrn = new Map<string, Growing>();
  for (const [index, step] of steps.entries()) addStep(byUrn, step, index, secrets);
  return [...byUrn.values()];
}
