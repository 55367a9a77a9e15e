import { isIP } from "node:net";
import { z } from "zod";
import { MOST_TIMEOUT_SECONDS } from "../timeouts";
import { parseEndpoint } from "./endpoint";

/** A setting whose value is one word or line. */
export const text = (what: string, pattern = /\S/) =>
  z.string({ error: `must be ${what}` }).regex(pattern, { error: `must be ${what}` });

/** The CLI hands numbers and booleans over as text. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: "must be a whole number" })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: `must be from ${min} to ${max}` });

/** `true` or `false`, as text. */
export const flag = z
  .enum(["true", "false"], { error: "must be true or false" })
  .transform((v) => v === "true");

/** A key that a map of JavaScript does not keep: whatever stands there would be left out without a word. */
const PROTOTYPE = "__proto__";

/** The CLI hands maps and lists over as JSON text. */
export function structured<T extends z.ZodType>(schema: T, what: string) {
  return z
    .string()
    .transform((value, context) => {
      let hasPrototype = false;
      try {
        const parsed = JSON.parse(value, (key, inner) => {
          hasPrototype ||= key === PROTOTYPE;
          return inner;
        }) as unknown;
        if (!hasPrototype) return parsed;
        context.addIssue({ code: "custom", message: `has a '${PROTOTYPE}'; choose another name` });
      } catch {
        context.addIssue({ code: "custom", message: `must be ${what}` });
      }
      return z.NEVER;
    })
    .pipe(schema);
}

/** `host:port`. */
export const endpoint = z.string().transform((value, context) => {
  const parsed = parseEndpoint(value);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: "custom", message: "must be host:port, such as localhost:6543" });
  return z.NEVER;
});

/** Whether a text is an IPv4 network no wider than /8, with no bits set past its prefix. */
function isNarrowCidr(value: string): boolean {
  const [address = "", prefix = "", ...rest] = value.split("/");
  const bits = Number(prefix);
  if (rest.length > 0 || isIP(address) !== 4 || !/^[1-9]\d?$/.test(prefix) || bits < 8 || bits > 32)
    return false;
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return number % 2 ** (32 - bits) === 0;
}

/** Who may reach the instance: an IPv4 network or a security group, never the whole internet. */
export const source = z
  .string({ error: "must be a CIDR block or a security group id" })
  .refine((value) => /^sg-[0-9a-f]+$/.test(value) || isNarrowCidr(value), {
    error: "must be an IPv4 CIDR block of /8 or narrower, never 0.0.0.0/0, or a security group id (sg-…)",
  });

/** A whole number inside a structured setting. */
export const integer = (min: number, max: number) =>
  z
    .number({ error: "must be a whole number" })
    .int({ error: "must be a whole number" })
    .min(min, { error: `must be from ${min} to ${max}` })
    .max(max, { error: `must be from ${min} to ${max}` });

const timeout = integer(0, MOST_TIMEOUT_SECONDS).optional();

/** Limits of a login's sessions, in seconds; 0 is none. @default by what the login is for: timeouts.ts */
export const TIMEOUTS = {
  /** Until a statement is cancelled. */
  statementTimeout: timeout,
  /** Until a session that does nothing inside a transaction is ended. */
  idleInTransactionTimeout: timeout,
};

/** Whether no value stands twice; AWS or the engine would refuse the second one halfway. */
export const allDiffer = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
