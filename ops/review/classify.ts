import { inputOf, isOff, textOf, textsOf } from "../../access/declared-resource";
import { type Environments, FORMER_CONNECT_ROLE } from "../../infra/names";
import { sidesOfRole } from "../../policy/own";
import { unknownTypeProblem } from "../../policy/resource-types";
import { SAFETY_RULES } from "../../policy/rules";
import type { ChangedAccess } from "./access";
import { accessOfResource, outageIn } from "./access-findings";
import { changedKeys } from "./changed";
import type { ClassRow } from "./class-row";
import { CLASSES, UNKNOWN_CHANGE, UNKNOWN_CLASSES } from "./class-table";
import { holds, isOfProd } from "./conditions";
import type { Cause, Judgement, Risk } from "./finding";
import { type Kind, kindOfResource, whatOf } from "./kind";
import { judgeParameters } from "./parameter-findings";
import { byLetGo, byLoss } from "./remade";
import type { PreviewedResource, ResourceState } from "./resource";
import type { Surroundings } from "./surroundings";
import { type ValueChange, valueChangesOf } from "./value";
import { subjectWords } from "./words";

type Weighed = Cause & { readonly risk: Risk };

function rowFor(
  rows: readonly ClassRow[],
  resource: PreviewedResource,
  kind: Kind,
  key: string | undefined,
): ClassRow | undefined {
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

/** What no row fits, in words that name it. */
function strangeMeaning({ op, steps, type }: PreviewedResource, key: string | undefined): string | undefined {
  if (op === "unknown") return `has steps that the review does not know: ${steps.join(", ")}`;
  const strange = unknownTypeProblem({ type });
  if (strange !== undefined) return strange;
  return key === undefined && op === "update" ? "changes, and the preview does not say how" : undefined;
}

/** What a change, or one property's change, means, by the first row of the table that fits. */
function byTable(
  resource: PreviewedResource,
  key: string | undefined,
  access: ChangedAccess,
  environments: Environments,
): Weighed[] {
  const kind = kindOfResource(resource);
  const known = rowFor(CLASSES, resource, kind, key);
  const [, , , , decision] = known ?? rowFor(UNKNOWN_CLASSES, resource, kind, key) ?? UNKNOWN_CHANGE;
  if (decision === "by access") return [accessOfResource(resource, access, environments)];
  if (decision === "by parameter")
    return judgeParameters(resource).map((one) => ({ kind: "table" as const, ...one }));
  const [risk, meaning] = outcomeOf(decision, resource, key ?? "");
  const strange = known === undefined ? strangeMeaning(resource, key) : undefined;
  const changes = key === undefined ? replacedBy(resource, kind) : valueChangesOf(resource, key, kind);
  if (known !== undefined) return [{ kind: "table", risk, meaning, changes }];
  const names = [resource.type, ...resource.steps];
  return [{ kind: "unknown", risk, meaning: strange ?? meaning, names, changes }];
}

function outcomeOf(
  decision: Exclude<ClassRow[4], "by access" | "by parameter">,
  resource: PreviewedResource,
  key: string,
): readonly [Risk, string] {
  const [first] = decision;
  if (typeof first === "string") return decision as readonly [Risk, string];
  const cases = decision as readonly (readonly ["otherwise" | Parameters<typeof holds>[0], Risk, string])[];
  const found = cases.find(([condition]) => condition === "otherwise" || holds(condition, resource, key));
  const [, risk, meaning] = found ?? (["otherwise", "blocks", "has no case in the class table"] as const);
  return [risk, meaning];
}

/** Why the engine replaces a resource: its properties that cannot change in place. */
function replacedBy(resource: PreviewedResource, kind: Kind): ValueChange[] {
  if (resource.op !== "replace") return [];
  return [...resource.replacedBy].flatMap((key) => valueChangesOf(resource, key, kind));
}

/** The texts in a resource's inputs, which a rule's problem may quote. */
function namesIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(namesIn) : [];
}

