import { writeSync } from "node:fs";
import { messageOf, PersonError } from "../../local/person-error";
import { readArguments, USAGE } from "./arguments";
import { exitStatusOf, toJson } from "./json";
import { toMarkdown } from "./markdown";
import { parsePreview } from "./preview";
import { parseJson, readText } from "./preview-text";
import { redacted } from "./redact";
import { review } from "./review";

/** Writes all of it, also to a pipe that is slow. */
function print(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (thrown) {
      if ((thrown as { code?: unknown }).code !== "EAGAIN") throw thrown;
    }
  }
}

function main(): number {
  const { file, json, help, allowances } = readArguments(process.argv.slice(2));
  if (help) {
    print(`${USAGE}\n`);
    return 0;
  }
  const name = file === "-" ? "standard input" : file;
  const preview = parsePreview(parseJson(readText(file), name));
  const judged = redacted(review(preview, allowances), preview.secrets);
  print(json ? toJson(judged) : toMarkdown(judged));
  return exitStatusOf(judged);
}

try {
  process.exitCode = main();
} catch (thrown) {
  if (!(thrown instanceof PersonError)) throw thrown;
  console.error(`error: ${messageOf(thrown)}`);
  process.exitCode = 1;
}
