import { Console } from "node:console";
import { codeOf, messageOf } from "../infra/mistake";

/**
 * Watches over what this process prints from now on. A reader that stops reading, such as `head`, is no mistake and
 * stops no work; what cannot be written for another reason, such as a full disk, is remembered: Node's own console
 * would drop it in silence.
 * @returns a function that waits until a slow reader has everything, and tells why something was lost, if it was
 */
export function watchOutput(): () => Promise<string | undefined> {
  let lost: string | undefined;
  const onError = (thrown: unknown): void => {
    if (codeOf(thrown) !== "EPIPE") lost ??= codeOf(thrown) ?? messageOf(thrown);
  };
  const streams = [process.stdout, process.stderr];
  for (const stream of streams) stream.on("error", onError);
  const { log } = new Console({ stdout: process.stdout, ignoreErrors: false });
  console.log = (...words: unknown[]): void => {
    try {
      log(...words);
    } catch (thrown) {
      onError(thrown);
    }
  };
  return async () => {
    for (const stream of streams) await new Promise<void>((done) => stream.write("", () => done()));
    return lost;
  };
}
