import { type AccessRow, isChanged, RIGHTS } from "../../access/matrix";
import { code } from "./visible";

const HEAD = [`| role | schema | ${RIGHTS.join(" | ")} |`, `|---|---|${RIGHTS.map(() => ":-:").join("|")}|`];

/** One cell: `yes`, `–`, or what it changes from and to, in bold. */
function cell({ before, gained, lost }: AccessRow, right: (typeof RIGHTS)[number]): string {
  if (gained.includes(right)) return "**– → yes**";
  if (lost.includes(right)) return "**yes → –**";
  return before.includes(right) ? "yes" : "–";
}

function line(row: AccessRow): string {
  return `| ${code(row.role, 80)} | ${code(row.schema, 80)} | ${RIGHTS.map((right) => cell(row, right)).join(" | ")} |`;
}

function table(rows: readonly AccessRow[], limit: number): string[] {
  const more = rows.length > limit ? [`and ${rows.length - limit} more rows; \`--json\` has all`] : [];
  return [...HEAD, ...rows.slice(0, limit).map(line), "", ...more];
}

/** The access matrix: the rows in which a cell changes, and the others folded. */
export function accessSection(rows: readonly AccessRow[], limit: number, notes: readonly string[]): string[] {
  const changed = rows.filter(isChanged);
  const same = rows.filter((row) => !isChanged(row));
  const folded =
    same.length === 0 ? [] : ["<details>", `<summary>${same.length} rows do not change</summary>`, ""];
  return [
    "### Who may do what",
    "",
    ...(changed.length === 0 ? ["No cell of the access matrix changes.", ""] : table(changed, limit)),
    ...folded,
    ...(same.length === 0 ? [] : [...table(same, Math.ceil(limit / 2)), "", "</details>", ""]),
    ...notes,
    "",
  ];
}
