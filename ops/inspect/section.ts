import { wrapped } from "../../cli/lines";
import { printable } from "../../infra/printable";
import { countOf } from "./units";

/** A part of the report: a heading, and what stands below it; or one sentence that there is nothing. */
export type Section = readonly string[];

/** A text that somebody else wrote, in lines that fit. */
export const sentence = (text: string, first = "  ", indent = 6): string =>
  wrapped(printable(text), first, indent);

/** Says how many of a list are left out. */
export function leftOut(shown: number, all: number, what: string): string[] {
  return all > shown ? [`  and ${countOf(all - shown)} more ${what} (--top ${all} shows them)`] : [];
}
