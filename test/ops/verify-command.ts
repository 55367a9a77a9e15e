import { runVerb } from "../helpers/ops-platform";
import type { Ended } from "../helpers/process";

/** Runs the command's own code in this process. */
export function verify(args: readonly string[]): Promise<Ended> {
  return runVerb(["verify", ...args]);
}

/** Rows of the table of cells that differ, their columns by one blank. */
export function cellsOf(stdout: string): string[] {
  const lines = stdout.split("\n");
  const start = lines.findIndex((line) => line.startsWith("role "));
  if (start < 0) return [];
  const end = lines.indexOf("", start);
  return lines.slice(start + 2, end).map((line) => line.replace(/ {2,}/g, " | "));
}
