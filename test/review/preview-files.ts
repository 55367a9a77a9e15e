import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exitStatusOf } from "../../ops/review/json";
import { cellsOf, findingsOf, judge } from "./judge";

const FOLDER = join(__dirname, "previews");

/** Everything that a review says of a preview, but for its list of resources. */
export interface Expected {
  readonly exit: 0 | 2;
  readonly incomplete: readonly string[];
  readonly headlines: readonly string[];
  /** The verdict, then a line a finding. */
  readonly findings: readonly string[];
  /** Cells of the access matrix that change. */
  readonly cells: readonly string[];
  readonly known: readonly string[];
}

/** Names of the previews. */
export function previewNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

/** Path of a preview. */
export function previewFile(name: string): string {
  return join(FOLDER, `${name}.json`);
}

/** Reviews a preview and holds all of the answer. */
export function holds(name: string, expected: Expected | undefined): void {
  const judged = judge(JSON.parse(readFileSync(previewFile(name), "utf8")));
  expect({
    exit: exitStatusOf(judged),
    incomplete: judged.incomplete,
    headlines: judged.groups.map(({ headline }) => headline),
    findings: findingsOf(judged),
    cells: cellsOf(judged),
    known: judged.known.map(({ what, reason }) => `${what} | ${reason}`),
  }).toEqual(expected);
}
