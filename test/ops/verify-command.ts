import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { runVerify } from "../../ops/verify/command";
import type { Ended } from "../helpers/process";
import { printedBy } from "./printed";

const CHECKOUT = resolve(__dirname, "../..");

/** Runs the command's own code in this process. */
export function verify(args: readonly string[]): Promise<Ended> {
  return printedBy(() => runVerify(args));
}

/** Starts the command itself, as `npm run verify` does. */
export function startVerify(args: readonly string[]): ChildProcess {
  const command = [
    resolve(CHECKOUT, "node_modules/tsx/dist/cli.mjs"),
    resolve(CHECKOUT, "ops/verify/main.ts"),
  ];
  return spawn(process.execPath, [...command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

/** Rows of the table of cells that differ, their columns by one blank. */
export function cellsOf(stdout: string): string[] {
  const lines = stdout.split("\n");
  const start = lines.findIndex((line) => line.startsWith("role "));
  if (start < 0) return [];
  const end = lines.indexOf("", start);
  return lines.slice(start + 2, end).map((line) => line.replace(/ {2,}/g, " | "));
}
