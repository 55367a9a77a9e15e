import { isDeepStrictEqual } from "node:util";
import type { Before, Call } from "../../../local/engine/handler";
import type { Properties } from "../../../local/engine/values";

/** What a server has of a resource. */
export interface Found {
  /** Where the server gives it another id than it was looked for by, as for an import. */
  readonly id?: string;
  /** Inputs as they would have to be declared; what a server does not tell is not among them. */
  readonly inputs: Properties;
  /** Outputs that are no inputs. */
  readonly outputs?: Properties;
}

/** Looks for a resource, by its id and what is known of it. @returns undefined when it is gone */
export type Reader = (before: Before, call: Call) => Promise<Found | undefined>;

/** One input: its value on the server, and the value that it has when nobody declares it. */
export type Told = readonly [value: unknown, unsaid: unknown];

/**
 * Inputs as they stand on the server: those that are declared, and those that are not as if nobody had declared them. What
 * says the same in another form (a number as text, another order of a set) stays as it was declared.
 */
export function toldInputs(declared: Properties, told: Readonly<Record<string, Told>>): Properties {
  const inputs: Properties = {};
  for (const [key, [value, unsaid]] of Object.entries(told)) {
    if (key in declared) inputs[key] = isSame(declared[key], value) ? declared[key] : value;
    else if (!isSame(value, unsaid)) inputs[key] = value;
  }
  return inputs;
}

function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(plain(one), plain(other));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(String).sort();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}
