import { type AccessRow, isChanged, RIGHTS } from "../../access/matrix";
import { count, sentenceOf } from "./decisions";
import { code, markdownOf } from "./markdown-text";
import type { Review, ReviewedGroup } from "./review";
import { isNoValue } from "./value";

/** How much of a review is written: names in a sentence, sentences, lines of a table or list. */
export interface Room {
  readonly names: number;
  readonly sentences: number;
  readonly lines: number;
  /** Characters of a name or value. */
  readonly signs: number;
}

/** Where that stands which a comment leaves out. */
export const ELSEWHERE = "the whole review is in the summary of its run, whose link is at the end";

/** Lines of which a long list has the first ones, and says how many it leaves out. */
export function limited(lines: readonly string[], most: number, what: string): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), `- and ${lines.length - most} more ${what}: ${ELSEWHERE}`];
}

/** Lines that stand open at a click; nothing where there are none. @param summary words of the review's own */
export function folded(summary: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : ["<details>", `<summary>${summary}</summary>`, "", ...lines, "", "</details>", ""];
}

const shown = (value: string, other: string, signs: number) =>
  isNoValue(value) ? value : code(value, signs, other);

/** What an instance that is taken over was and becomes, and when. */
export function takeOverTable({ takesOver }: ReviewedGroup, { signs }: Room): string[] {
  if (takesOver === undefined || takesOver.changes.length === 0) return [];
  const { name, changes, window } = takesOver;
  const rows = changes.map(
    ({ property, before, after, when }) =>
      `| ${code(property)} | ${shown(before, after, signs)} | ${shown(after, before, signs)} | ${when ?? "nothing that runs changes"} |`,
  );
  const until =
    window === undefined ? [] : ["", `The maintenance window is ${code(window)}, in UTC, each week.`];
  return folded(`What changes of ${/^[a-z0-9-]+$/.test(name) ? name : "the instance"}, and when`, [
    "| setting | before | after | when RDS does it |",
    "|---|---|---|---|",
    ...rows,
    ...until,
  ]);
}

const ACCESS_HEAD = [
  `| role | schema | ${RIGHTS.join(" | ")} |`,
  `|---|---|${RIGHTS.map(() => ":-:").join("|")}|`,
];

/** One cell: `yes`, `–`, or what it changes from and to, in bold. */
function cell({ before, gained, lost }: AccessRow, right: (typeof RIGHTS)[number]): string {
  if (gained.includes(right)) return "**– → yes**";
  if (lost.includes(right)) return "**yes → –**";
  return before.includes(right) ? "yes" : "–";
}

function accessLine(row: AccessRow): string {
  const end = row.until === undefined ? "" : ` until ${code(row.until)}`;
  return `| ${code(row.role, 80)}${end} | ${code(row.schema, 80)} | ${RIGHTS.map((right) => cell(row, right)).join(" | ")} |`;
}

function accessTable(rows: readonly AccessRow[], most: number): string[] {
  const more = rows.length > most ? ["", `and ${rows.length - most} more rows: ${ELSEWHERE}`] : [];
  return rows.length === 0 ? [] : [...ACCESS_HEAD, ...rows.slice(0, most).map(accessLine), ...more];
}

/** The access matrix: the rows in which a cell changes, and the others. */
export function accessSection({ access, hidden, assumed }: Review, { lines }: Room): string[] {
  const changed = access.filter(isChanged);
  const same = access.filter((row) => !isChanged(row));
  const unseen =
    hidden === 0
      ? ""
      : `${count(hidden, "unchanged resource")} of the stack ${hidden === 1 ? "is" : "are"} not in this preview; \`npm run preview\` makes one that has them. `;
  const note =
    assumed === 0
      ? []
      : ["", `> ${unseen}${count(assumed, "resource")} of the matrix: taken from the stack's settings.`];
  return [
    "### Who may do what",
    "",
    ...(changed.length === 0 ? ["Nobody may do more or less than before.", ""] : []),
    ...folded(
      `${count(changed.length, "row")} of the access matrix ${changed.length === 1 ? "changes" : "change"}`,
      accessTable(changed, lines),
    ),
    ...folded(
      `${count(same.length, "row")} ${same.length === 1 ? "does" : "do"} not change`,
      same.length === 0 ? [] : [...accessTable(same, Math.ceil(lines / 2)), ...note],
    ),
  ];
}

/** What was wrong before, and each resource that changes. */
export function resourceSection({ resources, unchanged, known }: Review, { lines, signs }: Room): string[] {
  const counts = new Map<string, number>();
  for (const { op } of resources) counts.set(op, (counts.get(op) ?? 0) + 1);
  const summary = [...counts].map(([op, number]) => `${number} ${op}`).join(", ");
  const list = resources.map(
    ({ risk, phrase, urn }) => `- ${risk}: ${markdownOf(phrase, signs)} ${code(urn, 500)}`,
  );
  return [
    ...folded(
      `${count(known.length, "problem")} ${known.length === 1 ? "was" : "were"} there before`,
      limited(
        known.map(({ subject, reason }) => `- ${markdownOf([...sentenceOf(subject, reason), "."], signs)}`),
        lines,
        "problems",
      ),
    ),
    ...folded(
      `${count(resources.length, "resource")} ${resources.length === 1 ? "changes" : "change"}${summary === "" ? "" : ` (${summary})`}, ${unchanged} do not`,
      limited(list, lines, "resources"),
    ),
  ];
}
