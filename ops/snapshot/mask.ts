import { readFileSync } from "node:fs";
import type { Client } from "pg";
import { printLine } from "../../cli/lines";
import { MistakeError, messageOf } from "../../infra/mistake";
import type { AppNames } from "../../infra/names";
import { printable } from "../../infra/printable";
import { type ChangedRows, changedSince, printChanged, rowsChanged, rowsText } from "../app/changed-rows";
import { filledViews, refreshViews } from "../app/materialized-views";
import { isStatementsFault, runAlone } from "../app/run-alone";
import { isTree, type ParsedScript, parsedScript, type Tree } from "../sql/parsed-script";
import { readableFile } from "./archive";
import { type SchemaShape, schemaShape, shapeChanges } from "./schema-shape";
import { isCopyFromStdin, maskProblem } from "./script-rules";
import { checkSession, sessionState } from "./session-state";

/** A statement that runs on the data before anybody can see them. */
export interface MaskStatement {
  readonly sql: string;
  /** File and line where it begins. */
  readonly at: string;
  /** The table that it changes, without the schema; undefined where it names none or several. */
  readonly target: string | undefined;
}

const NO_COPY = "COPY FROM stdin has no place in it";

/**
 * Reads a masking script whole, with Postgres's own parser.
 * @throws {MistakeError} with every statement that cannot be part of the restore's transaction; when there are none
 */
export async function readMask(path: string): Promise<readonly MaskStatement[]> {
  const file = readableFile(path);
  const text = readFileSync(file, "utf8");
  const script = await parsedScript(text);
  const problems = script.refusal === undefined ? [] : [await refusalOf(text, script.refusal)];
  for (const statement of script.statements) {
    const message = isCopyFromStdin(statement) ? NO_COPY : maskProblem(statement);
    if (message !== undefined) problems.push({ line: statement.line, message });
  }
  if (problems.length > 0) {
    const lines = problems.map(({ line, message }) => `${file}:${line}: ${message}`);
    throw new MistakeError(`${lines.join("\n  ")}; nothing was changed`);
  }
  if (script.statements.length === 0)
    throw new MistakeError(`${file} holds no statement; nothing was changed`);
  return script.statements.map(({ sql, line, node }) => ({
    sql,
    at: `${file}:${line}`,
    target: targetOf(node),
  }));
}

function targetOf({ relation, relations }: Tree): string | undefined {
  const [first, second] = Array.isArray(relations) ? relations : [{ RangeVar: relation }];
  const range = isTree(first) && second === undefined ? first.RangeVar : undefined;
  return isTree(range) ? String(range.relname) : undefined;
}

/** What the parser's refusal means where it is psql that would go on. */
async function refusalOf(
  text: string,
  { line, message }: NonNullable<ParsedScript["refusal"]>,
): Promise<NonNullable<ParsedScript["refusal"]>> {
  const lines = text.split("\n");
  // Rows are no SQL: it stops at the line after the COPY.
  const { statements } = await parsedScript(lines.slice(0, line - 1).join("\n"));
  const last = statements.at(-1);
  if (last !== undefined && isCopyFromStdin(last)) return { line: last.line, message: NO_COPY };
  const [command] = /\\.{0,39}/.exec(lines[line - 1] ?? "") ?? [];
  if (/at or near "\\/.test(message) && command !== undefined)
    return { line, message: `a command of psql stands in it: ${command}` };
  const open = /^unterminated .*? at or near "([\s\S]*)"$/.exec(message)?.[1];
  return open === undefined
    ? { line, message }
    : { line, message: `a quote has no end: ${open.slice(0, 80)}` };
}

/** What of a clone is told when it has been masked. */
interface Masked {
  /** Tables with rows in which the mask changed none. */
  readonly untouched: readonly string[];
}

/**
 * Runs the masking statements with the schema on the search path, says what each changed, and fills materialized views
 * anew: they hold the rows as they were.
 * @throws {MistakeError} with the line of the statement that failed, or made another session or schema of it
 */
export async function maskData(
  client: Client,
  { schema }: AppNames,
  statements: readonly MaskStatement[],
): Promise<Masked> {
  const shape = await schemaShape(client, schema);
  const loaded = await rowsChanged(client, schema);
  // A policy that holds for the owner, too, would hide rows from the mask: that is an error.
  await client.query(
    `SET LOCAL search_path TO "${schema}"; SET LOCAL row_security = off; SET LOCAL check_function_bodies = on`,
  );
  const session = await sessionState(client);
  let before = loaded;
  for (const { sql, at, target } of statements) {
    try {
      const { verb, rows } = await runAlone(client, sql);
      const after = await rowsChanged(client, schema);
      const what = target === undefined ? verb : `${verb} ${target}`;
      // Rows of a SELECT are those that it gives, and not those that its functions change.
      const changed = target === undefined ? rowsIn(changedSince(before, after)) : rows;
      printLine(`${at}  ${what}${changed === null ? "" : `: ${rowsText(changed)}`}`, "  ");
      before = after;
    } catch (thrown) {
      if (!isStatementsFault(thrown)) throw thrown;
      throw new MistakeError(`${at}: ${printable(messageOf(thrown))}; nothing was changed`);
    }
    await checkSession(client, session, `${at}: it`);
  }
  const now = await rowsChanged(client, schema);
  const changed = changedSince(loaded, now);
  await checkShape(client, schema, shape);
  printChanged(changed);
  await refreshViews(client, await filledViews(client, schema));
  const touched = changed.filter(({ deleted, updated }) => deleted + updated > 0).map(({ table }) => table);
  return { untouched: now.map(({ table }) => table).filter((table) => !touched.includes(table)) };
}

/** How many rows were changed; null for none, since TRUNCATE and its like count none. */
function rowsIn(changed: readonly ChangedRows[]): number | null {
  return (
    changed.reduce((sum, { deleted, updated, inserted }) => sum + deleted + updated + inserted, 0) || null
  );
}

/** A mask changes rows; what else it did, by whatever function, is no mask's to do. @throws {MistakeError} */
async function checkShape(client: Client, schema: string, before: SchemaShape): Promise<void> {
  const changes = shapeChanges(before, await schemaShape(client, schema));
  if (changes.length === 0) return;
  const some = changes.slice(0, 5).map(printable).join("; ");
  throw new MistakeError(
    `the mask made, changed or dropped ${changes.length > 5 ? `${some} and more` : some}: it may change rows alone; nothing was changed`,
  );
}
