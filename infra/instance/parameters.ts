import { usableMemory } from "../config/budget";
import { harmOf } from "./harmful-parameters";
import { nearest } from "./near";
import { KNOWN_MAJORS, knownParameters, type ParameterFacts } from "./parameter-facts";
import { type JudgedValue, judgeValue } from "./parameter-value";
import {
  LIBRARIES,
  LIBRARY_OF,
  NARROWED_BY_RDS,
  OF_TRANSACTIONS,
  OPERATED,
  SET_BY_RDS,
  UNLISTED_EXTENSIONS,
} from "./rds-parameters";

/** One parameter of the instance's parameter group. */
export interface DatabaseParameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: "immediate" | "pending-reboot";
}

/** The instance that the parameters are of, as far as they go by it. */
export interface ParameterizedInstance {
  /** Major version. */
  readonly engineVersion: string;
  readonly instanceClass: string;
  readonly allocatedStorageGib: number;
}

/**
 * The parameters that stand in every stack; a stack's file may not set them. TLS is RDS's own default since Postgres 15:
 * nothing waits for the reboot that is said here.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
 */
export const PARAMETERS: readonly DatabaseParameter[] = [
  { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
];

/** The most that Postgres lets a session be bound to. */
const MOST_TEMPORARY_GIB = 2047;

/**
 * What stands in every stack whose file does not say otherwise: who came and went, what waited and what took long, without
 * the parameters of statements; and a bound on what one session takes of the shared disk, and on how long it idles.
 * @see docs/decisions/0019-parameters-of-our-own.md
 */
export function defaultParameters(instance: ParameterizedInstance): Record<string, string> {
  const written = {
    idle_session_timeout: "1d",
    log_autovacuum_min_duration: "5s",
    log_connections: "on",
    log_disconnections: "on",
    log_lock_waits: "on",
    log_min_duration_statement: "1s",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
    log_temp_files: "10MB",
    temp_file_limit: `${Math.min(Math.floor(instance.allocatedStorageGib / 5), MOST_TEMPORARY_GIB)}GB`,
    track_io_timing: "on",
  };
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => {
      const judged = judgeParameter(name, value, instance);
      if ("problem" in judged) throw new Error(`${name}: ${judged.problem}`);
      return [name, judged.value] as const;
    }),
  );
}

/** What Postgres 18 takes for the `on` of before. */
const LOGGED_WHEN_ON = "receipt,authentication,authorization";

/** What the version's parameter of a name takes; undefined for one that is not known. */
export function factsOf(name: string, engineVersion: string): ParameterFacts | undefined {
  return knownParameters(Number(engineVersion)).get(name);
}

/** A parameter of a stack's file as RDS takes it, or why it is none. @param name in lower case, as RDS has it */
export function judgeParameter(name: string, raw: string, instance: ParameterizedInstance): JudgedValue {
  const { engineVersion, instanceClass, allocatedStorageGib } = instance;
  const facts = factsOf(name, engineVersion);
  if (PARAMETERS.some((one) => one.name === name)) return { problem: "is the project's own; leave it out" };
  if (OPERATED.has(name)) return { problem: "RDS sets it itself, and refuses another value; leave it out" };
  if (facts === undefined)
    return isLeftToAws(name, engineVersion) ? { value: raw } : { problem: unknownName(name, engineVersion) };
  const lasting = Object.hasOwn(OF_TRANSACTIONS, name) ? OF_TRANSACTIONS[name] : undefined;
  if (lasting !== undefined) return { problem: `is of one transaction; ${lasting} is the server's` };
  if (facts.context === "internal")
    return { problem: "is what the server is built with, and cannot be set; leave it out" };
  if (name === "log_connections" && facts.type === "list") {
    const switched = judgeValue(raw, { ...facts, type: "bool" });
    if ("value" in switched) return { value: switched.value === "1" ? LOGGED_WHEN_ON : "off" };
  }
  const misnamed = Object.hasOwn(TEXT_PROBLEMS, name) ? TEXT_PROBLEMS[name]?.(raw) : undefined;
  if (misnamed !== undefined) return { problem: misnamed };
  const judged = judgeValue(raw, facts, {
    DBInstanceClassMemory: usableMemory(instanceClass),
    AllocatedStorage: allocatedStorageGib * 1024 ** 3,
  });
  if ("problem" in judged) {
    const isNarrowed = facts.words.length > 0 && NARROWED_BY_RDS.includes(`\n${name}|`);
    return isNarrowed ? { problem: `${judged.problem}; RDS takes nothing else` } : judged;
  }
  const harm = harmOf(name, judged.value);
  return harm === undefined ? judged : { problem: harm };
}

