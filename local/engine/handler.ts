import { changedNames, type Properties } from "./values";

/** What a handler knows besides the inputs, which it gets with their secrets opened. */
export interface Call {
  /** The resource's name in the program. */
  readonly name: string;
  /** What the AWS emulator draws ids from. */
  readonly seed: string;
  /** Outputs of an earlier run, when the emulator lost its memory and the resource is made again. */
  readonly recorded?: Properties;
  /** Inputs of the provider that the program gave, opened. */
  readonly provider?: Properties;
  /** Id of the resource that the new one takes the place of, and that still stands. */
  readonly replaces?: string;
}

/** What a handler made. */
export interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

/**
 * What deployed means for one resource type, as the official provider has it. Inputs and outputs have their secrets
 * opened. Which changes replace was asked of the providers themselves; the handlers name their files.
 */
export interface Handler {
  /** Inputs whose change means a new resource, `block.input` for one inside a block; `true` for all of them. */
  readonly replaceOn: readonly string[] | true;
  /** Inputs whose change means a new resource in this case, though not in every one. */
  replacesIf?(before: Properties, after: Properties): readonly string[];
  /** Whether the old resource goes before the new one is made, even if nothing names it. */
  readonly deleteBeforeReplace?: true;
  /** Input properties whose order means nothing. */
  readonly sets?: readonly string[];
  /** What the provider takes where an input is not given: writing it down is no change. */
  readonly defaults?: Properties;
  /** Whether an input that is written differently means the same, such as an equivalent policy. */
  same?(name: string, before: Properties, after: Properties): boolean;
  /** Where it lives: the emulator forgets when it stops, and what is only recorded is nowhere. */
  readonly home?: "emulator" | "record";
  /**
   * Makes it, or takes over what is there under the same name: what an interrupted run made, or what is imported. An
   * import of what does not exist is the engine's to refuse, by `read`.
   */
  create(inputs: Properties, call: Call): Promise<Made>;
  /** Brings it from the old inputs to the new ones. */
  update?(before: Before, inputs: Properties, call: Call): Promise<Made>;
  /**
   * What its server has otherwise than it is known, under the names of its inputs and outputs, as far as the server
   * tells; undefined when it is gone. Of what is imported the id alone is known, and all is told that is no default.
   */
  read?(before: Before, call: Call): Promise<Properties | undefined>;
  /** Whether what is deleted may be restored, and then has the id that it had. */
  readonly isRestorable?: true;
  /** Whether each run reads it though nothing changed, since the program decides by what somebody else may change. */
  readonly readEachRun?: true;
  /** Removes it; what is already gone is no error. */
  remove?(before: Before, call: Call): Promise<void>;
}

/** A resource before the step. */
export interface Before {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** A text among the inputs or outputs; empty when there is none. */
export function textIn(properties: Properties | undefined, key: string): string {
  const value = properties?.[key];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** A whole number among the inputs, which may come as text. */
export function wholeIn(properties: Properties | undefined, key: string, missing: number): number {
  const value = properties?.[key];
  return value === undefined || value === null || value === "" ? missing : Number(value);
}

/** A yes or no among the inputs, which may come as text. */
export function flagIn(properties: Properties | undefined, key: string, missing = false): boolean {
  const value = properties?.[key];
  return value === undefined || value === null ? missing : value === true || value === "true";
}

/** A list of texts among the inputs; empty when there is none. */
export function textsIn(properties: Properties | undefined, key: string): readonly string[] {
  const value = properties?.[key];
  return Array.isArray(value) ? value.map(String) : [];
}

/**
 * What `read` answers, of all that a server says of a resource.
 * @param rules the handler's own: properties whose order means nothing, and what an input is that nobody declares
 */
export function told(
  before: Before,
  found: Properties,
  { sets = [], defaults = {} }: Pick<Handler, "sets" | "defaults"> = {},
): Properties {
  const { inputs, outputs } = before;
  const known = { ...defaults, ...outputs };
  const changed = changedNames(known, found, sets);
  // Nothing is known of what is imported, and of what a killed run was making only what was declared.
  const isNew = Object.keys(outputs).every((key) => key in inputs);
  return Object.fromEntries(
    Object.entries(found).filter(
      ([key, value]) => value !== undefined && changed.includes(key) && (isNew || key in known),
    ),
  );
}

/** Finds the handler of a resource type. @throws {MistakeError} that names a type without one */
export type HandlerOf = (type: string) => Handler;

/** Components and the stack itself: nothing to make. */
export const GROUP: Handler = { replaceOn: [], create: async (inputs) => ({ id: "", outputs: inputs }) };
