import { spawn } from "node:child_process";
import { resolve } from "node:path";

const TSX = resolve(__dirname, "../../node_modules/tsx/dist/loader.mjs");

/** Runs a script of the tests with what it reads on standard input. */
export function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, ["--import", TSX, script, ...args], {
    env: { PATH, HOME, NODE_NO_WARNINGS: "1", ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end(input);
  return new Promise((done) => child.once("close", (status) => done({ status, stdout, stderr })));
}
