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
  // In a terminal that it reads, Ctrl-C is no signal but a sign.
  let isEnded = false;
  let isAnswered = false;
  terminal.once("SIGINT", () => {
    isEnded = true;
    terminal.close();
    // Given to whoever listens without a way round by the system: with nothing else to do, the process would end before.
    if (!process.emit("SIGINT", "SIGINT")) process.kill(process.pid, "SIGINT");
  });
  // The input's end is no answer, and the question itself would wait for ever.
  const noAnswer = new Promise<string>((done) =>
    terminal.once("close", () => {
      if (!isAnswered) process.stderr.write("\n");
      if (!isEnded) done("");
    }),
  );
  try {
    const question = `Type ${word} to go on: `;
    const asked =
      signal === undefined ? terminal.question(question) : terminal.question(question, { signal });
    const answer = await Promise.race([
      asked.then((line) => {
        isAnswered = true;
        return line;
      }),
      noAnswer,
    ]);
    return answer.trim() === word;
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}

/**
 * Asks before data are changed, and says so where the answer is no.
 * @throws {MistakeError} where nobody can answer
 */
export async function isAgreed(word: string, yes: boolean): Promise<boolean> {
  requireAnswerable(yes);
  if (await isConfirmed(word, yes)) return true;
  console.log("Nothing was changed");
  return false;
}
