import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import type { Client } from "pg";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import type { AppNames } from "../../infra/names";
import { piecesOf, ScriptError } from "../sql/script-pieces";
import { readableFile } from "./archive";
import { checkStatement } from "./script-rules";

/**
 * Reads a masking script whole: it is written by hand.
 * @returns its statements
 * @throws {MistakeError} when one of them cannot be part of the restore's transaction, or there are none
 */
export async function readMask(path: string): Promise<readonly string[]> {
  const file = readableFile(path);
  const statements: string[] = [];
  try {
    // The last statement of what people write often has no semicolon.
    const script = Readable.from([readFileSync(file), Buffer.from("\n;")]) as AsyncIterable<Buffer>;
    for await (const piece of piecesOf(script)) {
      if (piece.kind !== "statement" || piece.copy)
        throw new ScriptError("COPY FROM stdin has no place in it");
      checkStatement(piece.sql);
      statements.push(piece.sql);
    }
  } catch (thrown) {
    if (thrown instanceof ScriptError)
      throw new MistakeError(`${file}: ${thrown.message}; nothing was changed`);
    throw thrown;
  }
  if (statements.length === 0) throw new MistakeError(`${file} holds no statement; nothing was changed`);
  return statements;
}

/**
 * Runs the masking statements with the schema on the search path.
 * @throws {MistakeError} with the number of the statement that failed
 */
export async function maskData(
  client: Client,
  { schema }: AppNames,
  statements: readonly string[],
): Promise<void> {
  await client.query(
    `SET LOCAL search_path TO "${schema}"; SET LOCAL row_security = on; SET LOCAL check_function_bodies = on`,
  );
  for (const [index, sql] of statements.entries()) {
    try {
      await client.query(sql);
    } catch (thrown) {
      const code = codeOf(thrown) ?? "";
      // A lock, or the end of the connection, is not the statement's own fault.
      if (!/^[0-9A-Z]{5}$/.test(code) || /^(08|57P|55P03|40P01)/.test(code)) throw thrown;
      throw new MistakeError(
        `statement ${index + 1} of the mask failed: ${messageOf(thrown)}; nothing was changed`,
      );
    }
  }
}
