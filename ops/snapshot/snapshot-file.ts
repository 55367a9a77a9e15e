import { existsSync, linkSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { codeOf, MistakeError } from "../../infra/mistake";

const ENDINGS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

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
  const stop = (signal: NodeJS.Signals): void => {
    remove();
    console.error(`error: ended by ${signal}; no snapshot was written`);
    process.exit(1);
  };
  for (const signal of ENDINGS) process.once(signal, stop);
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
    for (const signal of ENDINGS) process.removeListener(signal, stop);
  }
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
