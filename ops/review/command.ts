import { isChanged } from "../../access/matrix";
import type { Line, Options, Values } from "../../cli/arguments";
import { CHECKOUT } from "../../cli/checkout";
import type { Command } from "../../cli/command";
import { EXIT, type ExitStatus, UsageError } from "../../cli/exit-status";
import { environmentsBeside } from "../../infra/config/neighbours";
import { printableJson } from "../../infra/printable";
import type { Allowance } from "./finding";
import { toMarkdown } from "./markdown";
import { parsePreview, requireOwn, settingsIn } from "./preview";
import { inputName, isStandardInput, parseJson, readStandardInput, readText } from "./preview-text";
import { type Review, review } from "./review";
import { redacted } from "./secret-values";

/** What a person lets through, with the reason. */
export const ALLOWANCES = {
  allow: {
    type: "string",
    value: "URN",
    multiple: true,
    help: "let one thing through that blocks, and say so; each with its --reason",
  },
  reason: { type: "string", value: "TEXT", multiple: true, help: "why it may happen" },
} as const satisfies Options;

const OPTIONS = {
  json: { type: "boolean", help: "print JSON instead of Markdown" },
  ...ALLOWANCES,
} as const satisfies Options;

/** What a command line asks for. */
export interface ReviewRequest {
  /** File, or `-` for standard input. */
  readonly file: string;
  readonly json: boolean;
  readonly allowances: readonly Allowance[];
  /** Where the stacks' files are; the checkout when it is not said. */
  readonly folder?: string;
}

/** What a review ends with and prints. */
export interface Reviewed {
  readonly status: ExitStatus;
  readonly text: string;
}

/** What `review` is asked for. @throws {UsageError} for no file, or an allowance without a reason */
export function requestOf({ values, positionals }: Line<typeof OPTIONS>): ReviewRequest {
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError("give one file, or - for standard input");
  return { file, json: values.json, allowances: allowancesOf(values) };
}

/** Who is let through, each with the reason. @throws {UsageError} for one without */
export function allowancesOf({ allow = [], reason = [] }: Values<typeof ALLOWANCES>): Allowance[] {
  if (allow.length !== reason.length || reason.some((text) => text.trim() === ""))
    throw new UsageError("each --allow <urn> needs its --reason <text>: say why it may happen");
  if (new Set(allow).size < allow.length) throw new UsageError("--allow names a URN twice: once is enough");
  return allow.map((urn, index) => ({ urn, reason: reason[index] ?? "" }));
}

/** Reviews the text of a preview. @throws {MistakeError} when it is none, or an allowance names nothing in it */
export function reviewText(
  text: string,
  { file, json, allowances, folder = CHECKOUT }: ReviewRequest,
): Reviewed {
  const preview = parsePreview(parseJson(text, inputName(file)));
  requireOwn(preview);
  const environments = environmentsBeside(folder, preview.stack, settingsIn(preview));
  const judged = redacted(review(preview, allowances, environments), preview.secrets);
  return { status: exitStatusOf(judged), text: json ? toJson(judged) : toMarkdown(judged) };
}

/** Says what a preview does. */
export const REVIEW: Command<typeof OPTIONS> = {
  options: OPTIONS,
  found:
    "something blocks, or the preview is incomplete (what interrupts, widens or narrows access ends with 0)",
  notes: "Make the preview with: npm run preview -- prod --json preview.json",
  example: "preview.json",
  async run(line) {
    const request = requestOf(line);
    const { file } = request;
    const given = isStandardInput(file) ? await readStandardInput() : readText(file);
    const { status, text } = reviewText(given, request);
    console.log(text.trimEnd());
    return status;
  },
};

/** Status that the command ends with: something is found when it blocks and was not let through. */
export function exitStatusOf({ verdict }: Pick<Review, "verdict">): typeof EXIT.done | typeof EXIT.found {
  return verdict === "blocks" ? EXIT.found : EXIT.done;
}

/** The review as JSON, nothing cut. */
export function toJson(review: Review): string {
  const { access, ...rest } = review;
  const rows = access.map((row) => ({ ...row, changed: isChanged(row) }));
  return `${printableJson({ ...rest, exitStatus: exitStatusOf(review), access: rows })}\n`;
}
