import { parsePreview } from "../../ops/review/preview";
import { changedRows, type Review, review } from "../../ops/review/review";

/** Reviews a preview as the command does. */
export function judge(preview: unknown): Review {
  return review(parsePreview(JSON.parse(JSON.stringify(preview))));
}

/** Verdict, then each finding in a line: class, what, reason. */
export function findingsOf(judged: Review): string[] {
  const lines = judged.groups.flatMap(({ findings }) =>
    findings.map(({ risk, what, reason }) => `${risk} | ${what} | ${reason}`),
  );
  return [judged.verdict, ...lines];
}

/** Changed cells: `role on schema: +gained -lost`. */
export function cellsOf(judged: Review): string[] {
  return changedRows(judged).map(({ role, schema, gained, lost }) =>
    [
      `${role} on ${schema}:`,
      ...gained.map((right) => `+${right}`),
      ...lost.map((right) => `-${right}`),
    ].join(" "),
  );
}
