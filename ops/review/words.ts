import { inputOf, textOf, textsOf, UNKNOWN } from "../../access/declared-resource";
import { PUBLIC } from "../../access/facts";
import { NO_SCHEMA } from "../../access/matrix";
import { namesOf } from "../../infra/names";
import type { AccessChange, Cause, Finding, GrantedRight, Judgement, ResourceAccess } from "./finding";
import type { Group } from "./groups";
import { type Kind, kindOfResource, subjectOf, whatOf } from "./kind";
import { changedKeys, type PreviewedResource } from "./resource";

/** Properties whose values are shown; of all others only the name, since a value may be anything. */
const SHOWN = [
  ...[
    "connectionLimit",
    "instanceClass",
    "engineVersion",
    "allocatedStorage",
    "maxAllocatedStorage",
    "multiAz",
  ],
  ...[
    "backupRetentionPeriod",
    "publiclyAccessible",
    "deletionProtection",
    "storageEncrypted",
    "name",
    "dropCascade",
  ],
  ...[
    "assumeRole",
    "roles",
    "privileges",
    "cidrIpv4",
    "cidrIpv6",
    "referencedSecurityGroupId",
    "threshold",
    "family",
  ],
];

/** Kinds that only serve another one, which is named instead. */
const SERVING: readonly Kind[] = [
  "component",
  "grant",
  "default privileges",
  "read policy",
  "password",
  "secret value",
];

function shown(value: unknown): string {
  if (value === undefined) return "unset";
  if (value === UNKNOWN) return "known at deploy";
  if (Array.isArray(value)) return value.map(shown).join(", ") || "none";
  return typeof value === "object" ? "…" : String(value);
}

/** What an update changes, e.g. `connectionLimit 10 → 40`. */
function changesOf(resource: PreviewedResource): string[] {
  const { before, after } = resource;
  return changedKeys(resource).map((key) => {
    if (!SHOWN.includes(key)) return key;
    return `${key} ${shown(inputOf(before?.inputs ?? {}, key))} → ${shown(inputOf(after?.inputs ?? {}, key))}`;
  });
}

/** What a grant or a network rule is about. */
function detailOf({ before, after }: PreviewedResource): string {
  const inputs = (after ?? before)?.inputs ?? {};
  const role = textOf(inputs, "role");
  const source = ["cidrIpv4", "cidrIpv6", "referencedSecurityGroupId"].flatMap((key) => textsOf(inputs, key));
  if (source.length > 0) return ` (${source.join(", ")})`;
  if (role === undefined || !("privileges" in inputs)) return "";
  const place = `${textOf(inputs, "objectType") ?? "object"} ${textOf(inputs, "schema") ?? textOf(inputs, "database") ?? ""}`;
  return ` (${textsOf(inputs, "privileges").join(", ") || "nothing"} on ${place.trim()} to ${role})`;
}

/** One resource's change in words, e.g. `login portal_wms: connectionLimit 10 → 40`. */
export function phraseOf(resource: PreviewedResource): string {
  const what = `${whatOf(resource)}${detailOf(resource)}`;
  switch (resource.op) {
    case "create":
      return `new ${what}`;
    case "import":
      return `${what} is adopted`;
    case "delete":
      return `${what} goes`;
    case "replace":
      return `${what} is replaced${changedKeys(resource).length > 0 ? `: ${changesOf(resource).join(", ")}` : ""}`;
    case "update":
      return `${what}: ${changesOf(resource).join(", ") || "a value that is not shown"}`;
    default:
      return `${what}: ${resource.op}`;
  }
}

/** What an app consists of for a reader of its headline; its owner role goes without saying. */
const PARTS = ["schema", "login", "reader", "secret"] as const;

