import { printable } from "../infra/printable";

/** What every terminal has, and what a mail, a log and a page of documentation are written for. */
const COLUMNS = 80;
/** Narrower than this nothing can be read anyway. */
const LEAST_COLUMNS = 24;
/** Where the second line of an error begins: below the first one's words. */
const ERROR = "error: ";

/** How wide a line on a stream may be: 80 columns, or what a narrower terminal has. */
export function columnsOf({ isTTY, columns }: Pick<NodeJS.WriteStream, "isTTY" | "columns">): number {
  // A terminal that does not know its size says 0.
  const wide = isTTY && columns > 0 ? columns : COLUMNS;
  return Math.max(LEAST_COLUMNS, Math.min(COLUMNS, wide));
}

/**
 * A text in lines that fit; a word that is longer, such as a path, is never broken.
 * @param first starts the first line
 * @param indent spaces before the others
 */
export function wrapped(
  text: string,
  first = "",
  indent = first.length,
  columns = columnsOf(process.stdout),
): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = " ".repeat(indent);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join("\n");
}

/**
 * Prints a sentence or a row of a list, in which others' names may stand; what does not fit goes on below.
 * @param first starts the first line
 */
export function printLine(text: string, first = ""): void {
  console.log(wrapped(printable(text), first, first.length + 2));
}

/** Stands for a space that is none between words; `printable` leaves no such sign in a text. */
const KEPT = "\0";

/** Prints SQL likewise. It is never broken within quotes or a comment: whoever copies it gets the same. */
export function printSql(sql: string, first = "  "): void {
  const text = printable(sql).replace(/"[^"]*"|'[^']*'|--.*$/gm, (name) => name.replaceAll(" ", KEPT));
  console.log(wrapped(text, first, first.length + 2).replaceAll(KEPT, " "));
}

/** An error as it is shown. Each line of the message is one line, and where it does not fit, goes on below the first word. */
export function errorText(message: string, columns = columnsOf(process.stderr)): string {
  return message
    .split("\n")
    .map((line, index) => {
      const [indent = ""] = index === 0 ? [ERROR] : (/^ */.exec(line) ?? []);
      const text = index === 0 ? line : line.slice(indent.length);
      return wrapped(text, indent, Math.max(ERROR.length, indent.length), columns);
    })
    .join("\n");
}

/** What was left out, and why, as it is shown beside the rest; the reason may repeat a name that somebody else gave. */
export function leftOutText(problem: string): string {
  return wrapped(printable(problem), "not looked at: ", 2, columnsOf(process.stderr));
}
