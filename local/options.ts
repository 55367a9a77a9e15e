import { parseArgs } from "node:util";
import { UsageError } from "../cli/usage-error";
import { type Places, placesOf } from "./places";

/** What the command can be told to do. */
export const VERBS = ["up", "preview", "status", "down", "destroy", "url"] as const;

/** One of them. */
export type Verb = (typeof VERBS)[number];

/** A command line. */
export interface Options {
  readonly verb: Verb;
  /** What follows the verb: app and environment of `url`. */
  readonly rest: readonly string[];
  readonly places: Places;
  /** Where Postgres shall listen; undefined: where it did, or 6543. */
  readonly port: number | undefined;
  /** The one stack to work on; undefined: all of them. */
  readonly stack: string | undefined;
  readonly json: boolean;
  readonly all: boolean;
  readonly help: boolean;
}

/** How the command is used. */
export const USAGE = `npm run local [-- <verb>] [options]

  up                   start the servers, deploy prod and dev, prove every URL (default)
  preview              print what up would change; touches nothing
  status               what runs, and what is deployed
  url <app> <env>      the app's DATABASE_URL alone
  down                 stop the servers; all data are kept
  destroy              delete everything, protected or not; --all removes the installed tools too

  --stack <name>       only this stack, such as prod, dev or pr-42
  --port <number>      where Postgres listens (default 6543)
  --json               machine-readable output of preview and status
  --dir <folder>       where the platform keeps its data (default .local)
  --config-dir <path>  where the Pulumi.<stack>.yaml files are (default: the checkout)
  --tools-dir <path>   where the AWS emulator is installed (default .local/tools)`;

const FLAGS = {
  stack: { type: "string" },
  port: { type: "string" },
  dir: { type: "string" },
  "config-dir": { type: "string" },
  "tools-dir": { type: "string" },
  json: { type: "boolean" },
  all: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.split(".")[0] : String(thrown);
    throw new UsageError(`${reason}: see npm run local -- --help`);
  }
}

/** Reads the command line. @throws {UsageError} for anything it does not know */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const [word = "up", ...rest] = positionals;
  const verb = VERBS.find((known) => known === word);
  if (verb === undefined) throw new UsageError(`unknown verb "${word}": use one of ${VERBS.join(", ")}`);
  if (rest.length !== (verb === "url" ? 2 : 0)) {
    throw new UsageError(verb === "url" ? "usage: url <app> <environment>" : `${verb} takes no "${rest[0]}"`);
  }
  if (values.stack !== undefined && !/^[a-z][a-z0-9_-]{0,62}$/.test(values.stack)) {
    throw new UsageError(`bad stack name "${values.stack}": lower-case letters, digits and -`);
  }
  return {
    verb,
    rest,
    places: placesOf(values.dir, values["config-dir"], values["tools-dir"] ?? process.env.PORTAL_DB_TOOLS),
    port: portOf(values.port),
    stack: values.stack,
    json: values.json === true,
    all: values.all === true,
    help: values.help === true,
  };
}

function portOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const port = Number(value);
  if (/^\d+$/.test(value) && port > 0 && port < 65536) return port;
  throw new UsageError(`bad port "${value}": a number from 1 to 65535`);
}
