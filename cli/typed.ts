/** One program to run, without a shell. */
export type Argv = readonly [program: string, ...args: string[]];

/** A command as it would be typed. */
export function typed(command: Argv): string {
  return command
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}
