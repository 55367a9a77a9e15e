/** One command of `npm run ops -- <verb> …`. */
export interface Verb {
  /** What is typed, such as `reset`. */
  readonly name: string;
  /** What follows the name, such as `<app> <environment> [--yes]`; one line, as printed by `--help`. */
  readonly usage: string;
  /** One sentence on what it does, without a full stop, for the list of commands. */
  readonly summary: string;
  /**
   * Runs it with what follows the name on the command line.
   * @returns the exit status: 0 done, 1 found something wrong or refused.
   * @throws {MistakeError} for what a person can put right; it is printed without a stack trace, and the status is 1.
   */
  run(args: string[]): Promise<number>;
}
