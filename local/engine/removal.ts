import { MistakeError, messageOf } from "../../infra/mistake";
import type { Call } from "./handler";
import { GROUP, type HandlerOf } from "./handler-of";
import { inOrder, type Resource } from "./resource";
import type { State } from "./state";
import { opened } from "./values";

/** What a handler is told about a resource: its name, its seed, and its provider's inputs. */
export function callFor(state: State, resource: { name: string; provider: string }, seed: string): Call {
  const { name, provider } = resource;
  const at = Math.max(0, provider.lastIndexOf("::"));
  const [urn, id] = [provider.slice(0, at), provider.slice(at + 2)];
  const known = state.resources.get(urn) ?? state.condemned.find((old) => old.urn === urn && old.id === id);
  return known === undefined ? { name, seed } : { name, seed, provider: opened(known.inputs) };
}

/**
 * What is to be deleted after a run, in order: resources that nobody declared, and the old halves of replacements.
 * @throws {MistakeError} when one of them is protected; then nothing is deleted
 */
export function removalsOf(state: State, declaredUrns: ReadonlySet<string>): readonly Resource[] {
  const isCondemned = (resource: Resource): boolean => state.condemned.includes(resource);
  const gone = inOrder([...state.resources.values(), ...state.condemned])
    .filter((resource) => !declaredUrns.has(resource.urn) || isCondemned(resource))
    .reverse();
  const locked = gone.find((resource) => resource.protect && !isCondemned(resource));
  if (locked === undefined) return gone;
  throw new MistakeError(
    `resource "${locked.urn}" cannot be deleted because it is protected: put it back into the stack's file, ` +
      "or unprotect it there first",
  );
}

/** Deletes a resource from its server, and leaves the state as it is. */
export async function removeFromServer(
  state: State,
  resource: Resource,
  handlerOf: HandlerOf,
): Promise<void> {
  const { id, type, name, inputs, outputs } = resource;
  const handler = resource.custom ? handlerOf(type) : GROUP;
  const before = { id, inputs: opened(inputs), outputs: opened(outputs) };
  try {
    await handler.remove?.(before, callFor(state, resource, resource.seed));
  } catch (thrown) {
    throw new MistakeError(`${type} ${name} could not be deleted: ${messageOf(thrown)}`);
  }
}
