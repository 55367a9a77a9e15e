import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { readLine } from "../../cli/arguments";
import { CHECKOUT } from "../../cli/checkout";
import { EXIT, UsageError } from "../../cli/exit-status";
import { MistakeError } from "../../infra/mistake";
import { REVIEW, requestOf, reviewText } from "../../ops/review/command";
import { readText } from "../../ops/review/preview-text";
import { type Ended, endOf, RUN_TYPESCRIPT } from "../helpers/process";

/**
 * Runs the command's own code in this process, which is quick.
 * @param input what stands on standard input
 * @returns what it would print, and the status
 */
export function runReview(args: readonly string[], input = ""): Ended {
  try {
    const request = requestOf(readLine(args, REVIEW.options));
    const { status, text } = reviewText(request.file === "-" ? input : readText(request.file), request);
    return { status, stdout: text, stderr: "" };
  } catch (thrown) {
    if (!(thrown instanceof MistakeError)) throw thrown;
    const status = thrown instanceof UsageError ? EXIT.usage : EXIT.failed;
    return { status, stdout: "", stderr: `error: ${thrown.message}\n` };
  }
}

/** Starts `npm run ops -- review` itself. @param stdin a descriptor, or what `spawn` makes of a word */
export function startReview(args: readonly string[], stdin: number | "pipe" | "ignore"): ChildProcess {
  const command = [...RUN_TYPESCRIPT, resolve(CHECKOUT, "ops/main.ts"), "review", ...args];
  return spawn(process.execPath, command, { stdio: [stdin, "pipe", "pipe"] });
}

/** Runs it to its end. */
export function spawnReview(args: readonly string[], input = ""): Promise<Ended> {
  const child = startReview(args, "pipe");
  // It may refuse before it has read everything.
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  return endOf(child);
}
