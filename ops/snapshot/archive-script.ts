import { MistakeError, messageOf } from "../../infra/mistake";
import { type Piece, piecesOf, ScriptError } from "../sql/script-pieces";
import type { Archive } from "./archive";
import { type PostgresTools, startTool } from "./postgres-tools";
import { RenameError } from "./rename-schema";

/** The first major version whose snapshots may hold statistics: parts of rows, which no mask reaches. */
const STATISTICS_SINCE = 18;

/**
 * Lets pg_restore write a snapshot as SQL, and hands it over a piece at a time.
 * @param options of pg_restore, such as `--schema-only`
 * @throws {MistakeError} when the file is cut off, or holds what no snapshot holds; what `take` throws otherwise
 */
export async function readScript(
  tools: PostgresTools,
  { file }: Archive,
  options: readonly string[],
  take: (piece: Piece) => Promise<void>,
): Promise<void> {
  const args = ["--file=-", "--no-owner", "--no-privileges", ...options];
  if (tools.major >= STATISTICS_SINCE) args.push("--no-statistics");
  const restore = startTool(tools.restore, [...args, file], { ...process.env, LC_ALL: "C" });
  try {
    for await (const piece of piecesOf(restore.stdout as AsyncIterable<Buffer>)) await take(piece);
    await restore.succeeded();
  } catch (thrown) {
    // What its output says is no whole script may be pg_restore's own failure, which says more.
    if (thrown instanceof ScriptError) await restore.succeeded().catch(cut(file));
    if (thrown instanceof ScriptError || thrown instanceof RenameError)
      throw new MistakeError(`${file}: ${thrown.message}; nothing was changed`);
    if (thrown instanceof MistakeError) cut(file)(thrown);
    throw thrown;
  } finally {
    restore.kill();
  }
}

function cut(file: string): (thrown: unknown) => never {
  return (thrown) => {
    throw new MistakeError(`${file} cannot be read to its end (${messageOf(thrown)}); nothing was changed`);
  };
}
