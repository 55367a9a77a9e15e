import { statusOfMistake } from "../../cli/usage-error";
import { MistakeError, messageOf } from "../../infra/mistake";
import { placeOf } from "../app/place";
import { readArguments, USAGE } from "./arguments";
import { reportOf } from "./report";
import { verify } from "./verify";

/** Holds a stack against its server and prints what it found. @returns the exit status */
export async function runVerify(args: readonly string[]): Promise<number> {
  try {
    const { stack, help, options } = readArguments(args);
    if (help) {
      console.log(USAGE);
      return 0;
    }
    const place = placeOf(options, stack);
    const verified = await verify(stack, place);
    console.log(reportOf(verified, `stack ${stack} on ${place.name}`));
    return verified.differences.length === 0 && verified.failures.length === 0 ? 0 : 1;
  } catch (thrown) {
    if (!(thrown instanceof MistakeError)) throw thrown;
    console.error(`error: ${messageOf(thrown)}`);
    return statusOfMistake(thrown);
  }
}
