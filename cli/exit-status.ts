import { MistakeError } from "../infra/mistake";

/**
 * What a command ends with. A number means one thing in all commands, so that a script may act on it: what is found
 * is never told by the number of a failure, and a wrong command line (EX_USAGE of sysexits.h) by neither.
 */
export const EXIT = { done: 0, failed: 1, found: 2, usage: 64 } as const;

/** One of them. */
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** A status that is another program's own, to which a command has handed its terminal: psql's may be 3. */
export type PassedStatus = number & { readonly isPassed: true };

/** What `--help` says of each; commands that look at something say in their own words what they may find. */
export const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: "done, and nothing was found",
  failed: "not done: a mistake in a file, a refusal of the server, of AWS or of the system, or the answer no",
  found: "looked at, and something was found",
  usage: "the command line is wrong",
};

/** A command line that cannot be understood; where it is shown, the command's `--help` is pointed to. */
export class UsageError extends MistakeError {}
