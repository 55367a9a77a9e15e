import { wrapped } from "../../cli/lines";
import { printable } from "../../infra/printable";
import type { FileFinding } from "./finding";

const INDENT = 2;
/** What is said of a longer one begins on a line of its own. */
const WIDE_PLACE = 60;

/** A finding as it is printed: where it is begins its first line, and the others are indented. */
export function findingText({ file, line, message, isWarning }: FileFinding): string {
  // What is named was named by others: a table's name may steer the terminal.
  const [what = "", ...rest] = printable(message).split(/(?<=[.:]) (?=Instead: )/);
  const place = `${printable(file)}:${line}:${isWarning ? " warning:" : ""}`;
  const first =
    place.length > WIDE_PLACE
      ? [place, wrapped(what, " ".repeat(INDENT))]
      : [wrapped(what, `${place} `, INDENT)];
  return [...first, ...rest.map((text) => wrapped(text, " ".repeat(INDENT)))].join("\n");
}

/** How an app comes off. @param path as it was typed */
export function verdict(path: string, app: string, findings: readonly FileFinding[]): string {
  const warnings = findings.filter(({ isWarning }) => isWarning).length;
  const misfits = findings.length - warnings;
  const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;
  const [warned] = warnings === 0 ? [] : [count(warnings, "warning")];
  if (misfits > 0)
    return `${path}: does not fit ${app}: ${count(misfits, "finding")}${warned === undefined ? "" : `, ${warned}`}`;
  return `${path}: fits ${app}${warned === undefined ? "" : `, with ${warned}`}`;
}
