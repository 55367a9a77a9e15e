import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { type Answer, runReview as runCommand } from "../../ops/review/command";
import { readText } from "../../ops/review/preview-text";
import type { Ended } from "../helpers/process";
import { endOf } from "../helpers/process";

const ROOT = resolve(__dirname, "../..");

/** Runs the command's own code in this process, which is quick. @param input what stands on standard input */
export function runReview(args: readonly string[], input = ""): Answer {
  return runCommand(args, (file) => (file === "-" ? input : readText(file)));
}

/** Runs `npm run review` itself. */
export function spawnReview(args: readonly string[], input = ""): Promise<Ended> {
  const command = [resolve(ROOT, "node_modules/tsx/dist/cli.mjs"), resolve(ROOT, "ops/review/main.ts")];
  const child = spawn(process.execPath, [...command, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  // It may refuse before it has read everything.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return endOf(child);
}
