import { statusOfMistake } from "../cli/usage-error";
import { codeOf, MistakeError, messageOf } from "../infra/mistake";
import { type Options, readOptions, USAGE } from "./options";

/** Runs one verb; verbs are loaded when they are needed, so that `url` and `status` answer at once. */
async function run(options: Options): Promise<void> {
  switch (options.verb) {
    case "up":
      return (await import("./verbs/up")).up(options);
    case "preview":
      return (await import("./verbs/preview")).preview(options);
    case "status":
      return (await import("./verbs/status")).status(options);
    case "url":
      return (await import("./verbs/url")).url(options);
    case "down":
      return (await import("./verbs/down")).down(options);
    case "destroy":
      return (await import("./verbs/destroy")).destroy(options);
  }
}

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options.help) console.log(USAGE);
    else await run(options);
    return 0;
  } catch (thrown) {
    // The system's refusals, such as a folder that may not be written, name what they are about.
    const isSystem = codeOf(thrown) !== undefined && thrown instanceof Error && "syscall" in thrown;
    if (!(thrown instanceof MistakeError) && !isSystem) throw thrown;
    console.error(`error: ${messageOf(thrown)}`);
    return thrown instanceof MistakeError ? statusOfMistake(thrown) : 1;
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
