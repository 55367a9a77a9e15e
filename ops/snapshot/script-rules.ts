import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { MistakeError } from "../../infra/mistake";
import { piecesOf, ScriptError } from "../sql/script-pieces";
import { readableFile } from "./archive";
import { headOf } from "./rename-schema";

/** Statements that would end the one transaction, or act as somebody else in it. */
const FORBIDDEN =
  /^(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction|discard|(re)?set\s+((session|local)\s+)?(role|session\s+authorization)|set\s+(local\s+)?transaction)\b/i;

/** Refuses a statement that would leave the transaction. @throws {ScriptError} */
export function checkStatement(sql: string): void {
  if (FORBIDDEN.test(sql))
    throw new ScriptError(`${headOf(sql)} would leave the one transaction that a restore is`);
}

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
