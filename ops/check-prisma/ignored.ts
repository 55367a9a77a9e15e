import type { ParsedStatement } from "../sql/parsed-script";
import type { LineFinding } from "./finding";

const COMMENT = /^\s*--\s*check-prisma-ignore\b:?\s*(.*?)\s*$/;

/**
 * Findings without those of statements that a comment takes on itself: `-- check-prisma-ignore: 40 rows`, on a line of its
 * own in the comment before the statement. A reason has to stand in it.
 */
export function heeded(
  text: string,
  statements: readonly Pick<ParsedStatement, "line">[],
  findings: readonly LineFinding[],
): LineFinding[] {
  if (!text.includes("check-prisma-ignore")) return [...findings];
  const lines = text.split("\n");
  const starts = statements.map(({ line }) => line);
  return findings.flatMap((finding) => {
    const start = starts.filter((line) => line <= finding.line).at(-1) ?? finding.line;
    for (let above = start - 1; above > 0 && /^\s*--/.test(lines[above - 1] ?? ""); above--) {
      const reason = COMMENT.exec(lines[above - 1] ?? "")?.[1];
      if (reason === undefined) continue;
      if (reason !== "") return [];
      return [
        { line: above, message: "check-prisma-ignore: say why behind a colon, or it is not heeded" },
        finding,
      ];
    }
    return [finding];
  });
}
