import { createInterface } from "node:readline/promises";
import { MistakeError } from "../infra/mistake";

/**
 * Stops a command that would have to ask where nobody can answer, before it starts on anything.
 * @param yes whether `--yes` was given
 * @throws {MistakeError} without a terminal and without `--yes`
 */
export function requireAnswerable(yes: boolean, hint = "run it in a terminal, or add --yes"): void {
  if (!yes && !process.stdin.isTTY) throw new MistakeError(`it asks before it goes on: ${hint}`);
}

/**
 * Asks the person to type a word; anything else means no.
 * @param word what must be typed, such as the schema's name: a reflex `y` destroys nothing
 * @param signal gives up waiting; the answer is then no
 * @returns true at once with `--yes`
 */
export async function isConfirmed(word: string, yes: boolean, signal?: AbortSignal): Promise<boolean> {
  if (yes) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `Type ${word} to go on: `;
    const answer = await (signal === undefined
      ? terminal.question(question)
      : terminal.question(question, { signal }));
    return answer.trim() === word;
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}
