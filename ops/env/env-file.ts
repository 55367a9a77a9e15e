import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { codeOf, MistakeError } from "../../infra/mistake";

/** The mark that some editors put before UTF-8, a byte a sign. */
const BOM = "\xEF\xBB\xBF";

/**
 * An assignment, as dotenv and shells read it: what stands before its name, its value, which may go on over lines where
 * it is quoted, a comment, and the end of the line. A quote that is closed amid other text opened nothing. Each is
 * read, so that a line in another variable's value is none.
 */
const ASSIGNMENT = new RegExp(
  [
    "^(?<before>[ \\t]*(?:export[ \\t]+)?)(?<name>[\\w.-]+)(?:[ \\t]*=|:[ \\t])[ \\t]*",
    `(?:"(?:[^"\\\\]|\\\\[\\s\\S])*"|'[^']*'|\`[^\`]*\`|[^\\r\\n]*?)`,
    "(?<comment>[ \\t]+#[^\\r\\n]*)?[ \\t]*(?<end>\\r\\n|\\r|\\n|$)",
  ].join(""),
  "gm",
);

/**
 * Sets a variable in the text of an `.env` file. Everything else stays as it is; of several assignments one is left.
 * @param line the whole new line, without its end
 */
export function withLine(text: string, variable: string, line: string): string {
  const mark = text.startsWith(BOM) ? BOM : "";
  const body = text.slice(mark.length);
  let isSet = false;
  const replaced = body.replace(ASSIGNMENT, (whole, ...match) => {
    const { before, name, comment = "", end } = match.at(-1) as Record<string, string | undefined>;
    if (name !== variable) return whole;
    if (isSet) return "";
    isSet = true;
    return `${before}${line}${comment}${end}`;
  });
  if (isSet) return `${mark}${replaced}`;
  const [end] = /\r\n|\r|\n/.exec(body) ?? ["\n"];
  const isOpen = body !== "" && !/[\r\n]$/.test(body);
  return `${text}${isOpen ? end : ""}${line}${end}`;
}

/** Whether an `.env` file sets a variable. */
export function isSetIn(file: string, variable: string): boolean {
  const body = readFileSync(file, "latin1").replace(BOM, "");
  return [...body.matchAll(ASSIGNMENT)].some(({ groups }) => groups?.name === variable);
}

/** The file that a path leads to, which is there or can be made. @throws {MistakeError} */
function targetOf(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return resolve(path);
  if (!existsSync(path)) throw new MistakeError(`${path} is a link that leads nowhere: mend or delete it`);
  const file = realpathSync(path);
  const { mode } = statSync(file);
  if (!statSync(file).isFile()) throw new MistakeError(`${path} is not a file`);
  // To be replaced it need not be writable: its owner has said that it shall stay.
  if ((mode & 0o200) === 0)
    throw new MistakeError(`${path} is read-only: chmod u+w it first; it is as it was`);
  return file;
}

/**
 * Writes the file whole or not at all: beside it first, with mode 0600 from the start, then renamed over it. A link
 * stays a link: what it leads to is replaced. It is read a byte a sign, so that each other byte stays what it is.
 * @throws {MistakeError} when the folder is missing or may not be written, or the file is UTF-16
 */
export function setVariable(path: string, variable: string, line: string): string {
  const file = targetOf(path);
  const beside = resolve(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    const text = existsSync(file) ? readFileSync(file, "latin1") : "";
    if (text.includes("\0"))
      throw new MistakeError(`${path} is UTF-16, or no text: save it as UTF-8; it is as it was`);
    const target = openSync(beside, "wx", 0o600);
    try {
      keepOwner(file, target);
      writeFileSync(target, withLine(text, variable, Buffer.from(line).toString("latin1")), "latin1");
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

/** A file that belongs to somebody else, as to root's caller, stays theirs. */
function keepOwner(file: string, target: number): void {
  const was = statSync(file, { throwIfNoEntry: false });
  if (was !== undefined && was.uid !== fstatSync(target).uid) fchownSync(target, was.uid, was.gid);
}
