import { escapeIdentifier } from "pg";
import { printable } from "../../infra/printable";
import { PUBLIC } from "../facts";

/** What takes a finding away. */
export type Mend =
  /** The stack's own deploy, once it has looked at the server (`--refresh`). */
  | { readonly by: "up" }
  /** `repair` of the stack: one statement, which the role `as` runs, or the stack's deployer. */
  | { readonly by: "repair"; readonly statement: string; readonly as?: string | undefined }
  /** The server itself, once somebody restarts it by this. */
  | { readonly by: "reboot"; readonly statement: string }
  /** A person, who types this. */
  | { readonly by: "hand"; readonly statement: string };

/** Something on the server that no stack declares, or that a stack declares and the server has not. */
export interface CatalogFinding {
  /** The role that has it; PUBLIC is every role. */
  readonly who: string;
  readonly what: string;
  /** The object, role or database that it is about. */
  readonly where: string;
  readonly mend: Mend;
}

/** Where a role itself stands. */
export const SERVER = "server";

/** What is said of something that is declared and missing. */
export const NOT_THERE = "is not there";

/** The deploy mends it. */
export const BY_UP: Mend = { by: "up" };

/** Somebody types it: what no command does by itself, since it may take data along or is another role's to do. */
export const byHand = (statement: string): Mend => ({ by: "hand", statement });

/** A role as it stands in a statement. */
export const granteeWord = (role: string): string => (role === PUBLIC ? PUBLIC : quoted(role));

/** A name as it stands in a statement: without quotes where Postgres needs none and it is no key word of SQL's. */
export function quoted(name: string): string {
  return /^(?!current_|session_|system_)[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(name)
    ? name
    : escapeIdentifier(name);
}

/** A name as people read it. */
export function plain(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : escapeIdentifier(name);
}

/** What DROP calls a kind of object, by the name that `pg_identify_object` has for it. */
export function dropWord(kind: string): string {
  if (["function", "procedure", "aggregate"].includes(kind)) return "ROUTINE";
  if (kind === "composite type") return "TYPE";
  return kind === "statistics object" ? "STATISTICS" : kind.toUpperCase();
}

/** A finding in one line, without what mends it, e.g. `portal_auth_dev: table wms_dev.orders: SELECT`. */
export function findingLine({ who, what, where }: Pick<CatalogFinding, "who" | "what" | "where">): string {
  return printable([who, ...(where === SERVER ? [] : [where]), what].join(": "));
}

/** By role, place and what it is, each once. */
export function eachOnce(findings: readonly CatalogFinding[]): CatalogFinding[] {
  const keyOf = ({ who, where, what, mend }: CatalogFinding) => JSON.stringify([who, where, what, mend]);
  const byKey = new Map(findings.map((one) => [keyOf(one), one]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
