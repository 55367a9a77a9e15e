import { MistakeError } from "../../infra/mistake";
import { printable } from "../../infra/printable";
import { isTree, parsedScript } from "../sql/parsed-script";
import { functionsOf, operatorsOf, purgeProblems, relationsOf } from "./allowed-nodes";

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

/** Bytes; a longer file is no targeted script. */
const MOST_BYTES = 1_000_000;

/**
 * Reads a file of DELETE and UPDATE statements with Postgres's own parser.
 * @param schema the one schema that may be named
 * @throws {MistakeError} with every statement that may not run, and its line
 */
export async function readStatements(file: string, text: string, schema: string): Promise<PurgeStatement[]> {
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new MistakeError(`${file} is over ${MOST_BYTES / 1e6} MB: split it`);
  const script = await parsedScript(text);
  if (script.refusal !== undefined)
    throw new MistakeError(`${file}:${script.refusal.line}: ${script.refusal.message}; nothing was run`);
  const statements: PurgeStatement[] = [];
  const problems: string[] = [];
  for (const { tag, node, sql, line } of script.statements) {
    const verb = tag === "DeleteStmt" ? "DELETE" : tag === "UpdateStmt" ? "UPDATE" : undefined;
    if (verb === undefined) {
      problems.push(`${file}:${line}: only DELETE and UPDATE may run, this is ${wordsOf(tag)}`);
      continue;
    }
    if (node.whereClause === undefined) {
      problems.push(`${file}:${line}: ${verb} without WHERE: write WHERE true when every row is meant`);
    }
    problems.push(...purgeProblems(node, schema).map((problem) => `${file}:${line}: ${problem}`));
    const target = isTree(node.relation) ? String(node.relation.relname) : "";
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
  if (problems.length > 0)
    throw new MistakeError(`nothing was run:\n  ${problems.map(printable).join("\n  ")}`);
  if (statements.length === 0) throw new MistakeError(`${file} has no statement`);
  return statements;
}

/** `TruncateStmt` is `TRUNCATE`. */
function wordsOf(tag: string): string {
  return tag
    .replace(/Stmt$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toUpperCase();
}
