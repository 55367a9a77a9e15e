import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { CHECKOUT } from "../../cli/checkout";
import type { Program } from "../../cli/command";
import { LOCAL } from "../../local/commands";
import { OPS } from "../../ops/commands";
import { type Ended, endOf } from "../local/ended";
import { TSX } from "../local/program";

/** The two entry points, and what each runs. */
export const PROGRAMS: Readonly<Record<string, Program>> = { "local/main.ts": LOCAL, "ops/main.ts": OPS };

/** Every command, with its entry point. */
export const COMMANDS = Object.entries(PROGRAMS).flatMap(([entry, program]) =>
  program.commands.map((listed) => ({ entry, program, name: listed.name, listed })),
);

/** What Node is given to run an entry point. */
export const lineOf = (entry: string, args: readonly string[]): string[] => [
  "--import",
  TSX,
  resolve(CHECKOUT, entry),
  ...args,
];

/** Runs an entry point in a process of its own, without anything on standard input. */
export function start(entry: string, ...args: readonly string[]): Promise<Ended> {
  return endOf(spawn(process.execPath, lineOf(entry, args), { stdio: ["ignore", "pipe", "pipe"] }));
}
