import { isDeepStrictEqual } from "node:util";
import type { DeclaredResource } from "../../infra/declared-resource";
import { inputOf, isPartlyUnknown, textOf } from "../../infra/safety-inputs";
import { SAFETY_RULES } from "../../infra/safety-rules";
import { accessEffect } from "./access-effect";
import { changedKeys } from "./changed-keys";
import { CLASSES, type ClassRow, NEW_ROLE_RULE_CLASSES, RULE_CLASSES } from "./class-table";
import type { ReviewContext } from "./context";
import { credentialFinding } from "./credential-finding";
import type { Finding } from "./finding";
import { type Kind, kindOf, subjectOf } from "./kind";
import type { PreviewedResource } from "./previewed-resource";
import type { ResourceState } from "./resource-state";
import type { Risk } from "./risk";

/** What a resource is, as far as either side of the change says. */
export function kindOfResource({ type, before, after }: PreviewedResource): Kind {
  const state = after ?? before;
  return kindOf({
    type,
    custom: state?.custom ?? !type.startsWith("portal-db:"),
    inputs: state?.inputs ?? {},
  });
}

/** Kind and name, e.g. `schema wms_prod`. */
export function whatOf(resource: PreviewedResource): string {
  const { type, name, before, after } = resource;
  return `${kindOfResource(resource)} ${subjectOf(type, (after ?? before)?.inputs ?? {}, name)}`;
}

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

/** What of an access resource decides whom it gives what. */
const ACCESS_KEYS = [
  ...["role", "roles", "grantRole", "owner", "schema", "database", "objectType", "privileges", "objects"],
  ...["columns", "name"],
];

/** Class and reason by rights that are added or taken; part of a new or a dropped role or schema is safe by itself. */
function byAccess(
  resource: PreviewedResource,
  { renames, made, gone }: ReviewContext,
): readonly [Risk, string] {
  const effect = accessEffect(resource, renames);
  const inputs = resource.after?.inputs ?? {};
  const isUnknown = resource.op !== "delete" && ACCESS_KEYS.some((key) => isPartlyUnknown(inputs, key));
  if (effect === undefined || isUnknown)
    return ["widens access", "what it grants cannot be told: look at it"];
  const { role, schema, added, removed } = effect;
  const isPartOf = (names: ReadonlySet<string>) =>
    names.has(role) && (schema === undefined || names.has(schema));
  if (added.length > 0 && !isPartOf(made)) return ["widens access", `${role} gets ${added.join(", ")}`];
  if (removed.length > 0 && !(gone.has(role) || (schema !== undefined && gone.has(schema)))) {
    return ["narrows access", `${role} loses ${removed.join(", ")}`];
  }
  return ["safe", "grants what it did, or goes and comes with its role"];
}

function ruleClass(rule: string, resource: PreviewedResource): Risk {
  const isNewRole = resource.op === "create" && ["role", "login"].includes(kindOfResource(resource));
  return (isNewRole ? NEW_ROLE_RULE_CLASSES[rule] : undefined) ?? RULE_CLASSES[rule] ?? "blocks";
}

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

/** What a resource's change means, by the table, and what its new state breaks. */
export interface Classified {
  readonly findings: readonly Finding[];
  /** Rules that the state broke before and still breaks: listed, and no reason to stop this change. */
  readonly known: readonly Finding[];
}

/** Holds one resource against the table and the rules. */
export function classify(resource: PreviewedResource, context: ReviewContext): Classified {
  const kind = kindOfResource(resource);
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
    const row = rowFor(kind, resource, key);
    const [decision, text] =
      row === undefined ? (["interrupts", "unknown: look at it"] as const) : [row[4], row[5]];
    const [risk, reason] =
      decision === "by access"
        ? byAccess(resource, context)
        : decision === "if lower"
          ? ([isLower(resource, key ?? "") ? "interrupts" : "safe", text] as const)
          : [decision, text];
    const named =
      row?.[3] === "any" && key !== undefined && decision !== "by access" ? `${key}: ${reason}` : reason;
    const finding = { risk, what, reason: named, urn };
    if (!findings.some((other) => isDeepStrictEqual(other, finding))) findings.push(finding);
  }
  const { broken, known } = ruleFindings(resource, what);
  const lowered = credentialFinding(resource, what);
  return { findings: [...broken, ...(lowered === undefined ? [] : [lowered]), ...findings], known };
}
