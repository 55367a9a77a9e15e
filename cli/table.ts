import { columnsOf, wrapped } from "./lines";

/** Before the columns that stand on a row's further lines. */
const INDENT = "    ";
/** Columns of the terminal in which sentences can be read; with fewer they get a line of their own. */
const LEAST_TEXT = 24;

type Rows = readonly (readonly string[])[];

/** How wide a table is that has each row on one line. */
export function tableWidth(headings: readonly string[], rows: Rows): number {
  return columnWidths(headings, rows).reduce((sum, width) => sum + width + 2, -2);
}

function columnWidths(headings: readonly string[], rows: Rows): number[] {
  return headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
}

/**
 * Rows under headings, in columns as wide as their widest cell. What does not fit stands on further lines of its row: the
 * words of the last column below each other, and whole columns indented.
 */
export function table(headings: readonly string[], rows: Rows): string {
  const widths = columnWidths(headings, rows);
  const groups = groupsOf(widths);
  const lineOf = (cells: readonly string[], { first, end }: Group, indent: string): string => {
    const padded = cells
      .slice(first, end)
      .map((cell, index, group) =>
        index < group.length - 1 ? `${cell.padEnd(widths[first + index] ?? 0)}  ` : cell,
      );
    return wrapped(padded.at(-1) ?? "", indent + padded.slice(0, -1).join("")).trimEnd();
  };
  const linesOf = (cells: readonly string[]): string[] =>
    groups.map((group, index) => lineOf(cells, group, index === 0 ? "" : INDENT));
  const rules = widths.map((width) => "-".repeat(width));
  for (const { end, room } of groups) rules[end - 1] = rules[end - 1]?.slice(0, Math.max(1, room)) ?? "";
  return [headings, rules, ...rows].flatMap(linesOf).join("\n");
}

/** Columns that stand on one line. */
interface Group {
  readonly first: number;
  readonly end: number;
  /** What the last of them has. */
  readonly room: number;
}

function groupsOf(widths: readonly number[]): readonly Group[] {
  const columns = columnsOf(process.stdout);
  const groups: Group[] = [];
  let first = 0;
  let used = 0;
  widths.forEach((width, column) => {
    const room = columns - used;
    const isLast = column === widths.length - 1;
    if (column > first && width > room && !(isLast && room >= LEAST_TEXT)) {
      groups.push({ first, end: column, room: widths[column - 1] ?? 0 });
      first = column;
      used = INDENT.length;
    }
    if (isLast) groups.push({ first, end: column + 1, room: Math.min(width, columns - used) });
    used += width + 2;
  });
  return groups;
}