/** What changes for an app, or for another part of the stack, in one sentence. */
export function headline({ title, app, environment, resources }: Group): string {
  const reader = app !== undefined && environment !== undefined && namesOf(app, environment).reader;
  const partOf = (one: PreviewedResource) => {
    const kind = kindOfResource(one);
    return kind === "role" && subjectOf(one) === reader ? "reader" : kind;
  };
  const partsThat = (op: "create" | "delete") =>
    PARTS.map((part) => resources.filter((one) => one.op === op && partOf(one) === part));
  if (app !== undefined) {
    for (const op of ["create", "delete"] as const) {
      const [schemas = [], logins = [], ...others] = partsThat(op);
      if (schemas.length === 0 || logins.length === 0) continue;
      const named = [schemas, logins, ...others].flat().map((one) => `${partOf(one)} ${subjectOf(one)}`);
      return op === "create"
        ? `new app ${title}: ${named.join(", ")}`
        : `app ${title} goes: ${named.join(", ")}`;
    }
  }
  const main = mainFirst(resources).filter((one) => !SERVING.includes(kindOfResource(one)));
  const phrases = (main.length > 0 ? main : mainFirst(resources)).map(phraseOf);
  const some = phrases.slice(0, 4).join("; ");
  const more = phrases.length > 4 ? `; and ${phrases.length - 4} more` : "";
  return `${app === undefined ? "" : "app "}${title}: ${some}${more}`;
}

/** Schemas, then roles, then the rest. */
function mainFirst(resources: readonly PreviewedResource[]): PreviewedResource[] {
  const ranks: Partial<Record<Kind, number>> = { schema: 0, role: 1, login: 1 };
  const rank = (one: PreviewedResource) => ranks[kindOfResource(one)] ?? 2;
  return [...resources].sort((a, b) => rank(a) - rank(b));
}

/** A right that a resource gives, e.g. `USAGE on schema in wms_prod`. */
function rightWords(right: GrantedRight): string {
  if ("group" in right) return `membership in ${right.group}`;
  const { privilege, objectType, place, objects, madeBy, grantable } = right;
  const where = `${objectType ?? "object"} in ${place ?? "the database"}`;
  const made = madeBy === undefined ? "" : ` made by ${madeBy}`;
  const option = grantable ? " with grant option" : "";
  return `${privilege} on ${[where, ...objects].join(" ")}${made}${option}`;
}

/** What one resource does to a role's rights. */
function resourceAccessWords({ role, direction, rights }: ResourceAccess): string {
  const list = rights.map(rightWords).join(", ");
  switch (direction) {
    case "gains":
      return `${role} gets ${list}`;
    case "loses":
      return `${role} loses ${list}`;
    case "neither":
      return "grants what it did, or goes and comes with its role";
    case "unknown":
      return "what it grants cannot be told: look at it";
  }
}

/** What the matrix says of a role, as a sentence's end, e.g. `gains read on wms_prod`. */
function accessChangeWords({ role, schema, direction, rights }: AccessChange): string {
  const place = schema === NO_SCHEMA ? "the database" : schema;
  return `${direction} ${rights.join(", ")} on ${place}${role === PUBLIC ? "; PUBLIC is every role there is" : ""}`;
}

/** Why a reviewer should know, in words. */
function reasonOf(cause: Cause): string {
  switch (cause.kind) {
    case "rule":
      return `${cause.problem} (${cause.rule})`;
    case "table":
    case "unknown":
      return cause.property === undefined ? cause.meaning : `${cause.property}: ${cause.meaning}`;
    case "access of a resource":
      return resourceAccessWords(cause);
    case "access matrix":
      return accessChangeWords(cause);
    case "credential":
      return `its credential goes down from ${cause.from} to ${cause.to}: the URL in use is closed, and no earlier one comes back; raise it instead`;
    case "blind":
      return "the preview does not show its state: look at it";
  }
}

/** A judgement with its words, which are the last that is made of it. */
export function worded(judgement: Judgement): Finding {
  return { ...judgement, reason: reasonOf(judgement) };
}
