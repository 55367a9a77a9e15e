/**
 * A person's mistake: what was wrong, where, and what to do. Shown as its message alone, by the engine and by the
 * commands. It carries no frames: the SDK also formats them, and on Node 20 that takes half a minute where a path has
 * two packages of one scope in it.
 */
export class MistakeError extends Error {
  /** What the SDK knows its `RunError` by, of whichever copy of it: commands would load half a second of SDK for the class. */
  readonly __pulumiRunError = true;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
    this.stack = `${this.name}: ${message}`;
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

/** Whether a connection to Postgres was lost: node-postgres says it in words, the system and the server by a code. */
export function isLost(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code === undefined
    ? /connection/i.test(messageOf(thrown))
    : /^(57P|08|25P0[34]|E[A-Z]+$)/.test(code);
}
