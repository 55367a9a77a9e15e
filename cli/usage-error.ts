import { MistakeError } from "../infra/mistake";

/** A command line that cannot be understood; where it is shown, the command's `--help` is pointed to. */
export class UsageError extends MistakeError {}
