import { Console } from "node:console";
import type { Readable } from "node:stream";
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

/**
 * Where a program prints that this one starts. What writes to a pipe that nobody reads is ended by a signal, in the middle
 * of what it does; so it gets a terminal itself, and anything else by way of this process, which goes on.
 */
export function printsTo(stream: NodeJS.WriteStream): "inherit" | "pipe" {
  return stream.isTTY ? "inherit" : "pipe";
}

/** Hands on what such a program prints. @param from null where it has the terminal */
export function handOn(from: Readable | null, to: NodeJS.WriteStream): void {
  from?.on("data", (chunk: Buffer) => to.write(chunk));
}
