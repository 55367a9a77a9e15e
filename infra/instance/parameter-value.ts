import { type FormulaVariables, formulaValue, isFormula } from "./formula";
import type { ParameterFacts } from "./parameter-facts";

/** What a value is to RDS, or why it is none. */
export type JudgedValue = { readonly value: string } | { readonly problem: string };

const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1024,
  "8kB": 8192,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};
const MILLISECONDS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The units that Postgres takes in place of a parameter's own. */
const unitsBeside = (unit: string): Readonly<Record<string, number>> =>
  Object.hasOwn(BYTES, unit) ? BYTES : Object.hasOwn(MILLISECONDS, unit) ? MILLISECONDS : {};

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/i;

/** A size or a time as people would write it, by the unit of the parameter. */
const EXAMPLES: Readonly<Record<string, string>> = {
  B: "1kB",
  kB: "64MB",
  "8kB": "1GB",
  MB: "2GB",
  ms: "5s",
  s: "1min",
  min: "1h",
};

/** What a parameter's number counts, for an error. */
const unitWords = (unit: string): string => (unit === "8kB" ? "8 kB blocks" : unit);

/** How a parameter's numbers are written, for an error. */
function form({ unit, type }: ParameterFacts): string {
  if (unit === "") return type === "integer" ? "a whole number" : "a number";
  return `a number of ${unitWords(unit)}, or one with its unit, such as ${EXAMPLES[unit]}`;
}

/** Postgres's bound of a number that has none. */
const NO_BOUND = 1e300;

/** The bounds of a parameter, for an error. */
function bounds({ min, max, unit }: ParameterFacts): string {
  const units = unit === "" ? "" : ` ${unitWords(unit)}`;
  return max > NO_BOUND ? `must be ${min} or more` : `must be from ${min} to ${max}${units}`;
}

/** A number in the parameter's own unit, of one that may be written with another. */
function numberOf(text: string, facts: ParameterFacts): JudgedValue {
  const [digits = ""] = NUMBER.exec(text) ?? [];
  const unit = text.slice(digits.length).trim();
  const units = unitsBeside(facts.unit);
  if (digits === "" || (unit !== "" && !Object.hasOwn(units, unit))) {
    const meant = Object.keys(units).filter((one) => one.toLowerCase() === unit.toLowerCase());
    const hint = digits !== "" && meant.length === 1 ? `: ${digits}${meant[0]} is what is meant` : "";
    return { problem: `must be ${form(facts)}${hint}` };
  }
  const own = unit === "" ? 1 : (units[unit] ?? 1) / (units[facts.unit] ?? 1);
  // Without what binary fractions add, so that 0.1 s is 100 ms and nothing else.
  const number = unit === "" ? Number(digits) : Math.round(Number(digits) * own * 1e6) / 1e6;
  if (facts.type === "integer" && !Number.isInteger(number)) {
    const [low, high] = [Math.floor(number), Math.ceil(number)];
    const whole = facts.unit === "" ? "" : ` of ${unitWords(facts.unit)}`;
    return { problem: `${text} is no whole number${whole}: write ${low} or ${high}` };
  }
  if (number < facts.min || number > facts.max) return { problem: bounds(facts) };
  return { value: String(number) };
}

/** A formula of RDS, which it reckons out when the server starts. */
function formulaOf(text: string, facts: ParameterFacts, variables: FormulaVariables): JudgedValue {
  const found = formulaValue(text, variables);
  if (found === undefined)
    return { problem: "is no formula of RDS, such as {DBInstanceClassMemory/32768} or LEAST({…},5000)" };
  if (found < facts.min || found > facts.max)
    return { problem: `comes to ${found} on this instance, and ${bounds(facts)}` };
  return { value: text.trim() };
}

const ON = /^(?:on|yes|true|1)$/i;
const OFF = /^(?:off|no|false|0)$/i;

/** A word in RDS's own letters, of one in any; what switches is on and off by several names. */
function wordOf(text: string, words: readonly string[]): JudgedValue {
  const written = words.find((word) => word.toLowerCase() === text.toLowerCase());
  const switched = [ON, OFF].find((one) => one.test(text));
  const word = written ?? words.find((one) => switched?.test(one));
  return word === undefined ? { problem: `must be one of ${words.join(", ")}` } : { value: word };
}

/** Words with a comma between two of them, and no space, which RDS need not take. */
function listOf(text: string, words: readonly string[]): JudgedValue {
  const found = text.split(",").map((one) => one.trim().toLowerCase());
  return found.every((one) => words.includes(one))
    ? { value: found.join(",") }
    : { problem: `must be of ${words.join(", ")}, with a comma between two of them` };
}

/** A value as RDS takes it, of one as people and Postgres write it. */
export function judgeValue(
  raw: string,
  facts: ParameterFacts,
  variables: FormulaVariables = {},
): JudgedValue {
  const text = raw.trim();
  if (/[\p{Cc}]/u.test(raw)) return { problem: "has a control character" };
  switch (facts.type) {
    case "bool":
      if (ON.test(text)) return { value: "1" };
      if (OFF.test(text)) return { value: "0" };
      return { problem: "must be on or off" };
    case "enum":
      return wordOf(text, facts.words);
    case "list":
      return listOf(text, facts.words);
    case "integer":
    case "real":
      return isFormula(text) ? formulaOf(text, facts, variables) : numberOf(text, facts);
    default:
      return text === "" ? { problem: "must not be empty" } : { value: raw };
  }
}

/** The largest unit in which an amount is a whole number, with it: `64 MB`, `1 d`. */
function inUnits(amount: number, units: Readonly<Record<string, number>>): string | undefined {
  const fitting = Object.entries(units).filter(
    ([unit, size]) => unit !== "8kB" && Number.isInteger(amount / size),
  );
  const [unit, size = 1] = fitting.at(-1) ?? [];
  return unit === undefined ? undefined : `${amount / size} ${unit}`;
}

/** A value of RDS's in the unit that people read: `65536` kB is `64 MB`, `1` of a switch is `on`. */
export function readable(value: string, facts: ParameterFacts | undefined): string {
  if (facts?.type === "bool") return value === "1" ? "on" : value === "0" ? "off" : value;
  const number = Number(value);
  // 0 and -1 are words of their own: none, off, without a limit.
  if (facts === undefined || facts.unit === "" || !/^\d+(?:\.\d+)?$/.test(value) || number === 0)
    return value;
  const units = unitsBeside(facts.unit);
  return inUnits(number * (units[facts.unit] ?? 1), units) ?? `${value} ${facts.unit}`;
}
