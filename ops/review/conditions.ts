import { inputOf, isOff, isOn, textOf, UNKNOWN } from "../../access/declared-resource";
import { ADMIN_SECRET, DEV_ADMIN_SECRET, MASTER_SECRET, PROD, PROJECT } from "../../infra/names";
import { OWN_TAG_KEYS } from "../../infra/tags";
import { valueIn } from "./changed";
import { type PreviewedResource, parseUrn } from "./resource";

/** What a number is where it is left out: the provider's or AWS's own default. */
const NUMBER_WHEN_UNSET: Readonly<Record<string, number>> = {
  backupRetentionPeriod: 0,
  connectionLimit: -1,
  deletionWindowInDays: 30,
  idleInTransactionSessionTimeout: 0,
  iops: 0,
  maxAllocatedStorage: 0,
  performanceInsightsRetentionPeriod: 0,
  recoveryWindowInDays: 30,
  retentionInDays: 0,
  statementTimeout: 0,
  storageThroughput: 0,
};

/** Numbers that stand for no end: Postgres's -1 connections and 0 milliseconds, CloudWatch's 0 days. */
const NO_END: Readonly<Record<string, number>> = {
  connectionLimit: -1,
  idleInTransactionSessionTimeout: 0,
  retentionInDays: 0,
  statementTimeout: 0,
};

/** A property's number; undefined where it cannot be told. */
function numberIn(state: PreviewedResource["before"], key: string): number | undefined {
  const value = valueIn(state, key) ?? NUMBER_WHEN_UNSET[key];
  if (value !== undefined && value === NO_END[key]) return Number.POSITIVE_INFINITY;
  return typeof value === "number" ? value : undefined;
}

const versionIn = (state: PreviewedResource["before"], key: string) =>
  /^\d+(\.\d+)*$/
    .exec(String(valueIn(state, key)))?.[0]
    .split(".")
    .map(Number);

/** Whether a version is lower than another; 17 is not lower than 17.5, since it stands for any of them. */
function isOlder([before, after]: readonly (readonly number[] | undefined)[]): boolean {
  for (const [at, part] of (after ?? []).entries()) {
    const old = before?.[at];
    if (old === undefined || part > old) return false;
    if (part < old) return true;
  }
  return false;
}

/** Disks that RDS changes into each other without a downtime. */
const SSDS: readonly unknown[] = ["gp2", "gp3", "io1", "io2"];

/** Those of them that have as many operations as somebody has paid for. */
const PROVISIONED: readonly unknown[] = ["io1", "io2"];

/**
 * Whether a read policy whose text is not known yet is what its app's component makes: of the app's own secret and the
 * stack's key, and of nothing else. What it says is held by the policy pack when it is made.
 */
function isOfOwnParts({ after, name, stack }: PreviewedResource): boolean {
  const component = parseUrn(after?.parent ?? "");
  const parts = after?.madeOf.policy;
  if (component === undefined || !Array.isArray(parts)) return false;
  const { type } = component;
  if (type !== "portal-db:index:AppSchema" && type !== VISITOR) return false;
  const root = `urn:pulumi:${stack}::${PROJECT}::`;
  // Whoever logs in by IAM does so to the stack's one instance.
  const instance = `${root}portal-db:index:DatabaseInstance$aws:rds/instance:Instance::instance`;
  if (type === VISITOR && name === `${component.name}-connect`)
    return parts.length > 0 && parts.every((urn) => urn === instance);
  const urns = [...parts].sort();
  return ["", "-migrator"].some(
    (of) =>
      name === `${component.name}${of}-secret-read` &&
      urns.length === 2 &&
      urns[0] === `${root}aws:kms/key:Key::secrets-key` &&
      urns[1] === `${root}${type}$aws:secretsmanager/secret:Secret::${component.name}${of}-secret`,
  );
}

/** The schema of an owner's or a runtime's name. */
const schemaOf = (group: "owner" | "runtime", role: unknown) =>
  typeof role === "string" && role.endsWith(`_${group}`) ? role.slice(0, -group.length - 1) : undefined;

/** Whether an app that acted as one of its two roles acts as the other one. */
function isMoved(resource: PreviewedResource, from: "owner" | "runtime", to: "owner" | "runtime"): boolean {
  const [was, is] = sides(resource, "assumeRole");
  const schema = schemaOf(from, was);
  return schema !== undefined && schema === schemaOf(to, is);
}

/** Whether all that a role can inherit are a runtime's rights, which let nobody make anything. */
function inheritsRuntime(state: PreviewedResource["before"]): boolean {
  const [acted, roles] = [valueIn(state, "assumeRole"), valueIn(state, "roles")];
  const isAll = Array.isArray(roles) && roles.every((one) => one === acted);
  return isAll && schemaOf("runtime", acted) !== undefined;
}

/** Type of the component of a person or a tool. */
export const VISITOR = "portal-db:index:Visitor";

const isOfVisitor = ({ parentTypes }: PreviewedResource) => parentTypes.includes(VISITOR);

/** The end of a role as a number; what cannot be told is the worse, no end at all. */
function endIn(state: PreviewedResource["before"]): number {
  const time = Date.parse(String(valueIn(state, "validUntil")));
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}

type Holds = (resource: PreviewedResource, key: string) => boolean;

const sides = ({ before, after }: PreviewedResource, key: string) =>
  [before, after].map((state) => valueIn(state, key));

