import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import type { PostgresTools } from "./postgres-tools";
import { outputOf } from "./tool";

/** What a snapshot holds, by its own list. */
export interface Archive {
  readonly file: string;
  /** The schema it was taken of. */
  readonly schema: string;
  /** Tables with rows in it. */
  readonly tables: number;
  readonly bytes: number;
  /** When it was taken, as pg_dump wrote it. */
  readonly takenAt: string;
}

/**
 * Checks that a file can be read.
 * @returns its whole path, which no program takes for an option
 * @throws {MistakeError} that names it
 */
export function readableFile(given: string): string {
  const path = resolve(given);
  try {
    accessSync(path, constants.R_OK);
    if (statSync(path).isFile()) return path;
  } catch (thrown) {
    const code = codeOf(thrown);
    throw new MistakeError(code === "ENOENT" ? `${path} does not exist` : `${path} cannot be read (${code})`);
  }
  throw new MistakeError(`${path} is no file`);
}

/**
 * Reads a snapshot's list.
 * @throws {MistakeError} when it is no snapshot, is cut off in its list, or holds another number of schemas than one
 */
export async function archiveOf(tools: PostgresTools, path: string): Promise<Archive> {
  const file = readableFile(path);
  const { size: bytes } = statSync(file);
  let list: string;
  try {
    list = await outputOf(tools.restore, ["--list", file], { ...process.env, LC_ALL: "C" });
  } catch (thrown) {
    const reason = messageOf(thrown).replace(/^pg_restore failed: /, "");
    throw new MistakeError(`${file} is not a whole snapshot, or pg_restore is too old for it (${reason})`);
  }
  const lines = list.split("\n");
  // 2615 is the catalog of schemas; the name stands between "-" and the owner.
  const schemas = lines.flatMap((line) => /^\d+; 2615 \d+ SCHEMA - (\S+) /.exec(line)?.[1] ?? []);
  const [schema] = schemas;
  if (schema === undefined || schemas.length > 1) {
    throw new MistakeError(
      `${file} holds ${schemas.length} schemas; a snapshot holds one: make it with the command snapshot`,
    );
  }
  const tables = lines.filter((line) => /^\d+; \d+ \d+ TABLE DATA /.test(line)).length;
  const takenAt =
    /^;\s+(?:Archive created at|dbname.*created at) (.+)$/m.exec(list)?.[1] ?? "an unknown time";
  return { file, schema, tables, bytes, takenAt };
}
