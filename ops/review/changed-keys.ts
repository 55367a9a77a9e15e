import { isDeepStrictEqual } from "node:util";
import type { PreviewedResource } from "./previewed-resource";

/** Properties of an update: what differs in the inputs, and what the engine says differs (secrets look alike). */
export function changedKeys({ before, after, differs }: PreviewedResource): string[] {
  const old = before?.inputs ?? {};
  const now = after?.inputs ?? {};
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  keys.delete("__defaults");
  const changed = [...keys].filter((key) => !isDeepStrictEqual(old[key], now[key]));
  return [...new Set([...changed, ...differs])].sort();
}