/** Whether less is seen of the instance than before: fewer logs or samples, no insights. */
function isLessWatched(resource: PreviewedResource, key: string): boolean {
  const [was, is] = sides(resource, key);
  if (is === UNKNOWN) return true;
  if (key === "monitoringInterval") {
    const [old, now] = [was ?? 0, is ?? 0];
    return typeof old !== "number" || typeof now !== "number" || (old > 0 && (now === 0 || now > old));
  }
  if (key === "performanceInsightsEnabled") return isOn(was) && !isOn(is);
  if (key === "databaseInsightsMode") return was === "advanced" && is !== was;
  const logs = Array.isArray(is) ? is : [];
  return Array.isArray(was) && was.some((one) => !logs.includes(one));
}

/** What a case of the class table asks of a change. What cannot be told counts as the worse. */
const CONDITIONS = {
  /** A number gets lower. */
  lower: ({ before, after }, key) => {
    const [old, now] = [numberIn(before, key), numberIn(after, key)];
    return old === undefined || now === undefined || now < old;
  },
  unlimited: ({ after }, key) => numberIn(after, key) === Number.POSITIVE_INFINITY,
  "from none": ({ before }, key) => numberIn(before, key) === 0,
  older: ({ before, after }, key) => isOlder([versionIn(before, key), versionIn(after, key)]),
  /** A switch that was off for certain is not off for certain any more. */
  "switched on": (resource, key) => {
    const [was, is] = sides(resource, key);
    return isOff(was) && !isOff(is);
  },
  on: ({ after }, key) => isOn(valueIn(after, key)),
  off: ({ after }, key) => isOff(valueIn(after, key)),
  /** The app's migrations get a login of their own, and it becomes what changes no table. */
  "to runtime": (resource) => isMoved(resource, "owner", "runtime"),
  "to owner": (resource) => isMoved(resource, "runtime", "owner"),
  "inherits runtime": ({ after }) => inheritsRuntime(after),
  "inherited runtime": ({ before }) => inheritsRuntime(before),
  "a runtime": ({ before }) => schemaOf("runtime", valueIn(before, "name")) !== undefined,
  "of migrations": ({ before }) => /_migrator(_2)?$|\/migrator$/.test(String(valueIn(before, "name"))),
  /** The secret of one of the three that deploy. */
  "of a deployer": ({ before }) =>
    [MASTER_SECRET, ADMIN_SECRET, DEV_ADMIN_SECRET].some((name) => name === valueIn(before, "name")),
  untold: ({ after }, key) => valueIn(after, key) === UNKNOWN,
  /** Storage that grows by less than a tenth. */
  "too little": ({ before, after }, key) => {
    const [old, now] = [numberIn(before, key), numberIn(after, key)];
    return old === undefined || now === undefined || now * 10 < old * 11;
  },
  "from provisioned": (resource, key) => {
    const [was, is] = sides(resource, key);
    return PROVISIONED.includes(was) && !PROVISIONED.includes(is);
  },
  "less watched": isLessWatched,
  /** Of the instance's tags one goes, or says something else, and is none that the stacks set. */
  "other tags": (resource, key) => {
    const [old, now] = sides(resource, key).map((tags) => ({ ...Object(tags) }) as Record<string, unknown>);
    return Object.entries(old ?? {}).some(
      ([name, value]) => !OWN_TAG_KEYS.some((own) => own === name) && now?.[name] !== value,
    );
  },
  /** It gets what it has from a password that is new in the same deploy. */
  "new password": ({ changedWith }) =>
    changedWith.some((urn) => parseUrn(urn)?.type === "random:index/randomPassword:RandomPassword"),
  "by mail": ({ after }) => valueIn(after, "protocol") === "email",
  /** A security group whose own text says whom it lets in. */
  "lets in": ({ after }) => {
    const rules = valueIn(after, "ingress");
    return rules !== undefined && !(Array.isArray(rules) && rules.length === 0);
  },
  "between SSDs": (resource, key) => sides(resource, key).every((value) => SSDS.includes(value)),
  /** Of a list that is everything where it is left out, something goes. */
  fewer: (resource, key) => {
    const [old, now] = sides(resource, key);
    if (now === undefined) return false;
    return !Array.isArray(old) || !Array.isArray(now) || old.some((one) => !now.includes(one));
  },
  "kept password": ({ after }) => after?.ignoreChanges.includes("password") === true,
  /** The engine forgets it, and leaves it where it is. */
  retained: ({ before }) => before?.retainOnDelete === true,
  /** The deploy takes it over, so that it was somebody else's until now. */
  "taken over": ({ steps }) => steps.includes("import"),
  cascade: ({ before }) => isOn(valueIn(before, "dropCascade")),
  "of a visitor": isOfVisitor,
  "visitor made anew": (resource) => isOfVisitor(resource) && resource.op === "replace",
  "visitor's later end": (resource) =>
    isOfVisitor(resource) && endIn(resource.after) > endIn(resource.before),
  /** A policy whose text is not known, and that is not made of its app's own secret alone. */
  "untold policy": (resource) =>
    inputOf(resource.after?.inputs ?? {}, "policy") === UNKNOWN && !isOfOwnParts(resource),
} satisfies Readonly<Record<string, Holds>>;

/** One of them. */
export type Condition = keyof typeof CONDITIONS;

/** Whether a condition holds for a change of a property. */
export function holds(condition: Condition, resource: PreviewedResource, key: string): boolean {
  return CONDITIONS[condition](resource, key);
}

/** Whether a resource is prod's, whichever stack has it: by the stack, or by a name that only prod has. */
export function isOfProd({ stack, before }: PreviewedResource): boolean {
  return stack === PROD || /(^|[_/])prod([_/]|$)/.test(textOf(before?.inputs ?? {}, "name") ?? "");
}
