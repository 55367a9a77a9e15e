import { spawn } from "node:child_process";
import { type Ended, endOf } from "../local/ended";
import { TSX } from "../local/program";

/** Runs a script of the tests with what it reads on standard input. */
export function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string,
): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, ["--import", TSX, script, ...args], {
    env: { PATH, HOME, NODE_NO_WARNINGS: "1", ...env },
  });
  child.stdin.end(input);
  return endOf(child);
}
