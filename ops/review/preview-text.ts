import { readFileSync } from "node:fs";
import { codeOf, MistakeError } from "../../infra/mistake";

const HOW = "make it with: npm run preview -- <stack> --json preview.json";

/** An object of a preview whose form nobody has checked yet. */
export type Json = Record<string, unknown>;

/** Reads a file. @throws {MistakeError} when it cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
}

/** Waits for all of standard input, whose writer may be slow. @throws {MistakeError} when it cannot be read */
export async function readStandardInput(): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8");
  } catch (thrown) {
    throw unreadable("standard input", thrown);
  }
}

function unreadable(name: string, thrown: unknown): MistakeError {
  const code = codeOf(thrown);
  if (code === "ENOENT") return new MistakeError(`${name} does not exist: ${HOW}`);
  if (code === "ERR_STRING_TOO_LONG" || code === "ERR_FS_FILE_TOO_LARGE")
    return new MistakeError(
      `${name} is over 512 MB: leave --show-sames out, or preview a part with --target`,
    );
  return new MistakeError(`${name} cannot be read (${code ?? "unknown error"}): look at its permissions`);
}

/**
 * Parses JSON. Node's own message quotes the text, which may hold a secret, so that only the position is said.
 * @throws {MistakeError} that tells empty, cut off and foreign texts apart
 */
export function parseJson(text: string, name: string): unknown {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (body.trim() === "") throw new MistakeError(`${name} is empty: ${HOW}`);
  try {
    return JSON.parse(body);
  } catch (thrown) {
    if (!body.trimStart().startsWith("{")) {
      throw new MistakeError(`${name} is not JSON; it does not start with "{": ${HOW}`);
    }
    const isCut = thrown instanceof Error && /end of JSON|Unterminated/i.test(thrown.message);
    const position = thrown instanceof Error ? /position (\d+)/.exec(thrown.message)?.[1] : undefined;
    if (isCut) throw new MistakeError(`${name} is cut off after ${body.length} characters: ${HOW}`);
    const where = position === undefined ? "" : ` at character ${position}`;
    throw new MistakeError(`${name} is not one JSON document${where}: ${HOW}`);
  }
}

/** The error of a preview that is not of the engine's form; `what` names the place, never a value of it. */
export const badShape = (what: string) =>
  new MistakeError(`the preview is not what pulumi prints: ${what}; ${HOW}`);

/** Whether a value is an object, neither null nor a list. */
export const isMap = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value that is an object, otherwise an empty one. */
export const mapOf = (value: unknown): Json => (isMap(value) ? value : {});

/** The strings of a list; none where there is no list. */
export const stringsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
