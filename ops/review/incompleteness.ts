import { badShape, isMap, type Json } from "./preview-shape";
import type { PreviewedResource } from "./previewed-resource";
import type { SecretValues } from "./secret-values";

/** Errors of the run, each as its first two lines without secrets. @throws {MistakeError} when they are no list */
export function errorsOf(diagnostics: unknown, secrets: SecretValues): string[] {
  if (diagnostics !== undefined && diagnostics !== null && !Array.isArray(diagnostics)) {
    throw badShape("diagnostics is no list");
  }
  const errors = (diagnostics ?? []).filter(isMap).filter(({ severity }) => severity === "error");
  const lines = errors.map(({ message }) => {
    const text = typeof message === "string" ? secrets.redactMessage(message) : "an error without a message";
    return text
      .replace(/^error: /, "")
      .split("\n")
      .slice(0, 2)
      .join(" ")
      .trim();
  });
  return [...new Set(lines)];
}

/**
 * Counts what the summary has and the list lacks.
 * @returns steps that are missing, and how many unchanged resources are left out
 */
export function compareSummary(
  summary: Json,
  resources: readonly PreviewedResource[],
): { missing: string[]; hidden: number } {
  const counts = new Map<string, number>();
  let unchanged = 0;
  for (const { steps, op } of resources) {
    for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1);
    if (op === "same" || op === "refresh") unchanged += 1;
  }
  const missing: string[] = [];
  for (const [op, count] of Object.entries(summary)) {
    const lacking = typeof count === "number" ? count - (counts.get(op) ?? 0) : 0;
    if (op !== "same" && lacking > 0)
      missing.push(`${lacking} steps of the kind ${op} are counted, but not in the list`);
  }
  const same = typeof summary.same === "number" ? summary.same : unchanged;
  return { missing, hidden: Math.max(0, same - unchanged) };
}
