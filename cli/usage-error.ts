import { MistakeError } from "../infra/mistake";

/** A command line that cannot be understood. */
export class UsageError extends MistakeError {}

/** Status that a command ends with when a person's mistake stops it. */
export function statusOfMistake(thrown: MistakeError): 1 | 2 {
  return thrown instanceof UsageError ? 2 : 1;
}
