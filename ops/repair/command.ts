import { inspect } from "../../access/undeclared/inspect";
import { oneStack } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { isAgreed, requireAnswerable } from "../../cli/confirm";
import { EXIT } from "../../cli/exit-status";
import { interruptible } from "../../cli/interruption";
import { columnsOf, leftOutText, printLine, printSql, wrapped } from "../../cli/lines";
import { ENDPOINT, PLACE, YES } from "../../cli/options";
import { printable } from "../../infra/printable";
import { deployerOf, openAdminSession } from "../app/admin-session";
import type { Session } from "../app/connection";
import { sessionUnderWay } from "../app/fate";
import { placeOf } from "../app/place";
import { serverPart } from "../app/server-part";
import { refusedPasswords } from "./passwords";
import { type Repair, repairsOf, runRepairs } from "./repairs";

const OPTIONS = { ...YES, ...PLACE, ...ENDPOINT } as const;

const lineOf = ({ sql, hidden, as }: Repair): string =>
  `${hidden ?? sql};${as === undefined ? "" : ` -- as ${as}`}`;

/** Puts back what `up` cannot see, as the stack's admin. */
export const REPAIR: Command<typeof OPTIONS> = {
  options: OPTIONS,
  notes:
    "Sets the password of a login that the server refuses with its secret's, resets settings that nobody declares, takes " +
    "back memberships and grants of the stack's own roles and objects that nobody declares, and gives a reader a table " +
    "that it cannot read. Prints every statement " +
    "first. Data, and what a stack declares, stay as they are. What else verify names is for up, or to be typed.",
  example: "dev",
  async run({ values, positionals }) {
    const stack = oneStack(positionals);
    requireAnswerable(values.yes);
    const place = placeOf(values, stack);
    const part = serverPart(place, stack);
    let session: Session | undefined;
    return interruptible(
      sessionUnderWay(() => session?.client),
      async () => {
        const passwords = await refusedPasswords(part, place);
        for (const problem of passwords.problems) console.error(leftOutText(problem));
        session = await openAdminSession("repair", place, deployerOf(stack));
        const { client, at, login } = session;
        try {
          const findings = await inspect(client, part);
          const repairs = [...repairsOf(findings), ...passwords.repairs];
          const left = findings.filter(({ mend }) => mend.by !== "repair").length;
          const also = left === 0 ? "" : `; ${left} more that verify names are for up, or to be typed`;
          const isWhole = passwords.problems.length === 0;
          if (repairs.length === 0) {
            printLine(`stack ${stack} on ${place.name}: nothing to repair${also}`);
            return isWhole ? EXIT.done : EXIT.failed;
          }
          printLine(`stack ${stack} on ${place.name} (${at}, as ${login}), in one transaction${also}:`);
          for (const one of repairs) printSql(lineOf(one));
          if (!(await isAgreed(stack, values.yes))) return EXIT.failed;
          const tried = await runRepairs(client, repairs);
          // What another one took along could not be taken back any more.
          const still = new Set(tried.length === 0 ? [] : repairsOf(await inspect(client, part)).map(lineOf));
          const refused = tried.filter(
            ({ repair }) => repair.hidden !== undefined || still.has(lineOf(repair)),
          );
          for (const { repair, why } of refused) {
            const text = printable(`refused (${why}): ${lineOf(repair)}`);
            console.error(wrapped(text, "", 2, columnsOf(process.stderr)));
          }
          printLine(
            `${repairs.length - refused.length} of ${repairs.length} repaired: look again with npm run verify -- ${stack}`,
          );
          return refused.length === 0 && isWhole ? EXIT.done : EXIT.failed;
        } finally {
          await client.end().catch(() => {});
        }
      },
    );
  },
};
