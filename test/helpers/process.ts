import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { resolve } from "node:path";

/** The checkout that the tests stand in. */
export const CHECKOUT = resolve(__dirname, "../..");

/**
 * What Node is told first to run TypeScript, as `npm run local` and `npm run ops` do: in one process, so that a signal
 * reaches the run itself.
 */
export const RUN_TYPESCRIPT = [
  "--require",
  resolve(CHECKOUT, "node_modules/tsx/dist/cjs/index.cjs"),
] as const;

/** What Node imports to run TypeScript that loads ECMAScript modules with JSON in them, which takes longer to start. */
export const TSX = resolve(CHECKOUT, "node_modules/tsx/dist/loader.mjs");

/** What a command printed and how it ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Errors as they were worded: where a line went on below an error's first word, since it did not fit, it goes on. */
export const unwrapped = (text: string): string => text.replace(/\r?\n {7}(?=\S)/g, " ");

/** Waits for a process's end. */
export function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((done) =>
    child.once("close", (status) => done({ status, stdout, stderr: unwrapped(stderr) })),
  );
}

/** Runs a command in a terminal of its own and answers its question. */
export function answered(command: readonly string[], answer: string): Promise<Ended> {
  const terminal = "import pty, sys, os; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
  const child = spawn("python3", ["-c", terminal, ...command], { stdio: ["pipe", "pipe", "pipe"] });
  const onText = (chunk: Buffer): void => {
    if (!chunk.toString().includes("to go on:")) return;
    child.stdout?.off("data", onText);
    child.stdin?.write(`${answer}\n`);
  };
  child.stdout?.on("data", onText);
  return endOf(child);
}

/**
 * Runs a script of the tests with these variables alone.
 * @param input what it reads on standard input
 */
export function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  input = "",
): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...RUN_TYPESCRIPT, script, ...args], {
    env: { PATH, HOME, ...env },
  });
  child.stdin.end(input);
  return endOf(child);
}

/** Programs of stacks that are at work for a folder of stacks' files. */
export function programsAtWork(folder: string): readonly string[] {
  const lines = execFileSync("ps", ["-ww", "-eo", "args"], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes("pulumi/cmd/run") && line.includes(` ${folder} `));
}
