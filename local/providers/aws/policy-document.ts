import { isDeepStrictEqual } from "node:util";
import { isRecord, type Properties } from "../../engine/values";

/** A policy among the inputs, as the text that the API takes. */
export function policyText(policy: unknown): string {
  return typeof policy === "string" ? policy : JSON.stringify(policy);
}

/**
 * Whether two policies say the same: in a policy the order of a list means nothing, and a list of one is its element.
 * The provider asks this of every policy document (SuppressEquivalentPolicyDiffs in internal/verify/diff.go).
 */
export function samePolicy(one: unknown, other: unknown): boolean {
  try {
    return isDeepStrictEqual(
      canonical(JSON.parse(policyText(one))),
      canonical(JSON.parse(policyText(other))),
    );
  } catch {
    return false;
  }
}

/** A handler's `same`, for the input of that name. */
export function samePolicyIn(input: string) {
  return (name: string, before: Properties, after: Properties): boolean =>
    name === input && samePolicy(before[name], after[name]);
}

/** A policy that an API answers, percent-encoded: the text before where it says the same. */
export function readPolicy(document: string | undefined, before: unknown): string {
  const text = decodeURIComponent(document ?? "");
  return typeof before === "string" && samePolicy(before, text) ? before : text;
}

function canonical(value: unknown): unknown {
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, canonical(inner)]));
  }
  if (!Array.isArray(value)) return value;
  const items = value.map((item) => JSON.stringify(sorted(canonical(item)))).sort();
  return items.length === 1 ? JSON.parse(items[0] ?? "") : items;
}

/** An object with its keys in order, so that two that are equal have one text. */
function sorted(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
