import { readFileSync } from "node:fs";
import type { Client } from "pg";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import type { AppNames } from "../../infra/names";
import { type ParsedScript, parsedScript } from "../sql/parsed-script";
import { readableFile } from "./archive";
import { isCopyFromStdin, restoreProblem } from "./script-rules";
import { runAlone } from "./sending";

/** A statement that runs on the data before anybody can see them. */
export interface MaskStatement {
  readonly sql: string;
  /** File and line where it begins. */
  readonly at: string;
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
    const message = isCopyFromStdin(statement) ? NO_COPY : restoreProblem(statement);
    if (message !== undefined) problems.push({ line: statement.line, message });
  }
  if (problems.length > 0) {
    const lines = problems.map(({ line, message }) => `${file}:${line}: ${message}`);
    throw new MistakeError(`${lines.join("\n  ")}; nothing was changed`);
  }
  if (script.statements.length === 0)
    throw new MistakeError(`${file} holds no statement; nothing was changed`);
  return script.statements.map(({ sql, line }) => ({ sql, at: `${file}:${line}` }));
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

/**
 * Runs the masking statements with the schema on the search path.
 * @throws {MistakeError} with the line of the statement that failed
 */
export async function maskData(
  client: Client,
  { schema }: AppNames,
  statements: readonly MaskStatement[],
): Promise<void> {
  await client.query(
    `SET LOCAL search_path TO "${schema}"; SET LOCAL row_security = on; SET LOCAL check_function_bodies = on`,
  );
  for (const { sql, at } of statements) {
    try {
      await runAlone(client, sql);
    } catch (thrown) {
      const code = codeOf(thrown) ?? "";
      // A lock, or the end of the connection, is not the statement's own fault.
      if (!/^[0-9A-Z]{5}$/.test(code) || /^(08|57P|55P03|40P01)/.test(code)) throw thrown;
      throw new MistakeError(`${at}: ${messageOf(thrown)}; nothing was changed`);
    }
  }
}
