import { spawn } from "node:child_process";
import { type Options, requireNoMore, wholeOf } from "../../cli/arguments";
import { CHECKOUT } from "../../cli/checkout";
import type { Command } from "../../cli/command";
import { isAgreed } from "../../cli/confirm";
import { EXIT, UsageError } from "../../cli/exit-status";
import { PLACE, YES } from "../../cli/options";
import { handOn, printsTo } from "../../cli/output";
import { table } from "../../cli/table";
import { type Argv, typed } from "../../cli/typed";
import { MistakeError } from "../../infra/mistake";
import { printable } from "../../infra/printable";
import { type Place, placeOf } from "../app/place";
import { ephemeralStacks } from "./ephemeral-stacks";

const OPTIONS = {
  "older-than": {
    type: "string",
    value: "DAYS",
    help: "how old is old, such as 30d (default 14d; --remove wants it said)",
  },
  remove: { type: "boolean", help: "run the commands that are printed" },
  ...YES,
  ...PLACE,
} as const satisfies Options;

const DAY_MS = 86_400_000;

function daysOf(value: string): number {
  const [, days] = /^(\d+)d$/.exec(value) ?? [];
  if (days === undefined) throw new UsageError("--older-than must be days, such as 14d");
  return wholeOf("--older-than", days, 0, 3650);
}

/** Lists ephemeral stacks and, when asked, destroys the old ones through the engine. */
export const CLEANUP: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "--older-than 30d --remove",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    const { remove, yes } = values;
    if (remove && values["older-than"] === undefined)
      throw new UsageError("--remove needs --older-than, such as 14d");
    const days = daysOf(values["older-than"] ?? "14d");
    const place = placeOf(values, "dev");
    const now = Date.now();
    const stacks = await ephemeralStacks(place);
    if (stacks.length === 0) {
      console.log(`No ephemeral stack on ${place.name}`);
      return EXIT.done;
    }
    const age = (created: Date): number => Math.floor((now - created.getTime()) / DAY_MS);
    const rows = stacks.map(({ stack, created, schemas }) =>
      [stack, `${age(created)} d`, created.toISOString().slice(0, 10), schemas.join(" ") || "none yet"].map(
        printable,
      ),
    );
    console.log(
      `Ephemeral stacks on ${place.name}:\n\n${table(["stack", "age", "created", "schemas"], rows)}\n`,
    );
    const old = stacks.filter(({ created }) => now - created.getTime() >= days * DAY_MS);
    if (old.length === 0) {
      console.log(`None is ${days} days old`);
      return EXIT.done;
    }
    const commands = old.flatMap(({ stack }) => removalCommands(place, stack));
    console.log(`${remove ? "This removes" : "To remove"} what is ${days} days old or more:`);
    for (const command of commands) console.log(`  ${printable(typed(command))}`);
    if (!remove) return EXIT.done;
    if (!(await isAgreed(old.map(({ stack }) => stack).join(" "), yes))) return EXIT.failed;
    await runAll(commands);
    return EXIT.done;
  },
};

/** What removes a stack whole: the engine, which knows what it made, and nothing beside it. */
function removalCommands(place: Place, stack: string): Argv[] {
  if (place.platformDir !== undefined) {
    const where = ["--dir", place.platformDir, "--config-dir", place.configDir];
    return [["npm", "run", "local", "--", "destroy", "--stack", stack, "--yes", ...where]];
  }
  return [
    ["npx", "pulumi", "destroy", "--stack", stack, "--yes"],
    ["npx", "pulumi", "stack", "rm", stack, "--yes"],
  ];
}

/**
 * Runs the commands one after the other; what they print goes to the terminal.
 * @throws {MistakeError} when one fails; the rest is not run
 */
async function runAll(commands: readonly Argv[]): Promise<void> {
  for (const command of commands) {
    const [program, ...args] = command;
    const child = spawn(program, args, {
      cwd: CHECKOUT,
      stdio: ["ignore", printsTo(process.stdout), printsTo(process.stderr)],
    });
    handOn(child.stdout, process.stdout);
    handOn(child.stderr, process.stderr);
    const status = await new Promise<number | string | null>((done) => {
      child.once("error", (thrown) => done(thrown.message));
      child.once("close", done);
    });
    if (status !== 0)
      throw new MistakeError(`${typed(command)} ended with ${status}: run it again when it is mended`);
  }
}
