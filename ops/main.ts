import { statusOfMistake, UsageError } from "../cli/usage-error";
import { MistakeError, messageOf } from "../infra/mistake";
import { usage, VERBS } from "./commands";

/** Runs the verb that the command line names. @returns the exit status */
async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    console.log(usage());
    return name === undefined ? 2 : 0;
  }
  const verb = VERBS.find((known) => known.name === name);
  try {
    if (verb === undefined) throw new UsageError(`unknown command "${name}": see npm run ops -- --help`);
    if (args.includes("--help") || args.includes("-h")) {
      console.log(`npm run ops -- ${verb.name} ${verb.usage}\n\n${verb.summary}`);
      return 0;
    }
    return await verb.run(args);
  } catch (thrown) {
    if (!(thrown instanceof MistakeError)) throw thrown;
    console.error(`error: ${messageOf(thrown)}`);
    return statusOfMistake(thrown);
  }
}

main().then(
  // Open connections of the AWS clients would keep the process for seconds.
  (status) => process.exit(status),
  (thrown: unknown) => {
    console.error(thrown);
    process.exit(1);
  },
);
