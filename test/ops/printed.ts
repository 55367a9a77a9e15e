import { statusOfMistake } from "../../cli/usage-error";
import { MistakeError } from "../../infra/mistake";
import type { Ended } from "../helpers/process";

/**
 * Runs a command's own code in this process, which is quick. Its errors for people are printed as the command does.
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
  } catch (thrown) {
    if (!(thrown instanceof MistakeError)) throw thrown;
    return { status: statusOfMistake(thrown), stdout: out.join("\n"), stderr: `error: ${thrown.message}` };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}
