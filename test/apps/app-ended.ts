import type { ChildProcess } from "node:child_process";
import type { Ended } from "../local/platform";

/** How a step of an app's process ended: the lines that it printed, read. */
export interface AppEnded extends Ended {
  readonly results: readonly unknown[];
}

/**
 * Waits for a process's end.
 * @param isJson whether each line that it prints is to be read
 */
export function endOf(child: ChildProcess, isJson = true): Promise<AppEnded> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((done) =>
    child.once("close", (status) => {
      const lines = stdout.split("\n").filter((line) => line !== "");
      const results = status === 0 && isJson ? lines.map((line) => JSON.parse(line) as unknown) : [];
      done({ status, stdout, stderr, results });
    }),
  );
}