/** What is wrong with a text, of those whose form is known. */
const TEXT_PROBLEMS: Readonly<Record<string, (raw: string) => string | undefined>> = {
  shared_preload_libraries: libraryProblem,
  timezone: (raw) => (isTimeZone(raw) ? undefined : "is no time zone by its name, such as Europe/Berlin"),
};

/** Whether a time zone has such a name: what Postgres reckons with beside them, RDS does not take. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[a-z]/i.test(name);
  } catch {
    return false;
  }
}

/** What is wrong with a list of libraries, so that RDS would refuse it, or the server not start. */
function libraryProblem(raw: string): string | undefined {
  const names = raw.split(",").map((one) => one.trim());
  if (raw.trim() !== "" && names.some((one) => one === "" || /\s/.test(one)))
    return "must be libraries with a comma between two of them, such as pg_stat_statements,pgaudit";
  for (const name of names.filter((one) => !LIBRARIES.includes(one))) {
    const near = nearest(name.toLowerCase(), LIBRARIES);
    if (near !== undefined) return `RDS has no library ${name}; did you mean ${near}?`;
  }
  return undefined;
}

/**
 * Whether nobody here can say if there is such a parameter: one of an extension that is not listed, or of a later version, or
 * one of RDS's own, of which its documentation does not list every one, unless a listed one is likely meant.
 */
function isLeftToAws(name: string, engineVersion: string): boolean {
  const [prefix = "", ...rest] = name.split(".");
  if (prefix === "rds" && rest.length > 0) return meantBy(name, engineVersion) === undefined;
  if (rest.length > 0) return UNLISTED_EXTENSIONS.includes(prefix);
  return Number(engineVersion) > Math.max(...KNOWN_MAJORS);
}

/** That there is no parameter of a name, and which one is meant. */
function unknownName(name: string, engineVersion: string): string {
  const none = `Postgres ${engineVersion} on RDS has no such parameter`;
  const elsewhere = KNOWN_MAJORS.filter((major) => knownParameters(major).has(name));
  if (elsewhere.length > 0) return `${none}: it is one of Postgres ${elsewhere.join(" and ")}`;
  const near = meantBy(name, engineVersion);
  return near === undefined ? none : `${none}; did you mean ${near}?`;
}

/** The parameter of the version that a name is likely meant for. */
const meantBy = (name: string, engineVersion: string): string | undefined =>
  nearest(
    name,
    [...knownParameters(Number(engineVersion)).values()]
      .filter((one) => one.context !== "internal" && !OPERATED.has(one.name))
      .map((one) => one.name),
  );

/**
 * When a value of a parameter is applied. Of a parameter that is not known it is the next reboot, which RDS takes of every
 * one; so it is of a value that RDS has by itself, since it answers "pending-reboot" there, whatever it was told: "immediate"
 * would be a change in every preview.
 */
export function applyMethodOf(
  name: string,
  value: string,
  engineVersion: string,
): DatabaseParameter["applyMethod"] {
  const facts = factsOf(name, engineVersion);
  const isDynamic = facts !== undefined && facts.context !== "postmaster";
  const isOfRds = Object.hasOwn(SET_BY_RDS, name) && SET_BY_RDS[name] === value;
  return isDynamic && !isOfRds ? "immediate" : "pending-reboot";
}

/** The library that the server has to load for a parameter to mean anything; undefined for most. */
export function libraryOf(name: string): string | undefined {
  const [prefix = "", ...rest] = name.split(".");
  return rest.length > 0 && Object.hasOwn(LIBRARY_OF, prefix) ? LIBRARY_OF[prefix] : undefined;
}

/** The rows of a parameter group: the project's own, then what the stack's file says or leaves as it is, by name. */
export function parametersOf(
  instance: ParameterizedInstance & {
    readonly parameters: Readonly<Record<string, string>>;
    readonly maxConnections?: number | undefined;
  },
): DatabaseParameter[] {
  const { parameters, maxConnections, engineVersion } = instance;
  const most = maxConnections === undefined ? {} : { max_connections: String(maxConnections) };
  const rows = Object.entries({ ...defaultParameters(instance), ...most, ...parameters })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value, applyMethod: applyMethodOf(name, value, engineVersion) }));
  return [...PARAMETERS.map((one) => ({ ...one })), ...rows];
}
