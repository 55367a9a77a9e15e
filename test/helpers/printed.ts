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

/** Lines as they were worded: where one went on below, by two columns, since its next word did not fit, it goes on. */
export function unfolded(text: string): string {
  const lines: string[] = [];
  let before = "";
  for (const line of text.split("\n")) {
    const [, indent = "", word = ""] = /^( *)(--.*|\S*)/.exec(line) ?? [];
    const first = (lines.at(-1) ?? "").search(/\S/);
    // What ends with a colon heads a list.
    const isFolded =
      indent.length === first + 2 && before.length + 1 + word.length > 80 && !before.endsWith(":");
    if (isFolded) lines.push(`${lines.pop()} ${line.trimStart()}`);
    else lines.push(line);
    before = line;
  }
  return lines.join("\n");
}
