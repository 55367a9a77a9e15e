import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process, told apart from a later one with the same pid by when it began. */
export interface ProcessMark {
  readonly pid: number;
  readonly began: string;
}

/** Whether what was read is a mark. */
export const isMark = ({ pid, began }: Partial<ProcessMark>): boolean =>
  Number.isInteger(pid) && Number(pid) > 0 && typeof began === "string";

/** When a process began, in a form that only compares; undefined when there is none. */
export function beganAt(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  if (process.platform === "linux") return linuxBegan(pid);
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function linuxBegan(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces: field 3 follows its last one. The state is field 3, the start field 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Name of the program that a process runs; empty when there is none. */
export function programOf(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    return execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

/** The mark of a process; undefined when it is gone. */
export function markOf(pid: number): ProcessMark | undefined {
  const began = beganAt(pid);
  return began === undefined ? undefined : { pid, began };
}

/** Whether the very process that was marked still runs. */
export function isAlive(mark: ProcessMark): boolean {
  return beganAt(mark.pid) === mark.began;
}

/** Calls `check` until it gives something, or until the time is up. */
export async function until<T>(milliseconds: number, check: () => Promise<T | undefined> | T | undefined) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ends a marked process, politely first, and waits until it is gone. */
export async function end(mark: ProcessMark): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!isAlive(mark)) return;
    process.kill(mark.pid, signal);
    if ((await until(5000, () => !isAlive(mark) || undefined)) !== undefined) return;
  }
}
