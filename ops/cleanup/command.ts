import { PLACE_FLAGS, readLine, wholeOf } from "../../cli/arguments";
import type { Verb } from "../../cli/command";
import { isConfirmed, requireAnswerable } from "../../cli/confirm";
import { table } from "../../cli/table";
import { UsageError } from "../../cli/usage-error";
import { placeOf } from "../app/place";
import { ephemeralStacks } from "./ephemeral-stacks";
import { removalCommands, runAll, typed } from "./removal";

const { stack: _stack, endpoint: _endpoint, ...PLACE } = PLACE_FLAGS;
const FLAGS = {
  ...PLACE,
  "older-than": { type: "string" },
  remove: { type: "boolean" },
  yes: { type: "boolean" },
} as const;

const DAY_MS = 86_400_000;

function daysOf(value: string): number {
  const [, days] = /^(\d+)d$/.exec(value) ?? [];
  if (days === undefined) throw new UsageError("--older-than must be days, such as 14d");
  return wholeOf("--older-than", days, 0, 3650);
}

/** Lists ephemeral stacks and, when asked, destroys the old ones through the engine. */
export const CLEANUP: Verb = {
  name: "cleanup",
  usage: "[--older-than 14d] [--remove [--yes]]",
  summary: "list ephemeral stacks by age and the commands that destroy the old ones; --remove runs them",
  async run(args) {
    const { values, positionals } = readLine("cleanup", args, FLAGS);
    if (positionals.length > 0) throw new UsageError("cleanup takes options alone");
    const { remove = false, yes = false } = values;
    if (remove && values["older-than"] === undefined)
      throw new UsageError("--remove needs --older-than, such as 14d");
    const days = daysOf(values["older-than"] ?? "14d");
    const place = placeOf(values, "dev");
    const now = Date.now();
    const stacks = await ephemeralStacks(place);
    if (stacks.length === 0) {
      console.log(`No ephemeral stack on ${place.name}`);
      return 0;
    }
    const age = (created: Date): number => Math.floor((now - created.getTime()) / DAY_MS);
    const rows = stacks.map(({ stack, created, schemas }) => [
      stack,
      `${age(created)} d`,
      created.toISOString().slice(0, 10),
      schemas.join(" ") || "none yet",
    ]);
    console.log(
      `Ephemeral stacks on ${place.name}:\n\n${table(["stack", "age", "created", "schemas"], rows)}\n`,
    );
    const old = stacks.filter(({ created }) => now - created.getTime() >= days * DAY_MS);
    if (old.length === 0) {
      console.log(`None is ${days} days old`);
      return 0;
    }
    const commands = old.flatMap(({ stack }) => removalCommands(place, stack));
    console.log(`${remove ? "This removes" : "To remove"} what is ${days} days old or more:`);
    for (const command of commands) console.log(`  ${typed(command)}`);
    if (!remove) return 0;
    requireAnswerable(yes);
    if (!(await isConfirmed(old.map(({ stack }) => stack).join(" "), yes))) {
      console.log("Nothing was changed");
      return 1;
    }
    await runAll(commands);
    return 0;
  },
};
