/** Something in an app's files that does not fit the stack. */
export interface FileFinding {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What is wrong and what to do; never a URL, which may hold a password. */
  readonly message: string;
}

/** The line of a place in a text, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** What to do about a URL in a file that goes into the repository. */
export function writtenOut(key: string): string {
  const variable =
    { directUrl: "DIRECT_URL", shadowDatabaseUrl: "SHADOW_DATABASE_URL" }[key] ?? "DATABASE_URL";
  return `${key} is written out: take it from env("${variable}")`;
}
