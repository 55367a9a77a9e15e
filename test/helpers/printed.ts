import { AsyncLocalStorage } from "node:async_hooks";
import { type Ended, unwrapped } from "./process";

/** What one run prints. */
interface Printed {
  readonly out: string[];
  readonly err: string[];
}

/** Whose run it is that prints: several may be under way at once. */
const runs = new AsyncLocalStorage<Printed>();

const { log, error } = console;
beforeAll(() => {
  console.log = (line: string) => runs.getStore()?.out.push(line) ?? log(line);
  console.error = (line: string) => runs.getStore()?.err.push(line) ?? error(line);
});
afterAll(() => Object.assign(console, { log, error }));

/**
 * Runs a command's own code in this process, which is quick.
 * @returns what it printed, and the status that it gave
 */
export async function printedBy(work: () => Promise<number>): Promise<Ended> {
  const printed: Printed = { out: [], err: [] };
  const status = await runs.run(printed, work);
  return { status, stdout: printed.out.join("\n"), stderr: unwrapped(printed.err.join("\n")) };
}

/** Lines that are wider than 80 columns, but for a path, a URL or a name that stands alone since it cannot be broken. */
export const tooWide = (text: string): string[] =>
  text.split("\n").filter((line) => line.length > 80 && line.trim().includes(" "));
