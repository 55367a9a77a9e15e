import { badShape, isMap, mapOf, stringsOf } from "./preview-shape";
import type { SecretValues } from "./secret-values";

/** What is kept of a resource's state: its outputs are not. */
export interface ResourceState {
  /** Inputs without secrets. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  /** False for components, which are nothing but a place. */
  readonly custom: boolean;
  readonly parent: string | undefined;
}

/** Type whose `result` is a password. */
const PASSWORD_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
};

/**
 * Reads one side of a step, and collects the secrets in it.
 * @returns undefined when the step has no such side
 * @throws {MistakeError} when it is not of the engine's form; `where` names the place
 */
export function stateOf(value: unknown, where: string, secrets: SecretValues): ResourceState | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isMap(value)) throw badShape(`${where} is no object`);
  const { inputs, outputs, additionalSecretOutputs, protect, custom, parent, type } = value;
  if (inputs !== undefined && inputs !== null && !isMap(inputs))
    throw badShape(`${where}.inputs is no object`);
  const secretKeys = new Set([
    ...stringsOf(additionalSecretOutputs),
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
