import { parseArgs } from "node:util";
import { codeOf } from "../infra/mistake";
import { UsageError } from "./exit-status";

/** One option of a command. */
export interface Option {
  readonly type: "string" | "boolean";
  /** One letter, as in `-o FILE`. */
  readonly short?: string;
  /** Whether it may stand more than once. */
  readonly multiple?: boolean;
  /** What its value is when it is not given. */
  readonly default?: string;
  /** What help calls its value, such as `FILE`. */
  readonly value?: string;
  /** One sentence for help, without a full stop; the default is added to it. */
  readonly help: string;
}

/** Options by name, without the dashes. */
export type Options = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { type: "boolean" }
  ? boolean
  : O extends { multiple: true }
    ? readonly string[] | undefined
    : O extends { default: string }
      ? string
      : string | undefined;

/** What a command line says, by option; a flag that is not given is false. */
export type Values<O extends Options> = { readonly [Name in keyof O]: ValueOf<O[Name]> };

/** A command line that was understood. */
export interface Line<O extends Options> {
  readonly values: Values<O>;
  readonly positionals: readonly string[];
  /** Those of the positionals that stand behind a `--`: for another program, where the command runs one. */
  readonly passed: readonly string[];
}

/**
 * Reads what follows a command's name.
 * @throws {UsageError} for an option that is not among them; its value, which may be a secret, is not repeated
 */
export function readLine<O extends Options>(args: readonly string[], options: O): Line<O> {
  const flags = Object.entries(options).filter(([, { type }]) => type === "boolean");
  const unset = Object.fromEntries(flags.map(([name]) => [name, false]));
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      tokens: true,
    });
    const end = tokens.find(({ kind }) => kind === "option-terminator");
    const passed = end === undefined ? [] : args.slice(end.index + 1);
    return { values: { ...unset, ...values } as unknown as Values<O>, positionals, passed };
  } catch (thrown) {
    if (!codeOf(thrown)?.startsWith("ERR_PARSE_ARGS")) throw thrown;
    const [reason = ""] = (thrown as Error).message.split(/\.(?:\s|$)|\n/);
    const [, unknown] = /^Unknown option '(.*)'$/s.exec(reason) ?? [];
    throw unknown === undefined ? new UsageError(reason) : unknownOption(unknown);
  }
}

/** An option that nothing takes. @param typed as it was typed; a value behind `=` is left out */
export function unknownOption(typed: string): UsageError {
  return new UsageError(`Unknown option '${typed.split("=", 1)[0]}'`);
}

/** For commands that take options alone. @throws {UsageError} when anything else follows the command's name */
export function requireNoMore(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new UsageError("it takes options alone");
}

/** Reads a whole number in a range. @throws {UsageError} */
export function wholeOf(what: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (/^\d{1,9}$/.test(value) && number >= min && number <= max) return number;
  throw new UsageError(`${what} must be a whole number from ${min} to ${max}`);
}

/** For commands about one stack, whose name alone follows theirs. @throws {UsageError} */
export function oneStack([name, ...more]: readonly string[], example = "dev"): string {
  if (name === undefined || more.length > 0) throw new UsageError(`give one stack, such as ${example}`);
  return stackNameOf(name);
}

/** Reads a stack's name, which becomes part of a file's name and of URNs. @throws {UsageError} */
export function stackNameOf(value: string): string {
  if (/^[a-z][a-z0-9_-]{0,62}$/.test(value)) return value;
  throw new UsageError("bad stack name: lower-case letters, digits, - and _, such as dev or pr-42");
}
