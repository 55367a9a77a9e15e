import type { DeclaredResource } from "../../access/declared-resource";
import { SAFETY_RULES } from "../../policy/rules";
import type { Finding } from "./finding";
import { kindOfResource } from "./kind";
import type { PreviewedResource } from "./previewed-resource";
import type { ResourceState } from "./resource-state";
import type { Risk } from "./risk";

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
export function ruleFindings(
  resource: PreviewedResource,
  what: string,
): { broken: Finding[]; known: Finding[] } {
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
