import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./usage-error";

/** Options of a verb, as `node:util` takes them. */
export type Flags = NonNullable<ParseArgsConfig["options"]>;

/** Options that say where an app is; every verb that talks to a server has them. */
export const PLACE_FLAGS = {
  platform: { type: "string" },
  aws: { type: "boolean" },
  stack: { type: "string" },
  region: { type: "string" },
  "config-dir": { type: "string" },
  endpoint: { type: "string" },
} as const satisfies Flags;

/**
 * Reads a verb's command line.
 * @throws {UsageError} for anything that it does not know; values are never repeated
 */
export function readLine<T extends Flags>(
  verb: string,
  args: readonly string[],
  options: T,
  help = `npm run ops -- ${verb} --help`,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (thrown) {
    const code = (thrown as { code?: unknown }).code;
    if (typeof code !== "string" || !code.startsWith("ERR_PARSE_ARGS")) throw thrown;
    const reason = String((thrown as { message?: unknown }).message ?? code).split(/[.\n]/)[0];
    throw new UsageError(`${verb}: ${reason}: see ${help}`);
  }
}

/** Reads a whole number in a range. @throws {UsageError} */
export function wholeOf(what: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (/^\d{1,9}$/.test(value) && number >= min && number <= max) return number;
  throw new UsageError(`${what} must be a whole number from ${min} to ${max}`);
}
