import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { codeOf, MistakeError } from "../../infra/mistake";

/** A variable's assignment: the line that names it, and the lines that a quoted value goes on over. */
function assignment(variable: string): RegExp {
  const value = `"(?:[^"\\\\]|\\\\[\\s\\S])*"[^\\n]*|'[^']*'[^\\n]*|\`[^\`]*\`[^\\n]*|[^\\n]*`;
  return new RegExp(`^[ \\t]*(?:export[ \\t]+)?${variable}[ \\t]*=[ \\t]*(?:${value})(?:\\n|$)`, "gm");
}

/**
 * Sets a variable in the text of an `.env` file. Every other line stays as it is; of several assignments one is left.
 * @param line the whole new line, without its end
 */
export function withLine(text: string, variable: string, line: string): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  let isSet = false;
  const replaced = text.replace(assignment(variable), () => {
    if (isSet) return "";
    isSet = true;
    return `${line}${end}`;
  });
  if (isSet) return replaced;
  return text === "" || text.endsWith("\n") ? `${text}${line}${end}` : `${text}${end}${line}${end}`;
}

/**
 * Writes the file whole or not at all: beside it first, with mode 0600 from the start, then renamed over it. A link
 * stays a link: what it leads to is replaced.
 * @throws {MistakeError} when the folder is missing or may not be written
 */
export function setVariable(path: string, variable: string, line: string): string {
  const file = existsSync(path) ? realpathSync(path) : resolve(path);
  if (existsSync(file) && !statSync(file).isFile()) throw new MistakeError(`${path} is not a file`);
  const beside = resolve(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    const target = openSync(beside, "wx", 0o600);
    try {
      writeSync(target, withLine(text, variable, line));
      fsyncSync(target);
    } finally {
      closeSync(target);
    }
    renameSync(beside, file);
  } catch (thrown) {
    rmSync(beside, { force: true });
    const code = codeOf(thrown);
    if (code === undefined) throw thrown;
    throw new MistakeError(`${path} cannot be written (${code}); it is as it was`);
  }
  return file;
}
