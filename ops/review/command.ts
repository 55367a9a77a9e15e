import { MistakeError, messageOf } from "../../infra/mistake";
import { readArguments, USAGE } from "./arguments";
import { exitStatusOf, toJson } from "./json";
import { toMarkdown } from "./markdown";
import { parsePreview } from "./preview";
import { parseJson, readText } from "./preview-text";
import { review } from "./review";
import { redacted } from "./secret-values";

/** What the command ends with and prints. */
export interface Answer {
  readonly status: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

/** Reviews the preview that the command line names. @param read gives a file's text, or standard input's for `-` */
export function runReview(args: readonly string[], read: (file: string) => string = readText): Answer {
  try {
    const { file, json, help, allowances } = readArguments(args);
    if (help) return { status: 0, stdout: `${USAGE}\n`, stderr: "" };
    const name = file === "-" ? "standard input" : file;
    const preview = parsePreview(parseJson(read(file), name));
    const judged = redacted(review(preview, allowances), preview.secrets);
    return { status: exitStatusOf(judged), stdout: json ? toJson(judged) : toMarkdown(judged), stderr: "" };
  } catch (thrown) {
    if (!(thrown instanceof MistakeError)) throw thrown;
    return { status: 1, stdout: "", stderr: `error: ${messageOf(thrown)}\n` };
  }
}
