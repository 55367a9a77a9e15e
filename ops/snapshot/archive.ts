import { accessSync, constants, existsSync, linkSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { interruptible } from "../../cli/interruption";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import { outputOf, type PostgresTools } from "./postgres-tools";

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

/** Checks a path for a new file, before anything is started. @throws {MistakeError} when it is taken or has no folder */
export function newFile(path: string): string {
  const file = resolve(path);
  if (existsSync(file))
    throw new MistakeError(`${file} exists already: choose another name, or move it away`);
  if (!existsSync(dirname(file)) || !statSync(dirname(file)).isDirectory()) {
    throw new MistakeError(`the folder ${dirname(file)} does not exist: make it first`);
  }
  return file;
}

/**
 * Writes a new file that is there whole or not at all, readable by its owner alone. A run that is cut off leaves no
 * file of that name; of two at once one wins, and the other one is told.
 * @param write fills the file; its name until it is whole is handed over, too
 */
export async function writeWhole(
  file: string,
  write: (partial: string, handle: FileHandle) => Promise<void>,
): Promise<void> {
  const partial = `${file}.partial-${process.pid}`;
  const remove = (): void => rmSync(partial, { force: true });
  const end = (): string => {
    remove();
    return "no snapshot was written";
  };
  await interruptible({ end }, async () => {
    try {
      const handle = await open(partial, "wx", 0o600);
      try {
        await write(partial, handle);
        await handle.sync();
      } finally {
        await handle.close();
      }
      linkSync(partial, file);
    } catch (thrown) {
      throw writeProblem(file, thrown);
    } finally {
      remove();
    }
  });
}

/** What a failed write means. Errors of others, such as pg_dump's, stay what they are. */
function writeProblem(file: string, thrown: unknown): unknown {
  const code = codeOf(thrown);
  if (code === "EEXIST")
    return new MistakeError(`${file} was written by another run meanwhile; it is left as it is`);
  if (code === "ENOSPC") return new MistakeError(`the disk of ${file} is full; no snapshot was written`);
  const isSystem = typeof thrown === "object" && thrown !== null && "syscall" in thrown;
  if (!isSystem) return thrown;
  return new MistakeError(`${file} cannot be written (${code}); no snapshot was written`);
}
