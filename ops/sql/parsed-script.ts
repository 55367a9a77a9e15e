import { parse } from "libpg-query";
import { leadingLength } from "./lexer";

/** One statement of a script. */
export interface ParsedStatement {
  /** Its kind, such as `DeleteStmt`. */
  readonly tag: string;
  readonly node: Tree;
  /** Its text alone, without comments before it and without the semicolon. */
  readonly sql: string;
  /** Line where its first word stands, from 1. */
  readonly line: number;
}

/** A script as Postgres's own parser reads it. */
export interface ParsedScript {
  readonly statements: readonly ParsedStatement[];
  /** Why the parser refuses it, and where; the message may repeat text of the script. */
  readonly refusal?: { readonly line: number; readonly message: string };
  /** The line of a node's `location`, which is counted in bytes. */
  lineOf(location: number): number;
}

/** Reads a script with Postgres's own parser; one that it refuses has no statements. */
export async function parsedScript(text: string): Promise<ParsedScript> {
  const bytes = Buffer.from(text, "utf8");
  const ends = lineFeeds(bytes);
  const lineOf = (location: number): number => 1 + countBelow(ends, location);
  const refused = (line: number, message: string): ParsedScript => ({
    statements: [],
    refusal: { line, message },
    lineOf,
  });
  // The parser would stop there and take the rest for nothing.
  if (bytes.includes(0)) return refused(lineOf(bytes.indexOf(0)), "a NUL byte: it is not SQL");
  if (text.trim() === "") return { statements: [], lineOf };
  let tree: Awaited<ReturnType<typeof parse>>;
  try {
    tree = await parse(text);
  } catch (thrown) {
    const { sqlDetails } = thrown as { sqlDetails?: { message?: string; cursorPosition?: number } };
    const before = [...text].slice(0, sqlDetails?.cursorPosition ?? 0).join("");
    return refused(before.split("\n").length, sqlDetails?.message ?? "it cannot be parsed");
  }
  const statements: ParsedStatement[] = [];
  for (const { stmt, stmt_location = 0, stmt_len = 0 } of tree.stmts ?? []) {
    // Offsets are bytes, and a length of 0 means to the end.
    const slice = bytes.subarray(stmt_location, stmt_len === 0 ? undefined : stmt_location + stmt_len);
    const whole = slice.toString("utf8");
    const sql = whole.slice(leadingLength(whole));
    const start = stmt_location + slice.length - Buffer.byteLength(sql);
    const [tag = "", node] = Object.entries(stmt ?? {})[0] ?? [];
    statements.push({ tag, node: isTree(node) ? node : {}, sql, line: lineOf(start) });
  }
  return { statements, lineOf };
}

/** Where the line feeds are. */
function lineFeeds(bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) places.push(at);
  return places;
}

/** How many of sorted numbers are below another: a seed has thousands of statements, so not one by one. */
function countBelow(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A node of Postgres's parse tree, or an unnamed part of one. */
export type Tree = Readonly<Record<string, unknown>>;

/** Whether a value is a node rather than a list of them or a plain value. */
export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A key and its value somewhere below a node, and where in the text that is, as near as the tree says it, in bytes. */
export type Part = readonly [key: string, value: unknown, location: number | undefined];

/** Every key and value below a node. */
export function* parts(value: unknown, near?: number): Generator<Part> {
  if (Array.isArray(value)) for (const item of value) yield* parts(item, near);
  if (!isTree(value)) return;
  for (const [key, part] of Object.entries(value)) {
    const own = isTree(part) && typeof part.location === "number" && part.location > 0 ? part.location : near;
    yield [key, part, own];
    yield* parts(part, own);
  }
}

/** The parts of a dotted name, such as `pg_catalog.lower`. */
export function nameOf(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item: { String?: { sval?: string } }) => item.String?.sval ?? "");
}
