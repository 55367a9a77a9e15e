import { tokensOf } from "../sql/lexer";
import type { ParsedStatement } from "../sql/parsed-script";
import type { LineFinding } from "./finding";

const COMMENT = /^\s*(?:--|\/\/)\s*check-prisma-ignore\b:?\s*(.*?)\s*$/;

/** Comments of SQL that have a line to themselves, by their line: a string may hold what looks like one. */
function commentsOf(text: string): ReadonlyMap<number, string> {
  const comments = new Map<number, string>();
  let line = 1;
  let before = "\n";
  for (const token of tokensOf(text)) {
    if (token.kind === "comment" && /(^|\n)[^\S\n]*$/.test(before)) comments.set(line, token.text);
    line += token.text.split("\n").length - 1;
    before = token.text;
  }
  return comments;
}

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
  return heededIn(commentsOf(text), statements, findings);
}

/** The same with comments that have a line to themselves, by their line. */
export function heededIn(
  comments: ReadonlyMap<number, string>,
  statements: readonly Pick<ParsedStatement, "line">[],
  findings: readonly LineFinding[],
): LineFinding[] {
  const starts = statements.map(({ line }) => line);
  return findings.flatMap((finding) => {
    const start = starts.filter((line) => line <= finding.line).at(-1) ?? finding.line;
    for (let above = start - 1; comments.has(above); above--) {
      const reason = COMMENT.exec(comments.get(above) ?? "")?.[1];
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
