import { hostname } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { type Options, oneStack } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { isAgreed, requireAnswerable } from "../../cli/confirm";
import { EXIT } from "../../cli/exit-status";
import { goOn, interruptible, type UnderWay } from "../../cli/interruption";
import { ENDPOINT, PLACE, YES } from "../../cli/options";
import { MistakeError } from "../../infra/mistake";
import { printable } from "../../infra/printable";
import { placeOf } from "../app/place";
import { presentOnAws } from "./aws";
import { dropCutOffWrites } from "./file-backend";
import { type Holder, holdersIn, holderText, processesOn, requireGone } from "./lock";
import { Makers } from "./makers";
import { type Recovery, recoveryOf } from "./recovery";
import { StackCli } from "./stack-cli";
import { exportedState, mendedState, stateResources, underWay } from "./state";

const OPTIONS = {
  "holder-is-gone": {
    type: "boolean",
    help: "release a lock of another machine's, on which nothing deploys any more",
  },
  ...YES,
  ...PLACE,
  ...ENDPOINT,
} as const satisfies Options;

/** Mends a stack's state after a deployment that was killed, through the official CLI. */
export const RECOVER: Command<typeof OPTIONS> = {
  options: OPTIONS,
  notes:
    "For a deployment that was killed, or whose machine died: the stack is locked, and the server and AWS have roles " +
    "and secrets that the state does not know, so that each further up fails. Says who holds the lock and what was " +
    "under way, asks the server and AWS what is there, and puts that into the state in one write. The lock is released " +
    "only when its holder is gone. A role that somebody else made is not taken in. The server itself is left as it is; " +
    "the next up does the rest.",
  example: "dev",
  async run({ values, positionals }) {
    const stack = oneStack(positionals);
    requireAnswerable(values.yes);
    const place = placeOf(values, stack);
    // Its stacks are not the CLI's: what the state of another place has would not be found here, and be forgotten.
    if (place.platformDir !== undefined && values.platform === undefined)
      throw new MistakeError(
        `the local platform goes on by itself: npm run local -- up --stack ${stack}; for AWS add --aws`,
      );
    const cli = new StackCli(stack, place.configDir);
    let isWriting = false;
    const onSignal: UnderWay = {
      end: () =>
        isWriting
          ? "what was written of the lock and the state is not known: run it again"
          : "lock and state were not changed",
      settle: async () => (isWriting ? undefined : cli.idle()),
      pastReturn: () => (isWriting ? "the state is being written" : undefined),
    };
    return interruptible(onSignal, async () => {
      const backend = await cli.backend();
      for (const file of await dropCutOffWrites(backend, stack))
        console.log(`removed ${printable(file)}, which the kill left empty`);
      // Pulumi Cloud keeps its lock itself, a bucket or a folder keeps it as a file.
      const hasLocks = !/^https?:/.test(backend);
      const holdersNow = async (): Promise<Holder[]> => (hasLocks ? holdersIn(await cli.lockRefusal()) : []);
      const holders = await holdersNow();
      for (const holder of holders) console.log(`the lock is held by ${holderText(holder)}`);
      requireGone(holders, processesOn(hostname()), values["holder-is-gone"]);
      const before = await cli.export();
      const state = exportedState(before);
      const operations = underWay(state);
      if (holders.length === 0 && operations.length === 0) {
        console.log(`stack ${stack}: ${hasLocks ? "no lock, and " : ""}nothing under way`);
        return EXIT.done;
      }
      const makers = new Makers(place, stack, cli);
      let found: Recovery;
      try {
        found = await recoveryOf(operations, stateResources(state), {
          postgres: (resource) => makers.role(resource),
          aws: (resource) => presentOnAws(place, resource),
        });
      } finally {
        await makers.close();
      }
      say(stack, place.name, found, holders);
      if (!(await isAgreed(stack, values.yes))) return EXIT.failed;
      // Somebody else may have released the lock while the question stood, and be at work.
      const isAsItWas = isDeepStrictEqual(await holdersNow(), holders) && (await cli.export()) === before;
      if (!isAsItWas) throw new MistakeError(`stack ${stack} has changed meanwhile: run it again`);
      await goOn();
      isWriting = true;
      if (holders.length > 0) await cli.unlock();
      if (operations.length > 0) {
        await cli.import(JSON.stringify(mendedState(state, found.taken)));
      }
      console.log(`Done. What comes next: npx pulumi up --stack ${stack}`);
      return EXIT.done;
    });
  },
};

/**
 * Says what was found, and what is done about it.
 * @throws {MistakeError} when something that is there cannot be taken in: nothing is changed, the lock neither
 */
function say(stack: string, place: string, found: Recovery, holders: readonly Holder[]): void {
  console.log(`stack ${stack} on ${place}:`);
  if (holders.length > 0) console.log("  the lock is released: its holder is gone");
  for (const line of found.lines) console.log(`  ${printable(line)}`);
  if (found.orphans.length > 0) console.log("may be left without an owner, before the next up:");
  for (const line of found.orphans) console.log(`  ${printable(line)}`);
  if (found.misfits.length === 0) return;
  throw new MistakeError(
    `not everything can be taken in; nothing was changed:\n${found.misfits.map((line) => `  ${line}`).join("\n")}\n` +
      "Find out who made it and whether anything needs it; remove it, or wait where it says so, and run it again",
  );
}
