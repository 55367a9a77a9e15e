import type { Option, Options } from "./arguments";
import type { Command, EntryPoint, Listed } from "./command";
import { EXIT, MEANINGS } from "./exit-status";
import { columnsOf, wrapped } from "./lines";

/** Columns that a sentence needs beside a name; with fewer it stands below it. */
const LEAST_TEXT = 30;

/** Rows of two columns, the second of which is wrapped. */
function rows(cells: readonly (readonly [left: string, right: string])[]): string[] {
  const width = Math.max(...cells.map(([left]) => left.length));
  const isNarrow = columnsOf(process.stdout) < width + LEAST_TEXT;
  return cells.map(([left, right]) =>
    isNarrow ? `  ${left}\n${wrapped(right, "      ")}` : wrapped(right, `  ${left.padEnd(width)}  `),
  );
}

function optionRow([name, option]: readonly [name: string, option: Option]): readonly [string, string] {
  const short = option.short === undefined ? "" : `-${option.short}, `;
  const value = option.value === undefined ? "" : ` ${option.value}`;
  const more = option.multiple === true ? "; may stand again" : "";
  const unset = option.default === undefined ? "" : ` (default ${option.default})`;
  return [`${short}--${name}${value}`, `${option.help}${more}${unset}`];
}

const optionRows = (options: Options): string[] =>
  rows([...Object.entries(options).map(optionRow), ["-h, --help", "say this"]]);

function statusRows(meanings: readonly (readonly [status: keyof typeof EXIT, meaning: string])[]): string[] {
  return ["Exit status:", ...rows(meanings.map(([status, meaning]) => [String(EXIT[status]), meaning]))];
}

/** What `--help` of a command prints. @param typed what is typed to run it, such as `npm run ops -- reset` */
export function commandHelp(
  typed: string,
  { usage, summary }: Omit<Listed, "load">,
  { options, found, notes, example }: Omit<Command, "run">,
): string {
  const { done, failed, usage: wrong } = MEANINGS;
  return [
    wrapped(`${[typed, usage].filter((part) => part !== "").join(" ")} [options]`, "", 4),
    "",
    wrapped(summary),
    ...(notes === undefined ? [] : ["", wrapped(notes)]),
    "",
    ...optionRows(options),
    "",
    "For example:",
    wrapped(`${typed} ${example}`.trimEnd(), "  ", 6),
    "",
    ...statusRows([
      ["done", found === undefined ? "done" : done],
      ["failed", failed],
      ...(found === undefined ? [] : [["found", found] as const]),
      ["usage", wrong],
    ]),
  ].join("\n");
}

/** What `--help` without a command prints. */
export function entryHelp({ typed, commands, fallback, shared }: EntryPoint): string {
  const lines = commands.flatMap(({ name, usage, summary }) => [
    wrapped(usage, `  ${name}${usage === "" ? "" : " "}`, 6),
    wrapped(name === fallback ? `${summary} (what is done where no command is named)` : summary, "      "),
  ]);
  return [
    wrapped(`${typed} ${fallback === undefined ? "<command>" : "[<command>]"} [options]`, "", 4),
    "",
    ...lines,
    "",
    wrapped(
      `${typed} <command> --help says what a command takes. Options that several of them take, and what each status means in all of them:`,
    ),
    "",
    ...optionRows(shared),
    "",
    ...statusRows([
      ["done", MEANINGS.done],
      ["failed", MEANINGS.failed],
      ["found", MEANINGS.found],
      ["usage", MEANINGS.usage],
    ]),
  ].join("\n");
}
