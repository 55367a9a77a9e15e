import { parsedJson } from "../../infra/config/stack-file";
import { MistakeError } from "../../infra/mistake";

/** A resource in a state, as far as it is read here; what else it has is kept. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Of a create that was cut off: its provider has answered, and the answer was not written as done any more. */
  readonly id?: string;
  /** Secrets in it are ciphertexts. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** `<urn>::<id>` of the provider that makes it; none for a component. */
  readonly provider?: string;
  /** The engine asks the provider what it is like before it compares it with the program. */
  readonly refreshBeforeUpdate?: boolean;
}

/** Something that was under way when the deployment ended. */
export interface Operation {
  readonly type: string;
  readonly resource: StateResource;
}

/** What `pulumi stack export` prints. */
export interface ExportedState {
  readonly deployment: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly Operation[];
  };
}

/** Reads what `pulumi stack export` printed. @throws {MistakeError} for anything else */
export function exportedState(text: string): ExportedState {
  const read = Object(parsedJson(text)) as Partial<ExportedState>;
  if (typeof read.deployment === "object" && read.deployment !== null) return read as ExportedState;
  throw new MistakeError("pulumi stack export printed no state: look at it with the same command");
}

/** Resources of a state, in its order. */
export const stateResources = ({ deployment }: ExportedState): readonly StateResource[] =>
  deployment.resources ?? [];

/** What was under way, in the state's order. */
export const underWay = ({ deployment }: ExportedState): readonly Operation[] =>
  deployment.pending_operations ?? [];

/** The name at a URN's end: the resource's in the program. */
export const nameIn = (urn: string): string => urn.split("::").slice(3).join("::");

/** A create that was cut off, and that has made what it should: the provider's id of it. */
export interface Taken {
  readonly resource: StateResource;
  readonly id: string;
}

/**
 * The state as the next deployment needs it: with what was made, and with nothing under way. What was made, changed or
 * deleted meanwhile is marked, so that the engine reads it from its provider before it does anything else, in a preview,
 * too. One write is all it takes: a run that is killed before it has changed nothing, and there is nothing after it.
 */
export function mendedState(state: ExportedState, taken: readonly Taken[]): ExportedState {
  const { pending_operations: operations = [], resources = [], ...rest } = state.deployment;
  const keyOf = ({ urn, id }: StateResource): string => JSON.stringify([urn, id]);
  const changing = new Set(
    operations
      .filter(({ type }) => ["updating", "deleting"].includes(type))
      .map(({ resource }) => keyOf(resource)),
  );
  const kept = resources.map((one) =>
    changing.has(keyOf(one)) ? { ...one, refreshBeforeUpdate: true } : one,
  );
  // Where the provider's answer is not there: what it was given, passwords included, which no provider reads back.
  const made = taken.map(({ resource, id }) => ({
    ...resource,
    id,
    outputs: (resource.id === id ? resource.outputs : undefined) ?? resource.inputs ?? {},
    refreshBeforeUpdate: true,
  }));
  return { ...state, deployment: { ...rest, resources: [...kept, ...made] } };
}
