import type { Properties } from "./values";

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
}

/** What a handler made. */
export interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

/** What deployed means for one resource type. Inputs and outputs have their secrets opened. */
export interface Handler {
  /** Input properties whose change means a new resource; `true` for all of them. */
  readonly replaceOn: readonly string[] | true;
  /** Input properties whose order means nothing. */
  readonly sets?: readonly string[];
  /** Where it lives: the emulator forgets when it stops, and what is only recorded is nowhere. */
  readonly home?: "emulator" | "record";
  /** Makes it, or takes over what an interrupted run made under the same name. */
  create(inputs: Properties, call: Call): Promise<Made>;
  /** Brings it from the old inputs to the new ones. */
  update?(before: Before, inputs: Properties, call: Call): Promise<Made>;
  /** Outputs that somebody else may have changed, as the server has them; what the program decides by is read anew. */
  read?(before: Before, call: Call): Promise<Properties>;
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

/** Finds the handler of a resource type. @throws {MistakeError} that names a type without one */
export type HandlerOf = (type: string) => Handler;

/** Components and the stack itself: nothing to make. */
export const GROUP: Handler = { replaceOn: [], create: async (inputs) => ({ id: "", outputs: inputs }) };
