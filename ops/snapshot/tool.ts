import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { codeOf, MistakeError } from "../../infra/mistake";

/** A program of Postgres at work. */
export interface Tool {
  readonly stdout: Readable;
  /** Ends it, if it still runs. */
  kill(): void;
  /**
   * Waits for its end.
   * @throws {MistakeError} with its own words when it did not succeed
   */
  succeeded(): Promise<void>;
}

/** So much of its complaints is kept. */
const COMPLAINT_BYTES = 4000;

/**
 * Starts a program of Postgres.
 * @param env holds the password; nothing of it is in the arguments
 */
export function startTool(path: string, args: readonly string[], env: NodeJS.ProcessEnv): Tool {
  const child: ChildProcess = spawn(path, [...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error(`${path} has no output`);
  let complaints = "";
  stderr.on("data", (chunk: Buffer) => {
    if (complaints.length < COMPLAINT_BYTES) complaints += chunk.toString();
  });
  const name = path.split("/").at(-1) ?? path;
  const ended = new Promise<void>((done, fail) => {
    child.once("error", (thrown) => fail(new MistakeError(`${path} cannot be run (${codeOf(thrown)})`)));
    child.once("close", (status, signal) => {
      if (status === 0) done();
      else
        fail(
          new MistakeError(
            `${name} failed: ${complaintOf(complaints) || (signal ? `it was ended by ${signal}` : `status ${status}`)}`,
          ),
        );
    });
  });
  // Whoever waits for it gets the error; until then it is not unhandled.
  ended.catch(() => {});
  return { stdout, kill: () => void child.kill("SIGTERM"), succeeded: () => ended };
}

/** What it complained about first: later lines are consequences. A detail belongs to it. */
function complaintOf(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/^pg_\w+: /, "").trim());
  const first = lines.findIndex((line) => /error|fatal|could not/i.test(line));
  const found = lines
    .slice(Math.max(0, first), Math.max(0, first) + 2)
    .filter((line, index) => index === 0 || /^detail/i.test(line));
  return found
    .join(" ")
    .replace(/^error: /, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** All of what a program prints, which is little. @throws {MistakeError} when it does not succeed */
export async function outputOf(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const tool = startTool(path, args, env);
  const chunks: Buffer[] = [];
  tool.stdout.on("data", (chunk: Buffer) => void chunks.push(chunk));
  await tool.succeeded();
  return Buffer.concat(chunks).toString("utf8");
}