/** Judgements of the same meaning as one, with all of their properties. */
function merged(judged: readonly Weighed[]): Weighed[] {
  const found: Weighed[] = [];
  for (const one of judged) {
    const at = found.findIndex(
      (other) =>
        other.kind === one.kind &&
        (other.kind === "table" || other.kind === "unknown") &&
        "meaning" in one &&
        other.meaning === one.meaning &&
        other.risk === one.risk,
    );
    const same = found[at];
    if (same !== undefined && "changes" in same && "changes" in one)
      found[at] = { ...same, changes: [...same.changes, ...one.changes] };
    else found.push(one);
  }
  return found;
}

/** Class of a new state that breaks one of SAFETY_RULES; a rule that is not here blocks. */
const RULE_CLASSES: Readonly<Record<string, Risk>> = {
  "secret-with-own-key": "widens access",
  "secret-in-one-region": "widens access",
  "long-password": "widens access",
  "admin-not-superuser": "interrupts",
  "login-fits-owner": "widens access",
  "alarms-arrive": "interrupts",
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
  { environments, ...all }: Surroundings,
): { broken: Weighed[]; known: Weighed[] } {
  const { type, name, stack, before, after, op } = resource;
  const broken: Weighed[] = [];
  const known: Weighed[] = [];
  if (after === undefined || op === "delete") return { broken, known };
  const now = { type, name, stack, environments, ...after, beside: all.after };
  const then = before && { ...now, ...before, beside: all.before };
  // The class table says it of a deletion, too, and from the same list.
  for (const rule of SAFETY_RULES.filter((one) => one.name !== "known-type")) {
    const problem = rule.appliesTo(type) ? rule.problem(now) : undefined;
    if (problem === undefined) continue;
    const wasSo = then !== undefined && rule.problem(then) === problem;
    const names = namesIn([before?.inputs, after.inputs, name]);
    const found = {
      kind: "rule" as const,
      risk: ruleClass(rule.name, resource),
      rule: rule.name,
      problem,
      names,
    };
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

/**
 * A login that is made in the form of one that is taken over: it has its owner's rights without acting as the owner, and
 * may own what it makes. The policy pack cannot tell the two apart; the engine imports what it takes over.
 */
function byForm(resource: PreviewedResource, environments: Environments): Weighed[] {
  const { op, steps, stack, after } = resource;
  const isMade = ["create", "replace"].includes(op) && !steps.includes("import");
  if (!isMade || after === undefined || kindOfResource(resource) !== "login") return [];
  const name = textOf(after.inputs, "name") ?? "";
  const isOfApp = sidesOfRole(name, { stack, environments }).length > 0;
  // A runtime's rights let nobody own anything; that its login is a member of nothing else is the policy pack's to hold.
  const isRuntime = textOf(after.inputs, "assumeRole")?.endsWith("_runtime") === true;
  if (!isOfApp || isRuntime || isOff(inputOf(after.inputs, "inherit"))) return [];
  // One of an earlier version is told by the role for CONNECT that it is a member of, as in policy/role-form.ts.
  const isFormer = textsOf(after.inputs, "roles").includes(FORMER_CONNECT_ROLE);
  return isFormer
    ? [{ kind: "form", form: "former", risk: "widens access" }]
    : [{ kind: "form", form: "taken over", risk: "blocks" }];
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
  surroundings: Surroundings,
): Classified {
  const { environments } = surroundings;
  const what = whatOf(resource);
  const about = (one: Weighed): Judgement => ({
    ...one,
    what,
    subject: subjectWords(resource, one),
    urn: resource.urn,
  });
  const keys = resource.op === "update" ? changedKeys(resource) : [];
  const changes: Weighed[] = isBlind(resource) ? [{ kind: "blind", risk: "interrupts" }] : [];
  for (const key of keys.length === 0 ? [undefined] : keys)
    changes.push(...byTable(resource, key, access, environments));
  const { broken, known } = byRules(resource, surroundings);
  return {
    judgements: [
      ...broken,
      ...byCredential(resource),
      ...byForm(resource, environments),
      ...byLoss(resource),
      ...byLetGo(resource),
      ...merged(changes),
    ].map(about),
    known: known.map(about),
  };
}
