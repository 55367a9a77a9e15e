import { spawn } from "node:child_process";
import { CHECKOUT } from "../../cli/checkout";
import { MistakeError } from "../../infra/mistake";
import type { Place } from "../app/place";

/** One program to run, without a shell. */
export type Argv = readonly [program: string, ...args: string[]];

/** What removes a stack whole: the engine, which knows what it made, and nothing beside it. */
export function removalCommands(place: Place, stack: string): Argv[] {
  if (place.platformDir !== undefined) {
    const where = ["--dir", place.platformDir, "--config-dir", place.configDir];
    return [["npm", "run", "local", "--", "destroy", "--stack", stack, ...where]];
  }
  return [
    ["npx", "pulumi", "destroy", "--stack", stack, "--yes"],
    ["npx", "pulumi", "stack", "rm", stack, "--yes"],
  ];
}

/** A command as it would be typed. */
export function typed(command: Argv): string {
  return command
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

/**
 * Runs the commands one after the other; what they print goes to the terminal.
 * @throws {MistakeError} when one fails; the rest is not run
 */
export async function runAll(commands: readonly Argv[]): Promise<void> {
  for (const command of commands) {
    const [program, ...args] = command;
    const child = spawn(program, args, { cwd: CHECKOUT, stdio: ["ignore", "inherit", "inherit"] });
    const status = await new Promise<number | string | null>((done) => {
      child.once("error", (thrown) => done(thrown.message));
      child.once("close", done);
    });
    if (status !== 0)
      throw new MistakeError(`${typed(command)} ended with ${status}: run it again when it is mended`);
  }
}
