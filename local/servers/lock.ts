import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import { isAlive, isMark, markOf, type ProcessMark, until } from "./processes";

/** How long a run waits for another one that fills the shared tools folder. */
const SHARED_WAIT_MS = 300_000;

/**
 * Holds a lock file while `work` runs. A lock whose process is gone, since it was killed, is taken over.
 * @param onWait waits for the other run instead of refusing; called where there is one
 * @throws {MistakeError} when another run holds it
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  let isHeld = take(file);
  if (!isHeld && onWait !== undefined) {
    onWait();
    isHeld = (await until(SHARED_WAIT_MS, () => take(file) || undefined)) === true;
  }
  if (!isHeld) {
    const holder = holderOf(file);
    throw new MistakeError(
      `another run is at work on this platform${holder === undefined ? "" : ` (pid ${holder.pid})`}: ` +
        `wait until it is done (${file})`,
    );
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function holderOf(file: string): ProcessMark | undefined {
  try {
    const mark = Object(JSON.parse(readFileSync(file, "utf8"))) as ProcessMark;
    return isMark(mark) ? mark : undefined;
  } catch {
    return undefined;
  }
}

/** The system's words for what is in the way of a file, as a person says them. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you have no permission",
  EROFS: "it is read-only",
  ENOSPC: "the disk is full",
};

/** @throws {MistakeError} where nothing can be written */
function writeOwn(own: string, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(own, JSON.stringify(markOf(process.pid)));
  } catch (thrown) {
    const code = codeOf(thrown) ?? messageOf(thrown);
    throw new MistakeError(
      `nothing can be written in ${folder} (${REASONS[code] ?? code}): mend that, or choose another folder ` +
        "(--dir, for the tools --tools-dir)",
    );
  }
}

function take(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeOwn(own, dirname(file));
  try {
    if (claim(own, file)) return true;
    const holder = holderOf(file);
    if (holder !== undefined && isAlive(holder)) return false;
    return removeStale(file, holder, `${own}.old`) && claim(own, file);
  } finally {
    rmSync(own, { force: true });
  }
}

/** A link appears whole or not at all, so no one reads a half-written lock. */
function claim(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return false;
    throw thrown;
  }
}

/** Moves a stale lock aside; if a third run took it over in the meantime, it gets its lock back. */
function removeStale(file: string, stale: ProcessMark | undefined, aside: string): boolean {
  try {
    renameSync(file, aside);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return true;
    throw thrown;
  }
  const moved = holderOf(aside);
  const isSame = moved?.pid === stale?.pid && moved?.began === stale?.began;
  if (!isSame) claim(aside, file);
  rmSync(aside, { force: true });
  return isSame;
}
