import { randomBytes } from "node:crypto";
import { MistakeError, messageOf } from "../../infra/mistake";
import type { Diff } from "./diff";
import { type Call, GROUP, type Handler, type HandlerOf, type Made } from "./handler";
import { type Declaration, kept } from "./request";
import { inOrder, type Resource, type State } from "./state";
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
  declared: Declaration,
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
  const replaces = state.resources.get(urn)?.id;
  const call = { ...callFor(state, declared, seed), ...(replaces === undefined ? {} : { replaces }) };
  await requireImported(declared, handler, call);
  if (handler.home !== undefined) state.record({ begin: urn, seed });
  const made = await handler.create(opened(inputs), call);
  const resource = resourceOf(declared, made, seed);
  state.record({ put: resource, replaces: op === "replace" });
  report(op, declared, diff);
  return { id: resource.id, outputs: resource.outputs };
}

/**
 * An import takes over what is there, and brings it to the declared inputs in the same run.
 * @throws {MistakeError} when it is not there, as the official engine does
 */
async function requireImported({ type, name, importId }: Declaration, handler: Handler, call: Call) {
  if (importId === "" || handler.read === undefined) return;
  if ((await handler.read({ id: importId, inputs: {}, outputs: {} }, call)) !== undefined) return;
  throw new MistakeError(`${type} ${name} cannot be imported: ${importId} does not exist`);
}

/** Changes a resource in place. */
export async function update(
  { state, preview, report }: Work,
  declared: Declaration,
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

/** What a resource is on its server, where its program decides by that; the rest is as it was deployed. */
export async function readAgain({ state }: Work, handler: Handler, old: Resource): Promise<Properties> {
  if (handler.readEachRun !== true) return old.outputs;
  const before = { id: old.id, inputs: opened(old.inputs), outputs: opened(old.outputs) };
  const found = await handler.read?.(before, callFor(state, old, old.seed));
  return { ...old.outputs, ...found };
}

/** Makes a resource anew; the old one goes when the run ends, or before where both cannot be at a time. */
export async function replace(
  work: Work,
  declared: Declaration,
  handler: Handler,
  old: Resource,
  diff: Diff,
): Promise<Registered> {
  const { state, handlerOf, preview } = work;
  if (old.protect) {
    throw new MistakeError(
      `unable to replace resource "${old.urn}" as it is currently marked for protection`,
    );
  }
  if ((declared.deleteBeforeReplace ?? diff.deleteBeforeReplace) && !preview) {
    await removeFromServer(state, old, handlerOf);
    state.record({ drop: old.urn });
  }
  return create(work, declared, handler, "replace", diff.names);
}

function resourceOf(declared: Declaration, made: Made, seed: string): Resource {
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

/** What a handler is told about a resource: its name, its seed, and its provider's inputs. */
function callFor(state: State, resource: { name: string; provider: string }, seed: string): Call {
  const { name, provider } = resource;
  const at = Math.max(0, provider.lastIndexOf("::"));
  const [urn, id] = [provider.slice(0, at), provider.slice(at + 2)];
  const known = state.resources.get(urn) ?? state.condemned.find((old) => old.urn === urn && old.id === id);
  return known === undefined ? { name, seed } : { name, seed, provider: opened(known.inputs) };
}

/**
 * What is to be deleted after a run, in order: resources that nobody declared, and the old halves of replacements.
 * @throws {MistakeError} with all of them that are protected; then nothing is deleted
 */
export function removalsOf(state: State, declaredUrns: ReadonlySet<string>): readonly Resource[] {
  const isCondemned = (resource: Resource): boolean => state.condemned.includes(resource);
  const gone = inOrder([...state.resources.values(), ...state.condemned])
    .filter((resource) => !declaredUrns.has(resource.urn) || isCondemned(resource))
    .reverse();
  const locked = gone.filter((resource) => resource.protect && !isCondemned(resource));
  if (locked.length === 0) return gone;
  throw new MistakeError(
    [
      "these cannot be deleted because they are protected, and nothing was deleted:",
      ...locked.map(({ urn }) => `  ${urn}`),
      "Put them back into the stack's file. If they shall go: docs/runbook.md,",
      '"Remove an app", has the order, and npm run local -- unprotect takes the',
      "protection off, by URN or by an app and its environment.",
    ].join("\n"),
  );
}

/** Deletes a resource from its server, and leaves the state as it is. */
export async function removeFromServer(
  state: State,
  resource: Resource,
  handlerOf: HandlerOf,
): Promise<void> {
  const { id, type, name, inputs, outputs } = resource;
  if (resource.retainOnDelete) return;
  const handler = resource.custom ? handlerOf(type) : GROUP;
  const before = { id, inputs: opened(inputs), outputs: opened(outputs) };
  try {
    await handler.remove?.(before, callFor(state, resource, resource.seed));
  } catch (thrown) {
    throw new MistakeError(`${type} ${name} could not be deleted: ${messageOf(thrown)}`);
  }
}
