import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { CHECKOUT } from "../../cli/checkout";
import type { EntryPoint } from "../../cli/command";
import { LOCAL } from "../../local/commands";
import { OPS } from "../../ops/commands";
import { type Ended, endOf, RUN_TYPESCRIPT } from "../helpers/process";

/** The two entry points, and what each runs. */
export const ENTRY_POINTS: Readonly<Record<string, EntryPoint>> = {
  "local/main.ts": LOCAL,
  "ops/main.ts": OPS,
};

/** Every command, with its entry point. */
export const COMMANDS = Object.entries(ENTRY_POINTS).flatMap(([file, entry]) =>
  entry.commands.map((listed) => ({ file, entry, name: listed.name, listed })),
);

/** What Node is given to run an entry point. */
export const nodeLine = (file: string, args: readonly string[]): string[] => [
  ...RUN_TYPESCRIPT,
  resolve(CHECKOUT, file),
  ...args,
];

/** Runs an entry point in a process of its own, without anything on standard input. */
export function start(file: string, ...args: readonly string[]): Promise<Ended> {
  return endOf(spawn(process.execPath, nodeLine(file, args), { stdio: ["ignore", "pipe", "pipe"] }));
}
