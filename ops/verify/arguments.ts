import { PLACE_FLAGS, readLine } from "../../cli/arguments";
import { UsageError } from "../../cli/usage-error";
import { environmentOfStack } from "../../infra/names";
import type { PlaceOptions } from "../app/place";

/** A command line. */
export interface VerifyArguments {
  readonly stack: string;
  readonly help: boolean;
  readonly options: PlaceOptions;
}

/** How the command is used. */
export const USAGE = `npm run verify -- <stack> [options]

Logs in with each app's URL from Secrets Manager and holds what the server lets its roles do against what
the stack's file declares: on every schema of the database, on the database itself, as other roles.
Everything is tried in a transaction that is rolled back.

Where: the local platform when .local/platform.json is there, otherwise AWS with the ordinary credentials.
  --platform FILE       the platform.json of another local platform
  --aws                 AWS, also while a local platform runs
  --region <region>     of AWS (default: aws:region of the stack's file, then AWS_REGION)
  --config-dir <path>   where the Pulumi.<stack>.yaml files are (default: the checkout)
  --endpoint host:port  where Postgres is reached, such as localhost:6543 through the tunnel

Exit status: 0 the server does what is declared, 1 it differs or cannot be tried, 2 the command line is wrong.`;

const { stack: _ofOps, ...PLACE } = PLACE_FLAGS;
const FLAGS = { ...PLACE, help: { type: "boolean", short: "h" } } as const;

/** Reads the command line. @throws {UsageError} for anything it does not know */
export function readArguments(args: readonly string[]): VerifyArguments {
  const { values, positionals } = readLine("verify", args, FLAGS, "npm run verify -- --help");
  const [stack, ...more] = positionals;
  const { help = false, ...options } = values;
  if (help) return { stack: stack ?? "", help, options };
  if (stack === undefined || more.length > 0) {
    throw new UsageError("usage: npm run verify -- <stack>, such as dev");
  }
  if (!/^[a-z][a-z0-9_-]*$/.test(stack) || environmentOfStack(stack).length > 63) {
    throw new UsageError("bad stack name: lower-case letters, digits, - and _, such as dev or pr-42");
  }
  return { stack, help, options };
}
