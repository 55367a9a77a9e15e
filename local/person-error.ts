/** A mistake that a person can mend: shown as its message alone, without a stack trace. */
export class PersonError extends Error {
  override readonly name = "PersonError";

  /**
   * @param message what was wrong, where, and what to do
   * @param exitStatus 2 when the command line itself is wrong
   */
  constructor(
    message: string,
    readonly exitStatus: 1 | 2 = 1,
  ) {
    super(message);
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The code that Node or Postgres put on an error, such as `ENOENT` or `42501`. */
export function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
