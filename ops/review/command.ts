import { isChanged } from "../../access/matrix";
import type { Line, Options, Values } from "../../cli/arguments";
import { CHECKOUT } from "../../cli/checkout";
import type { Command } from "../../cli/command";
import { EXIT, type ExitStatus, UsageError } from "../../cli/exit-status";
import { environmentsBeside } from "../../infra/config/neighbours";
import { printableJson } from "../../infra/printable";
import type { Allowance, Finding } from "./finding";
import { toComment, toMarkdown } from "./markdown";
import { parsePreview, requireOwn, requireStack, settingsIn } from "./preview";
import { inputName, isStandardInput, parseJson, readStandardInput, readText } from "./preview-text";
import { type Review, review } from "./review";
import { redacted } from "./secret-values";
import { plainOf } from "./sentence";
import { toText } from "./terminal";

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
  markdown: { type: "boolean", help: "print Markdown, with everything in it" },
  comment: { type: "boolean", help: "print Markdown that leaves room in one comment for another stack's" },
  json: { type: "boolean", help: "print JSON, with everything in it" },
  stack: { type: "string", value: "STACK", help: "the stack that it has to be of; another one's is refused" },
  ...ALLOWANCES,
} as const satisfies Options;

/** What a review is printed for: people, a page, a comment, a program. */
const FORMS = { text: toText, markdown: toMarkdown, comment: toComment, json: toJson } as const;

/** One of them. */
type Form = keyof typeof FORMS;

/** What a command line asks for. */
export interface ReviewRequest {
  /** File, or `-` for standard input. */
  readonly file: string;
  readonly form: Form;
  /** The stack that it has to be of; any when it is not said. */
  readonly stack?: string | undefined;
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
  const [form = "text", another] = (["markdown", "comment", "json"] as const).filter((one) => values[one]);
  if (another !== undefined) throw new UsageError(`--${form} and --${another} are two forms: give one`);
  return { file, form, stack: values.stack, allowances: allowancesOf(values) };
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
  { file, form, stack, allowances, folder = CHECKOUT }: ReviewRequest,
): Reviewed {
  const preview = parsePreview(parseJson(text, inputName(file)));
  requireOwn(preview);
  requireStack(preview, stack);
  const environments = environmentsBeside(folder, preview.stack, settingsIn(preview));
  const judged = redacted(review(preview, allowances, environments), preview.secrets);
  return { status: exitStatusOf(judged), text: FORMS[form](judged) };
}

/** Says what a preview does. */
export const REVIEW: Command<typeof OPTIONS> = {
  options: OPTIONS,
  found:
    "something blocks, or the preview is incomplete (what loses data, interrupts, widens or narrows access ends with 0)",
  notes:
    "Make the preview with: npm run preview -- prod --json preview.json. It is said in plain text, unless another form is asked for.",
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

/** The review as JSON, nothing cut; its sentences are plain texts. */
export function toJson(review: Review): string {
  const { access, groups, known, resources, ...rest } = review;
  const printed = {
    ...rest,
    groups: groups.map(({ headline, findings, ...group }) => ({
      ...group,
      headline: plainOf(headline),
      findings: findings.map(printedFinding),
    })),
    known: known.map(printedFinding),
    resources: resources.map(({ phrase, ...resource }) => ({ ...resource, phrase: plainOf(phrase) })),
    exitStatus: exitStatusOf(review),
    access: access.map((row) => ({ ...row, changed: isChanged(row) })),
  };
  return `${printableJson(printed)}\n`;
}

function printedFinding(finding: Finding): object {
  const { subject: _subject, reason, ...data } = finding;
  const { names: _names, ...rest } = { names: undefined, ...data };
  return { ...rest, reason: plainOf(reason) };
}
