/** Something in an app's files that does not fit the stack. */
export interface Finding {
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
