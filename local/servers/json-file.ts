import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Reads a file that a run wrote; undefined when there is none or it is damaged.
 * @param isWhole whether the content is what was written: nothing else may be worked with
 */
export function readJson<T extends object>(file: string, isWhole: (content: T) => boolean): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const content = JSON.parse(readFileSync(file, "utf8")) as T | null;
    return typeof content === "object" && content !== null && isWhole(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a number that was read is a TCP port. */
export const isPort = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65536;

/** Writes a file whole, or not at all. */
export function writeJson(file: string, content: unknown, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(content, undefined, 2)}\n`, { mode });
  renameSync(`${file}.new`, file);
}
