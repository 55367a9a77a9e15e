import { isDeepStrictEqual } from "node:util";
import type { DeclaredResource } from "../../access/declared-resource";
import { inputOf, textOf } from "../../access/inputs";
import { SAFETY_RULES } from "../../policy/rules";
import { byAccess } from "./access";
import { CLASSES, type ClassRow } from "./class-table";
import type { ReviewContext } from "./context";
import type { Finding, Risk } from "./finding";
import { type Kind, kindOfResource, whatOf } from "./kind";
import { changedKeys, type PreviewedResource, type ResourceState } from "./resource";

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

/** Class of a new state that breaks one of SAFETY_RULES; a rule that is not here blocks. */
const RULE_CLASSES: Readonly<Record<string, Risk>> = {
  "secret-with-own-key": "widens access",
  "reads-named-secrets": "widens access",
  "long-password": "widens access",
  "admin-not-superuser": "interrupts",
  "login-fits-owner": "widens access",
  tagged: "safe",
};

/** The same for a role that is new: nothing hangs on it yet that a missing protection could lose. */
const NEW_ROLE_RULE_CLASSES: Readonly<Record<string, Risk>> = {
  "protected-in-prod": "widens access",
};

function ruleClass(rule: string, resource: PreviewedResource): Risk {
  const isNewRole = resource.op === "create" && ["role", "login"].includes(kindOfResource(resource));
  return (isNewRole ? NEW_ROLE_RULE_CLASSES[rule] : undefined) ?? RULE_CLASSES[rule] ?? "blocks";
}

/** What a resource's new state breaks of SAFETY_RULES: by this change, and what it broke in the same way before. */
function ruleFindings(resource: PreviewedResource, what: string): { broken: Finding[]; known: Finding[] } {
  const { urn, type, name, stack, before, after, op } = resource;
  const broken: Finding[] = [];
  const known: Finding[] = [];
  if (after === undefined || op === "delete") return { broken, known };
  const declared = (state: ResourceState): DeclaredResource => ({
    type,
    name,
    stack,
    inputs: state.inputs,
    protect: state.protect,
  });
  for (const rule of SAFETY_RULES) {
    if (!rule.appliesTo(type)) continue;
    const problem = rule.problem(declared(after));
    if (problem === undefined) continue;
    const finding = {
      risk: ruleClass(rule.name, resource),
      what,
      reason: `${problem} (${rule.name})`,
      urn,
    };
    const wasSo = before !== undefined && rule.problem(declared(before)) === problem;
    (wasSo ? known : broken).push(finding);
  }
  return { broken, known };
}

const PASSWORD = "random:index/randomPassword:RandomPassword";

/** The credential that a password stands for; undefined for a password of another kind. */
function credentialOf(state: ResourceState | undefined): number | undefined {
  const keepers = inputOf(state?.inputs ?? {}, "keepers");
  const text =
    typeof keepers === "object" && keepers !== null && "credential" in keepers && keepers.credential;
  return typeof text === "string" && /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * A credential's number that goes down: a higher number rotates, a lower one locks out. The password before it is gone,
 * so that going down brings no URL back.
 * @see docs/decisions/0009-credentials-only-rise.md
 */
function credentialFinding(resource: PreviewedResource, what: string): Finding | undefined {
  if (resource.type !== PASSWORD) return undefined;
  const [before, after] = [credentialOf(resource.before), credentialOf(resource.after)];
  if (before === undefined || after === undefined || after >= before) return undefined;
  return {
    risk: resource.stack === "prod" ? "blocks" : "interrupts",
    what,
    reason: `its credential goes down from ${before} to ${after}: the URL in use is closed, and no earlier one comes back; raise it instead`,
    urn: resource.urn,
  };
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
