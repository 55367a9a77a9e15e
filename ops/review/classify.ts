import { isDeepStrictEqual } from "node:util";
import { inputOf, textOf } from "../../access/declared-resource";
import { byAccess } from "./access-decision";
import { changedKeys } from "./changed-keys";
import { CLASSES, type ClassRow } from "./class-table";
import type { ReviewContext } from "./context";
import { credentialFinding } from "./credential-finding";
import type { Finding } from "./finding";
import { type Kind, kindOfResource, whatOf } from "./kind";
import type { PreviewedResource } from "./previewed-resource";
import type { Risk } from "./risk";
import { ruleFindings } from "./rule-findings";

/** Whether a resource is prod's, whichever stack has it: by the stack, or by a name that only prod has. */
function isOfProd({ stack, before }: PreviewedResource): boolean {
  return stack === "prod" || /(^|[_/])prod([_/]|$)/.test(textOf(before?.inputs ?? {}, "name") ?? "");
}

function rowFor(kind: Kind, resource: PreviewedResource, key: string | undefined): ClassRow | undefined {
  const where = isOfProd(resource) ? "prod" : "elsewhere";
  return CLASSES.find(
    ([kinds, operations, place, keys]) =>
      (kinds === "any" || kinds.includes(kind)) &&
      operations.includes(resource.op) &&
      (place === "anywhere" || place === where) &&
      (keys === "any" || (key !== undefined && keys.includes(key))),
  );
}

/** Whether the preview lacks a state that the change can only be judged with. */
function isBlind({ op, before, after }: PreviewedResource): boolean {
  if (op === "update") return before === undefined || after === undefined;
  return (op === "create" || op === "import") && after === undefined;
}

/** Whether a property's number gets lower, or cannot be told. */
function isLower({ before, after }: PreviewedResource, key: string): boolean {
  const [old, now] = [before, after].map((state) => inputOf(state?.inputs ?? {}, key));
  return !(typeof old === "number" && typeof now === "number" && now >= old);
}

/** Class and reason of a change, or of one property's change, by the first row of the table that fits. */
function byTable(
  resource: PreviewedResource,
  key: string | undefined,
  context: ReviewContext,
): readonly [Risk, string] {
  const row = rowFor(kindOfResource(resource), resource, key);
  if (row === undefined) return ["interrupts", "unknown: look at it"];
  const [, , , keys, decision, text] = row;
  if (decision === "by access") return byAccess(resource, context);
  const reason = keys === "any" && key !== undefined ? `${key}: ${text}` : text;
  if (decision === "if lower") return [isLower(resource, key ?? "") ? "interrupts" : "safe", reason];
  return [decision, reason];
}

/** What a resource's change means, by the table, and what its new state breaks. */
export interface Classified {
  readonly findings: readonly Finding[];
  /** Rules that the state broke before and still breaks: listed, and no reason to stop this change. */
  readonly known: readonly Finding[];
}

/** Holds one resource against the table and the rules. */
export function classify(resource: PreviewedResource, context: ReviewContext): Classified {
  const { urn, op } = resource;
  const what = whatOf(resource);
  const keys = op === "update" ? changedKeys(resource) : [undefined];
  const findings: Finding[] = [];
  if (isBlind(resource)) {
    findings.push({
      risk: "interrupts",
      what,
      reason: "the preview does not show its state: look at it",
      urn,
    });
  }
  for (const key of keys.length === 0 ? [undefined] : keys) {
    const [risk, reason] = byTable(resource, key, context);
    const finding = { risk, what, reason, urn };
    if (!findings.some((other) => isDeepStrictEqual(other, finding))) findings.push(finding);
  }
  const { broken, known } = ruleFindings(resource, what);
  const lowered = credentialFinding(resource, what);
  return { findings: [...broken, ...(lowered === undefined ? [] : [lowered]), ...findings], known };
}
