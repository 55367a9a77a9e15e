import { oneStack } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT } from "../../cli/exit-status";
import { ENDPOINT, PLACE } from "../../cli/options";
import { placeOf } from "../app/place";
import { reportOf } from "./report";
import { verify } from "./verify";

const OPTIONS = { ...PLACE, ...ENDPOINT } as const;

/** Holds a stack against its server and prints what it found. */
export const VERIFY: Command<typeof OPTIONS> = {
  options: OPTIONS,
  found: "the server does something that is not declared, or does not do what is",
  notes:
    "Logs in with each app's URL from Secrets Manager and holds what the server lets its roles do against what the " +
    "stack's file declares: on every schema of the database, on the database itself, as other roles. Everything is " +
    "tried in a transaction that is rolled back. Then reads the catalogs as the stack's admin, and names whatever no " +
    "stack declares: roles, memberships, rights, owners, settings. What an app may do in its own schema is its own affair. " +
    "Lists the people and tools that read, and until when.",
  example: "dev",
  async run({ values, positionals }) {
    const stack = oneStack(positionals);
    const place = placeOf(values, stack);
    const verified = await verify(stack, place);
    console.log(reportOf(verified, stack, place.name));
    if (verified.differences.length > 0 || verified.findings.length > 0) return EXIT.found;
    return verified.failures.length > 0 ? EXIT.failed : EXIT.done;
  },
};
