import type { ChildProcess } from "node:child_process";
import { type Ended, endOf as endOfProcess } from "../local/ended";

/** How a step of an app's process ended: the lines that it printed, read. */
export interface AppEnded extends Ended {
  readonly results: readonly unknown[];
}

/**
 * Waits for a process's end.
 * @param isJson whether each line that it prints is to be read
 */
export async function endOf(child: ChildProcess, isJson = true): Promise<AppEnded> {
  const ended = await endOfProcess(child);
  const lines = ended.stdout.split("\n").filter((line) => line !== "");
  const results = ended.status === 0 && isJson ? lines.map((line) => JSON.parse(line) as unknown) : [];
  return { ...ended, results };
}
