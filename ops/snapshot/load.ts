import type { Client } from "pg";
import { Progress } from "../../cli/progress";
import { MistakeError, messageOf } from "../../infra/mistake";
import { piecesOf, ScriptError } from "../sql/script-pieces";
import type { Archive } from "./archive";
import { Loader } from "./loader";
import type { PostgresTools } from "./postgres-tools";
import { RenameError } from "./rename-schema";
import { startTool } from "./tool";

/** What was loaded. */
export interface Loaded {
  readonly tables: number;
  readonly bytes: number;
  /** Beginnings of statements in which the old schema's name is left in a text. */
  readonly leftovers: readonly string[];
}

/**
 * Loads a snapshot into a schema, inside the caller's transaction: pg_restore writes SQL, which is read, put under the
 * schema's name and run as it comes. The role that runs it has rights in that schema alone, so that a name which was
 * missed is an error and touches nothing else.
 */
export async function loadArchive(
  client: Client,
  tools: PostgresTools,
  archive: Archive,
  schema: string,
): Promise<Loaded> {
  const loader = new Loader(client, archive.schema, schema);
  const progress = new Progress(
    () => `${loader.tables} of ${archive.tables} tables, ${(loader.bytes / 1e6).toFixed(0)} MB loaded`,
  );
  const restore = startTool(tools.restore, ["--file=-", "--no-owner", "--no-privileges", archive.file], {
    ...process.env,
    LC_ALL: "C",
  });
  try {
    for await (const piece of piecesOf(restore.stdout as AsyncIterable<Buffer>)) await loader.take(piece);
    await restore.succeeded();
    await loader.finish();
  } catch (thrown) {
    await loader.abandon();
    // What its output says is no whole script may be pg_restore's own failure, which says more.
    if (thrown instanceof ScriptError) await restore.succeeded().catch(cut(archive.file));
    if (thrown instanceof ScriptError || thrown instanceof RenameError) {
      throw new MistakeError(`${archive.file}: ${thrown.message}; nothing was changed`);
    }
    if (thrown instanceof MistakeError) cut(archive.file)(thrown);
    throw thrown;
  } finally {
    restore.kill();
    progress.stop();
  }
  if (loader.tables < archive.tables) {
    throw new MistakeError(
      `${archive.file} lists ${archive.tables} tables and gave ${loader.tables}; nothing was changed`,
    );
  }
  return { tables: loader.tables, bytes: loader.bytes, leftovers: loader.rename.leftovers };
}

function cut(file: string): (thrown: unknown) => never {
  return (thrown) => {
    throw new MistakeError(`${file} cannot be read to its end (${messageOf(thrown)}); nothing was changed`);
  };
}
