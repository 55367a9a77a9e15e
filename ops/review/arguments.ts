import { parseArgs } from "node:util";
import { MistakeError } from "../../infra/mistake";
import type { Allowance } from "./finding";

/** A command line. */
export interface ReviewArguments {
  /** File, or `-` for standard input. */
  readonly file: string;
  readonly json: boolean;
  readonly help: boolean;
  readonly allowances: readonly Allowance[];
}

/** How the command is used. */
export const USAGE = `npm run review -- <preview.json> [options]

Says what a preview does to data, access and running apps. Make the preview with
  pulumi preview --json --show-sames > preview.json

  -                                standard input instead of a file
  --json                           JSON instead of Markdown
  --allow <urn> --reason <text>    let one thing through that blocks, and say so; may stand again

Exit status: 0 nothing blocks (it may interrupt, widen or narrow), 2 something blocks or the preview
is incomplete, 1 the input or the command line is wrong.`;

const FLAGS = {
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  allow: { type: "string", multiple: true },
  reason: { type: "string", multiple: true },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  } catch (thrown) {
    const { message } = thrown as { message?: unknown };
    const reason = typeof message === "string" ? message.split(/[.\n]/)[0] : "bad command line";
    throw new MistakeError(`${reason}: see npm run review -- --help`);
  }
}

/** Reads the command line. @throws {MistakeError} for anything it does not know; 2 is kept for what blocks */
export function readArguments(args: readonly string[]): ReviewArguments {
  const { values, positionals } = parse(args);
  const help = values.help === true;
  const [file, ...more] = positionals;
  if (!help && (file === undefined || more.length > 0)) {
    throw new MistakeError("give one file, or - for standard input: see npm run review -- --help");
  }
  const { allow = [], reason = [] } = values;
  if (allow.length !== reason.length || reason.some((text) => text.trim() === "")) {
    throw new MistakeError("each --allow <urn> needs its --reason <text>: say why it may happen");
  }
  if (new Set(allow).size < allow.length) throw new MistakeError("--allow names a URN twice: once is enough");
  const allowances = allow.map((urn, index) => ({ urn, reason: reason[index] ?? "" }));
  return { file: file ?? "-", json: values.json === true, help, allowances };
}
