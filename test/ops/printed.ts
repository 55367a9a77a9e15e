import type { Ended } from "../local/ended";

/**
 * Runs a command's own code in this process, which is quick.
 * @returns what it printed, and the status that it gave
 */
export async function printedBy(work: () => Promise<number>): Promise<Ended> {
  const out: string[] = [];
  const err: string[] = [];
  const log = jest.spyOn(console, "log").mockImplementation((line: string) => void out.push(line));
  const error = jest.spyOn(console, "error").mockImplementation((line: string) => void err.push(line));
  try {
    const status = await work();
    return { status, stdout: out.join("\n"), stderr: err.join("\n") };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}
