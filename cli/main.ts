import { parseArgs } from "node:util";
import { codeOf, MistakeError, messageOf } from "../infra/mistake";
import { printable } from "../infra/printable";
import { type Options, readLine, unknownOption } from "./arguments";
import type { EntryPoint } from "./command";
import { EXIT, type ExitStatus, type PassedStatus, UsageError } from "./exit-status";
import { commandHelp, entryHelp } from "./help";
import { errorText } from "./lines";
import { watchOutput } from "./output";

/** Runs a command line and ends the process with its status. */
export async function main(entry: EntryPoint): Promise<never> {
  const written = watchOutput();
  let status: ExitStatus | PassedStatus = EXIT.failed;
  try {
    status = await runLine(entry, process.argv.slice(2));
  } catch (thrown) {
    console.error(thrown);
  }
  const lost = await written();
  if (lost !== undefined) {
    console.error(errorText(`what was printed is not whole (${lost})`));
    status = EXIT.failed;
  }
  // Open connections of the AWS clients would keep the process for seconds.
  process.exit(status);
}

/** Runs the command that a line names, and shows what a person has to put right as one line. */
export async function runLine(
  entry: EntryPoint,
  args: readonly string[],
): Promise<ExitStatus | PassedStatus> {
  let helped = entry.typed;
  try {
    const { word, rest, asksHelp } = partsOf(entry, args);
    // `help reset` is `reset --help`.
    const asked = word === "help" ? partsOf(entry, rest).word : undefined;
    const topic = asked === "help" ? undefined : asked;
    if (topic === undefined && (word === "help" || (word === undefined && asksHelp))) {
      console.log(entryHelp(entry));
      return EXIT.done;
    }
    const name = topic ?? word ?? entry.fallback;
    if (name === undefined) {
      if (args.length > 0) throw new UsageError(`which command? Use one of ${namesOf(entry)}`);
      console.log(entryHelp(entry));
      return EXIT.usage;
    }
    const listed = entry.commands.find((known) => known.name === name);
    if (listed === undefined) throw new UsageError(`unknown command "${name}": use one of ${namesOf(entry)}`);
    helped = typedFor(entry, name);
    const command = await listed.load();
    // By the command's own options: in `-o/home/x` there is no `-h`.
    if (topic !== undefined || hasHelp(tokensOf(rest, command.options))) {
      console.log(commandHelp(helped, listed, command));
      return EXIT.done;
    }
    return await command.run(readLine(rest, command.options));
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      const end = thrown.message.includes("\n") ? "\n" : "; ";
      console.error(errorText(`${lines(thrown.message)}${end}see ${helped} --help`));
      return EXIT.usage;
    }
    if (!(thrown instanceof MistakeError) && !isSystemRefusal(thrown)) throw thrown;
    console.error(errorText(lines(messageOf(thrown))));
    return EXIT.failed;
  }
}

/** A message, which may repeat a name that somebody else gave. */
const lines = (message: string): string => message.split("\n").map(printable).join("\n");

/**
 * The command's name, which options that are shared may stand before, and what is left for the command to read.
 * @throws {UsageError} for another option before it: what follows that could be its value, a secret, and no name
 */
function partsOf({ shared }: EntryPoint, args: readonly string[]) {
  const tokens = tokensOf(args, shared);
  const named = tokens.find((token) => token.kind === "positional");
  const asksHelp = hasHelp(tokens);
  for (const token of tokens.slice(0, named === undefined ? undefined : tokens.indexOf(named)))
    if (token.kind === "option" && token.name !== "help" && !Object.hasOwn(shared, token.name)) {
      if (asksHelp) return { word: undefined, rest: args, asksHelp };
      throw unknownOption(token.rawName);
    }
  const rest = args.filter((_, index) => index !== named?.index);
  return { word: named?.value, rest, asksHelp };
}

/** What stands in a line, whether all of it is understood or not. */
function tokensOf(args: readonly string[], options: Options) {
  const known = { ...options, help: { type: "boolean", short: "h" } } as const;
  return parseArgs({ args: [...args], options: known, allowPositionals: true, strict: false, tokens: true })
    .tokens;
}

type Tokens = ReturnType<typeof tokensOf>;

const hasHelp = (tokens: Tokens): boolean =>
  tokens.some((token) => token.kind === "option" && token.name === "help");

const namesOf = ({ commands }: EntryPoint): string => commands.map(({ name }) => name).join(", ");

/** What a person typed to run a command: npm says which script it runs, and some are short names of commands. */
function typedFor({ typed }: EntryPoint, name: string): string {
  return process.env.npm_lifecycle_event === name ? `npm run ${name} --` : `${typed} ${name}`;
}

/** The system's refusals, such as a folder that may not be written, name what they are about. */
function isSystemRefusal(thrown: unknown): boolean {
  return codeOf(thrown) !== undefined && thrown instanceof Error && "syscall" in thrown;
}
