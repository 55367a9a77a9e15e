import type { Environments } from "../../infra/names";
import { exitStatusOf } from "../../ops/review/command";
import { parsePreview } from "../../ops/review/preview";
import { changedRows, type Review, review } from "../../ops/review/review";
import { plainOf } from "../../ops/review/sentence";
import { withoutSames } from "./engine-preview";
import { previewBetween, type StackProgram } from "./program-preview";

/** Reviews a preview as the command does. */
export function judge(preview: unknown, environments?: Environments): Review {
  return review(parsePreview(JSON.parse(JSON.stringify(preview))), [], environments);
}

/** Verdict, then each finding in a line: class, what, reason. */
export function findingsOf(judged: Review): string[] {
  const lines = judged.groups.flatMap(({ findings }) =>
    findings.map(({ risk, what, reason }) => `${risk} | ${what} | ${plainOf(reason)}`),
  );
  return [judged.verdict, ...lines];
}

/** Changed cells: `role on schema: +gained -lost`. */
function changedCells(judged: Review): string[] {
  return changedRows(judged).map(({ role, schema, gained, lost }) =>
    [
      `${role} on ${schema}:`,
      ...gained.map((right) => `+${right}`),
      ...lost.map((right) => `-${right}`),
    ].join(" "),
  );
}

/** Everything that a review says of a preview, but for its list of resources. */
export interface Said {
  readonly exit: 0 | 2;
  readonly incomplete: readonly string[];
  /** A line a group: class and headline. */
  readonly groups: readonly string[];
  /** The verdict, then a line a finding. */
  readonly findings: readonly string[];
  /** Cells of the access matrix that change. */
  readonly cells: readonly string[];
  /** Rules that were broken before. */
  readonly known: readonly string[];
}

/** What a review says of a preview. */
export function saidOf(preview: unknown): Said {
  const judged = judge(preview);
  return {
    exit: exitStatusOf(judged),
    incomplete: judged.incomplete,
    groups: judged.groups.map(({ risk, headline }) => `${risk}: ${plainOf(headline)}`),
    findings: findingsOf(judged),
    cells: changedCells(judged),
    known: judged.known.map(({ what, reason }) => `${what} | ${plainOf(reason)}`),
  };
}

/** What a review says where one program follows another, with and without `--show-sames`, which may make no difference. */
export function saidBetween(before: StackProgram, after: StackProgram): Said {
  const preview = previewBetween(before, after);
  const said = saidOf(preview);
  expect(saidOf(withoutSames(preview))).toEqual(said);
  return said;
}
