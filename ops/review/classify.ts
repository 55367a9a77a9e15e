import { isDeepStrictEqual } from "node:util";
import { inputOf, isOff, textOf, UNKNOWN } from "../../access/declared-resource";
import type { Environments } from "../../infra/names";
import { SAFETY_RULES, type SafetyRule } from "../../policy/rules";
import type { ChangedAccess } from "./access";
import { accessOfResource, outageIn } from "./access-findings";
import { CLASSES, type ClassRow, UNKNOWN_CHANGE, UNKNOWN_CLASSES } from "./class-table";
import type { Cause, Judgement, Risk } from "./finding";
import { kindOfResource, whatOf } from "./kind";
import { changedKeys, type PreviewedResource, type ResourceState } from "./resource";

type Weighed = Cause & { readonly risk: Risk };

/** Whether a resource is prod's, whichever stack has it: by the stack, or by a name that only prod has. */
function isOfProd({ stack, before }: PreviewedResource): boolean {
  return stack === "prod" || /(^|[_/])prod([_/]|$)/.test(textOf(before?.inputs ?? {}, "name") ?? "");
}

function rowFor(
  rows: readonly ClassRow[],
  resource: PreviewedResource,
  key: string | undefined,
): ClassRow | undefined {
  const kind = kindOfResource(resource);
  const where = isOfProd(resource) ? "prod" : "elsewhere";
  return rows.find(
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

/** Whether a switch that was off is not off for certain any more. */
function isSwitchedOn({ before, after }: PreviewedResource, key: string): boolean {
  const [wasOff, off] = [before, after].map((state) => isOff(inputOf(state?.inputs ?? {}, key)));
  return wasOff === true && off !== true;
}

/** The class of a row that looks at the resource itself. */
function riskOf(
  decision: Risk | "if lower" | "if on" | "if hidden",
  resource: PreviewedResource,
  key: string,
): Risk {
  if (decision === "if lower") return isLower(resource, key) ? "interrupts" : "safe";
  if (decision === "if on") return isSwitchedOn(resource, key) ? "blocks" : "widens access";
  if (decision !== "if hidden") return decision;
  return inputOf(resource.after?.inputs ?? {}, "policy") === UNKNOWN ? "widens access" : "safe";
}

/** What a change, or one property's change, means, by the first row of the table that fits. */
function byTable(
  resource: PreviewedResource,
  key: string | undefined,
  access: ChangedAccess,
  environments: Environments,
): Weighed {
  const known = rowFor(CLASSES, resource, key);
  const row = known ?? rowFor(UNKNOWN_CLASSES, resource, key) ?? UNKNOWN_CHANGE;
  const [, , , keys, decision, meaning] = row;
  if (decision === "by access") return accessOfResource(resource, access, environments);
  return {
    kind: known === undefined ? "unknown" : "table",
    risk: riskOf(decision, resource, key ?? ""),
    meaning,
    property: keys === "any" ? key : undefined,
  };
}

/** Class of a new state that breaks one of SAFETY_RULES; a rule that is not here blocks. */
const RULE_CLASSES: Readonly<Record<string, Risk>> = {
  "secret-with-own-key": "widens access",
  "secret-in-one-region": "widens access",
  "long-password": "widens access",
  "admin-not-superuser": "interrupts",
  "login-fits-owner": "widens access",
  tagged: "safe",
};

/** Rules that a login which cannot work breaks: prod's apps are down by it, as if the login were dropped. */
const OUTAGE_RULES: readonly string[] = ["login-can-connect"];

/** The same for a role that is new: nothing hangs on it yet that a missing protection could lose. */
const NEW_ROLE_RULE_CLASSES: Readonly<Record<string, Risk>> = {
  "protected-in-prod": "widens access",
};

function ruleClass(rule: string, resource: PreviewedResource): Risk {
  const isNewRole = resource.op === "create" && ["role", "login"].includes(kindOfResource(resource));
  if (OUTAGE_RULES.includes(rule)) return outageIn(resource.stack);
  return (isNewRole ? NEW_ROLE_RULE_CLASSES[rule] : undefined) ?? RULE_CLASSES[rule] ?? "blocks";
}

/** What a resource's new state breaks of SAFETY_RULES: by this change, and what it broke in the same way before. */
function byRules(
  resource: PreviewedResource,
  environments: Environments,
): { broken: Weighed[]; known: Weighed[] } {
  const { type, name, stack, before, after, op } = resource;
  const broken: Weighed[] = [];
  const known: Weighed[] = [];
  if (after === undefined || op === "delete") return { broken, known };
  const problemIn = (rule: SafetyRule, { inputs, protect }: ResourceState) =>
    rule.problem({ type, name, stack, inputs, protect, environments });
  // The class table says it of a deletion, too, and from the same list.
  for (const rule of SAFETY_RULES.filter((one) => one.name !== "known-type")) {
    const problem = rule.appliesTo(type) ? problemIn(rule, after) : undefined;
    if (problem === undefined) continue;
    const wasSo = before !== undefined && problemIn(rule, before) === problem;
    const found = { kind: "rule" as const, risk: ruleClass(rule.name, resource), rule: rule.name, problem };
    (wasSo ? known : broken).push(found);
  }
  return { broken, known };
}

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
function byCredential({ type, stack, before, after }: PreviewedResource): Weighed[] {
  if (type !== "random:index/randomPassword:RandomPassword") return [];
  const [from, to] = [credentialOf(before), credentialOf(after)];
  if (from === undefined || to === undefined || to >= from) return [];
  return [{ kind: "credential", risk: stack === "prod" ? "blocks" : "interrupts", from, to }];
}

/** What a resource's change means, by the table, and what its new state breaks. */
export interface Classified {
  readonly judgements: readonly Judgement[];
  /** Rules that the state broke before and still breaks: listed, and no reason to stop this change. */
  readonly known: readonly Judgement[];
}

/** Holds one resource against the table and the rules. */
export function classify(
  resource: PreviewedResource,
  access: ChangedAccess,
  environments: Environments,
): Classified {
  const what = whatOf(resource);
  const about = (one: Weighed): Judgement => ({ ...one, what, urn: resource.urn });
  const keys = resource.op === "update" ? changedKeys(resource) : [];
  const changes: Weighed[] = isBlind(resource) ? [{ kind: "blind", risk: "interrupts" }] : [];
  for (const key of keys.length === 0 ? [undefined] : keys) {
    const change = byTable(resource, key, access, environments);
    if (!changes.some((other) => isDeepStrictEqual(other, change))) changes.push(change);
  }
  const { broken, known } = byRules(resource, environments);
  return {
    judgements: [...broken, ...byCredential(resource), ...changes].map(about),
    known: known.map(about),
  };
}
