import { columnsOf, wrapped } from "./lines";

/** Rows under headings, in columns as wide as their widest cell. Words in the last one go on below it where they do not fit. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(headings.at(-1)?.length ?? 0, columnsOf(process.stdout) - before);
  const line = (cells: readonly string[]): string => {
    const others = cells.slice(0, -1).map((cell, column) => `${cell.padEnd(widths[column] ?? 0)}  `);
    return wrapped(cells.at(-1) ?? "", others.join("")).trimEnd();
  };
  const rules = widths.map((width, column) =>
    "-".repeat(column === widths.length - 1 ? Math.min(width, room) : width),
  );
  return [line(headings), line(rules), ...rows.map(line)].join("\n");
}
