import { isDeepStrictEqual } from "node:util";
import { inputOf, UNKNOWN } from "../../access/declared-resource";
import type { PreviewedResource, ResourceState } from "./resource";
import { HIDDEN } from "./secret-values";

/** Stands among a resource's properties for Pulumi's own protection, which is none of its inputs. */
export const PROTECTION = "protect";

/**
 * One property of a state, as it is really there where that is known.
 * @param mark puts something else in place of a value's parts before placeholders are read
 */
export function valueIn(
  state: ResourceState | undefined,
  key: string,
  mark: (value: unknown) => unknown = (value) => value,
): unknown {
  if (state === undefined) return undefined;
  if (key === PROTECTION) return state.protect;
  const values = Object.hasOwn(state.found, key) ? state.found : state.inputs;
  return Object.hasOwn(values, key) ? inputOf({ [key]: mark(values[key]) }, key) : undefined;
}

/** Whether a property is a secret, which the engine does not show. */
export function isSecretIn(state: ResourceState | undefined, key: string): boolean {
  return state?.inputs[key] === HIDDEN;
}

/** Whether a value, or a part of it, is a secret or not known yet: two of them look alike, and are not the same. */
function isHidden(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isHidden);
}

/**
 * Properties that a change changes: those that the engine names, and inputs that differ. Of an input that one side alone
 * has, the engine's word counts where it names any: an import reads many that nobody declares, and nobody changes.
 */
export function changedKeys({ before, after, differs }: PreviewedResource): string[] {
  if (before === undefined || after === undefined)
    return [...new Set([...Object.keys((before ?? after)?.inputs ?? {}), ...differs])].sort();
  const isSame = (key: string) => isDeepStrictEqual(valueIn(before, key), valueIn(after, key));
  const has = ({ inputs }: ResourceState, key: string) => inputOf(inputs, key) !== undefined;
  const named = [...differs].filter((key) => !isSame(key) || isHidden(valueIn(after, key)));
  const declared = [...new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)])].filter(
    (key) =>
      key !== "__defaults" &&
      !isDeepStrictEqual(inputOf(before.inputs, key), inputOf(after.inputs, key)) &&
      (differs.size === 0 || (has(before, key) && has(after, key) && !isSame(key))),
  );
  const guarded = before.protect === after.protect ? [] : [PROTECTION];
  const changed = new Set([...named, ...declared, ...guarded]);
  // The provider computes the one from the other.
  if (changed.has("tags")) changed.delete("tagsAll");
  return [...changed].sort();
}
