import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { codeOf, MistakeError } from "../../infra/mistake";

const HOW = "make it with: npm run preview -- <stack> --json preview.json";

/** An object of a preview whose form nobody has checked yet. */
export type Json = Record<string, unknown>;

/** Whether a name means standard input; some systems read the second one as a file that is never ready. */
export const isStandardInput = (file: string): boolean => ["-", "/dev/stdin"].includes(file);

/** What a file is called in what people read. */
export const inputName = (file: string): string => (isStandardInput(file) ? "standard input" : file);

/** Reads a file. @throws {MistakeError} when it cannot be read */
export function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
  return textOf(bytes, file);
}

/** Waits for all of standard input, whose writer may be slow. @throws {MistakeError} when it cannot be read */
export async function readStandardInput(): Promise<string> {
  const name = inputName("-");
  if (process.stdin.isTTY)
    throw new MistakeError(`${name} is a terminal: name a file, or pipe a preview into it; ${HOW}`);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of process.stdin) chunks.push(chunk);
  } catch (thrown) {
    throw unreadable(name, thrown);
  }
  return textOf(Buffer.concat(chunks), name);
}

/**
 * The text of a file, which is UTF-8, or UTF-16 with its mark, as PowerShell redirects it.
 * @throws {MistakeError} when it is neither: a name with a sign lost could be another name
 */
function textOf(bytes: Buffer, name: string): string {
  const [first, second] = bytes;
  const isLittle = first === 0xff && second === 0xfe;
  if (isLittle || (first === 0xfe && second === 0xff))
    return new TextDecoder(isLittle ? "utf-16le" : "utf-16be").decode(bytes);
  // UTF-16 without its mark is full of zeros.
  if (!isUtf8(bytes) || bytes.includes(0)) throw new MistakeError(`${name} is no UTF-8 text: ${HOW}`);
  try {
    return bytes.toString("utf8");
  } catch (thrown) {
    throw unreadable(name, thrown);
  }
}

function unreadable(name: string, thrown: unknown): MistakeError {
  const code = codeOf(thrown) ?? "unknown error";
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: `does not exist: ${HOW}`,
    EISDIR: `is a folder: name the file in it; ${HOW}`,
    EACCES: "may not be read: look at its permissions",
    ERR_STRING_TOO_LONG: TOO_LARGE,
    ERR_FS_FILE_TOO_LARGE: TOO_LARGE,
  };
  return new MistakeError(`${name} ${reasons[code] ?? `cannot be read (${code})`}`);
}

const TOO_LARGE = "is over 512 MB: leave --show-sames out, or preview a part with --target";

/** How the engine begins each line of its log of events. */
const EVENT = /^\s*\{"sequence":\d+,"timestamp":\d+,/;

/**
 * Parses JSON. Node's own message quotes the text, which may hold a secret, so that only the position is said.
 * @throws {MistakeError} that tells empty, cut off and foreign texts apart
 */
export function parseJson(text: string, name: string): unknown {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (body.trim() === "") throw new MistakeError(`${name} is empty: ${HOW}`);
  if (EVENT.test(body))
    throw new MistakeError(
      `${name} is the engine's log of events, not its preview: unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW; ${HOW}`,
    );
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
