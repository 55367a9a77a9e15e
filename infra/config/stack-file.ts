import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseDocument } from "yaml";
import { codeOf, MistakeError } from "../mistake";
import { isLasting, PROJECT } from "../names";

/** A stack's settings, as its file gives them. */
export interface StackSettings {
  /** Full key (`portal-db:apps`) to text, as the Pulumi CLI hands it to a program. */
  readonly config: Record<string, string>;
  /** Keys left out because only the Pulumi CLI can decrypt them, with what stands around the encrypted values. */
  readonly encrypted: ReadonlyMap<string, unknown>;
}

/** The project's own settings among those of a stack, by name without `portal-db:`. */
export function settingsOf(config: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(config).filter(([key]) => key.startsWith(PREFIX));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(PREFIX.length), value]));
}

const PREFIX = `${PROJECT}:`;

/** Path of a stack's file. */
export function stackFileOf(configDir: string, stack: string): string {
  return resolve(configDir, `Pulumi.${stack}.yaml`);
}

/**
 * Reads `Pulumi.<stack>.yaml`.
 * @throws {MistakeError} with the file and the line when it is missing, unreadable or not of the expected form
 */
export function readStackFile(configDir: string, stack: string): StackSettings {
  const file = stackFileOf(configDir, stack);
  const entries = Object.entries(configOf(file, readText(file, stack)));
  const config: Record<string, string> = {};
  const encrypted = new Map<string, unknown>();
  for (const [name, value] of entries) {
    const key = name.includes(":") ? name : `${PROJECT}:${name}`;
    if (isEncrypted(value)) encrypted.set(key, value);
    else if (value !== null) config[key] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return { config, encrypted };
}

/** Keys of a map in a stack's file, also of one with encrypted values; none when the whole of it is encrypted. */
export function keysOf({ config, encrypted }: StackSettings, setting: string): string[] {
  const key = `${PREFIX}${setting}`;
  const value = encrypted.get(key) ?? parsedJson(config[key]);
  return isMap(value) && !isSecure(value) ? Object.keys(value) : [];
}

/** What a JSON text says; undefined for anything else. */
export function parsedJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

function readText(file: string, stack: string): string {
  if (!existsSync(file)) {
    const write = isLasting(stack) ? "write it" : "write it, as Pulumi.dev.yaml is written";
    throw new MistakeError(`${file} does not exist: ${write}, or choose another --stack`);
  }
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    if (codeOf(thrown) === "EISDIR")
      throw new MistakeError(`${file} is a folder: put the stack's file there`);
    throw new MistakeError(
      `${file} cannot be read (${codeOf(thrown) ?? "unknown error"}): mend its permissions`,
    );
  }
}

function configOf(file: string, text: string): Record<string, unknown> {
  const document = parseDocument(text, { uniqueKeys: true });
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw new MistakeError(`${file} is not valid YAML: ${problem.message.split("\n")[0]}`);
  }
  let content: unknown;
  try {
    content = document.toJS();
  } catch {
    // The message repeats what stands behind the sign, which may be a password.
    throw new MistakeError(`${file} has a value that starts with "*", an alias to YAML: put it into quotes`);
  }
  const config = isMap(content) ? (content.config ?? {}) : content;
  if (!isMap(content) || !isMap(config)) {
    throw new MistakeError(`${file} needs a map "config:" of settings, such as portal-db:apps`);
  }
  return config;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether there is a value in it that only the Pulumi CLI can decrypt: `{ secure: v1:… }`, at any depth. */
function isEncrypted(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isEncrypted);
  return isMap(value) && (isSecure(value) || Object.values(value).some(isEncrypted));
}

/** The Pulumi CLI's own form of one encrypted value. */
function isSecure(value: Record<string, unknown>): boolean {
  return Object.keys(value).length === 1 && typeof value.secure === "string";
}
