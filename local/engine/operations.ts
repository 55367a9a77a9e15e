import { randomBytes } from "node:crypto";
import { MistakeError } from "../../infra/mistake";
import type { Handler, Made } from "./handler";
import type { HandlerOf } from "./handler-of";
import { callFor, removeFromServer } from "./removal";
import { type Declared, kept } from "./request";
import type { Resource } from "./resource";
import type { State } from "./state";
import type { Step } from "./step";
import { opened, type Properties, UNKNOWN_VALUE, withSecrets } from "./values";

/** What the program is told about a resource. */
export interface Registered {
  readonly id: string;
  readonly outputs: Properties;
}

/** What the operations of one deployment work with. */
export interface Work {
  readonly state: State;
  readonly handlerOf: HandlerOf;
  /** Only plan: no handler is called and no state written. */
  readonly preview: boolean;
  /** Called when an operation is done, or planned, with the properties that change. */
  readonly report: (
    op: Step["op"],
    of: Pick<Step, "urn" | "type" | "name">,
    diff?: readonly string[],
  ) => void;
}

/** Makes a resource: one that the state does not have, or the new half of a replacement. */
export async function create(
  { state, preview, report }: Work,
  declared: Declared,
  handler: Handler,
  op: "create" | "replace",
  diff?: readonly string[],
): Promise<Registered> {
  const { urn, inputs } = declared;
  if (preview) {
    report(op, declared, diff);
    return { id: "", outputs: inputs };
  }
  const seed = state.begun.get(urn) ?? randomBytes(8).toString("hex");
  if (handler.home !== undefined) state.record({ begin: urn, seed });
  const made = await handler.create(opened(inputs), callFor(state, declared, seed));
  const resource = resourceOf(declared, made, seed);
  state.record({ put: resource, replaces: op === "replace" });
  report(op, declared, diff);
  return { id: resource.id, outputs: resource.outputs };
}

/** Changes a resource in place. */
export async function update(
  { state, preview, report }: Work,
  declared: Declared,
  handler: Handler,
  old: Resource,
  diff: readonly string[],
): Promise<Registered> {
  if (preview) {
    report("update", declared, diff);
    const unsure = Object.fromEntries(diff.map((key) => [key, declared.inputs[key] ?? UNKNOWN_VALUE]));
    return { id: old.id, outputs: { ...old.outputs, ...unsure } };
  }
  const before = { id: old.id, inputs: opened(old.inputs), outputs: opened(old.outputs) };
  const call = callFor(state, declared, old.seed);
  const made = (await handler.update?.(before, opened(declared.inputs), call)) ?? {
    id: old.id,
    outputs: { ...before.outputs, ...opened(declared.inputs) },
  };
  const resource = resourceOf(declared, made, old.seed);
  state.record({ put: resource });
  report("update", declared, diff);
  return { id: resource.id, outputs: resource.outputs };
}

/** Makes a resource anew; the old one goes when the run ends, or before where both cannot be at a time. */
export async function replace(
  work: Work,
  declared: Declared,
  handler: Handler,
  old: Resource,
  diff: readonly string[],
): Promise<Registered> {
  const { state, handlerOf, preview } = work;
  if (old.protect) {
    throw new MistakeError(
      `unable to replace resource "${old.urn}" as it is currently marked for protection`,
    );
  }
  // Two resources cannot have one name at a time, so the old one goes first, as with the official providers.
  const sameName = old.inputs.name !== undefined && !diff.includes("name");
  if ((declared.deleteBeforeReplace || sameName) && !preview) {
    await removeFromServer(state, old, handlerOf);
    state.record({ drop: old.urn });
  }
  return create(work, declared, handler, "replace", diff);
}

function resourceOf(declared: Declared, made: Made, seed: string): Resource {
  const outputs = withSecrets(made.outputs, declared.inputs, declared.secretOutputs);
  return {
    ...kept(declared),
    custom: declared.custom,
    id: made.id,
    inputs: declared.inputs,
    outputs,
    seed,
  };
}
