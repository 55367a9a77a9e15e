import { parse } from "libpg-query";
import { PersonError } from "../../local/person-error";
import { functionsOf, operatorsOf, problemsOf, relationsOf } from "./allowed-nodes";

/** One DELETE or UPDATE of a file. */
export interface PurgeStatement {
  readonly verb: "DELETE" | "UPDATE";
  /** Its text alone, without the semicolon. */
  readonly sql: string;
  /** Line in the file where it begins, from 1. */
  readonly line: number;
  /** Table that it changes, as written, without the schema. */
  readonly target: string;
  /** Every table that it reads or changes, without the schema. */
  readonly relations: readonly string[];
  /** Every function that it calls by name. */
  readonly functions: readonly string[];
  /** Every operator that it uses. */
  readonly operators: readonly string[];
}

/** As much of a parse tree as the top of a statement needs. */
interface Change {
  readonly relation?: { readonly relname?: string };
  readonly whereClause?: unknown;
}

/** Bytes; a longer file is no targeted script. */
const MOST_BYTES = 1_000_000;

/**
 * Reads a file of DELETE and UPDATE statements with Postgres's own parser.
 * @param schema the one schema that may be named
 * @throws {PersonError} with every statement that may not run, and its line
 */
export async function readStatements(file: string, text: string, schema: string): Promise<PurgeStatement[]> {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length > MOST_BYTES) throw new PersonError(`${file} is over ${MOST_BYTES / 1e6} MB: split it`);
  if (bytes.includes(0)) throw new PersonError(`${file} has a NUL byte: it is not SQL`);
  const statements: PurgeStatement[] = [];
  const problems: string[] = [];
  for (const { stmt, stmt_location = 0, stmt_len = 0 } of (await parsed(file, text)).stmts ?? []) {
    // Offsets are bytes, and a length of 0 means to the end.
    const slice = bytes.subarray(stmt_location, stmt_len === 0 ? undefined : stmt_location + stmt_len);
    const leading = leadingLength(slice.toString("utf8"));
    const sql = slice.toString("utf8").slice(leading);
    const before =
      bytes.subarray(0, stmt_location).toString("utf8") + slice.toString("utf8").slice(0, leading);
    const line = before.split("\n").length;
    const [tag = "", node] = Object.entries(stmt ?? {})[0] ?? [];
    const change = (node ?? {}) as Change;
    const verb = tag === "DeleteStmt" ? "DELETE" : tag === "UpdateStmt" ? "UPDATE" : undefined;
    if (verb === undefined) {
      problems.push(`${file}:${line}: only DELETE and UPDATE may run, this is ${wordsOf(tag)}`);
      continue;
    }
    if (change.whereClause === undefined) {
      problems.push(`${file}:${line}: ${verb} without WHERE: write WHERE true when every row is meant`);
    }
    problems.push(...problemsOf(node, schema).map((problem) => `${file}:${line}: ${problem}`));
    const target = change.relation?.relname ?? "";
    statements.push({
      verb,
      sql,
      line,
      target,
      relations: relationsOf(node),
      functions: functionsOf(node),
      operators: operatorsOf(node),
    });
  }
  if (problems.length > 0) throw new PersonError(`nothing was run:\n  ${problems.join("\n  ")}`);
  if (statements.length === 0) throw new PersonError(`${file} has no statement`);
  return statements;
}

async function parsed(file: string, text: string): Promise<Awaited<ReturnType<typeof parse>>> {
  try {
    return await parse(text);
  } catch (thrown) {
    const { sqlDetails } = thrown as { sqlDetails?: { message?: string; cursorPosition?: number } };
    const position = sqlDetails?.cursorPosition ?? 0;
    const line = [...text].slice(0, position).join("").split("\n").length;
    throw new PersonError(
      `${file}:${line}: ${sqlDetails?.message ?? "it cannot be parsed"}; nothing was run`,
    );
  }
}

/** Length of the space and comments before a statement's first word. Postgres nests its block comments. */
function leadingLength(sql: string): number {
  let at = 0;
  for (;;) {
    const space = /^(?:\s+|--[^\n]*(?:\n|$))/.exec(sql.slice(at));
    if (space !== null) {
      at += space[0].length;
    } else if (sql.startsWith("/*", at)) {
      let depth = 0;
      do {
        const mark = sql.slice(at, at + 2);
        const step = mark === "/*" ? 1 : mark === "*/" ? -1 : 0;
        depth += step;
        at += step === 0 ? 1 : 2;
      } while (depth > 0 && at < sql.length);
    } else {
      return at;
    }
  }
}

/** `TruncateStmt` is `TRUNCATE`. */
function wordsOf(tag: string): string {
  return tag
    .replace(/Stmt$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toUpperCase();
}
