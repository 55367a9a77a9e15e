import { isAccessType, roleName } from "../../access/by-type";
import type { AccessRow } from "../../access/diff";
import { PUBLIC } from "../../access/facts";
import { isPartlyUnknown, textOf, textsOf } from "../../access/inputs";
import { NO_SCHEMA, type Right } from "../../access/matrix";
import type { Renames, ReviewContext } from "./context";
import type { Finding, Risk } from "./finding";
import type { PreviewedResource, ResourceState } from "./resource";

const ROLE = "postgresql:index/role:Role";

/** What one resource adds to a role's rights, and takes from them, each in words. */
interface AccessEffect {
  readonly role: string;
  /** Schema that it is about; undefined for memberships and the database. */
  readonly schema: string | undefined;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

interface Rights {
  readonly role: string;
  readonly schema: string | undefined;
  readonly words: readonly string[];
}

/** A resource's rights in words; names that the change renames stand in their new form, so that they compare. */
function rightsOf(type: string, state: ResourceState | undefined, renames: Renames): Rights | undefined {
  if (state === undefined) return undefined;
  const { inputs } = state;
  const newRole = (name: string) => renames.roles.get(name) ?? name;
  const isRole = type === ROLE;
  const role = newRole(textOf(inputs, isRole ? "name" : "role") ?? "");
  if (isRole || type === "postgresql:index/grantRole:GrantRole") {
    const groups = textsOf(inputs, isRole ? "roles" : "grantRole").map(newRole);
    return { role, schema: undefined, words: [...new Set(groups)].map((group) => `membership in ${group}`) };
  }
  const named = textOf(inputs, "schema");
  const schema = named === undefined ? undefined : (renames.schemas.get(named) ?? named);
  const place = `${textOf(inputs, "objectType") ?? "object"} in ${schema ?? textOf(inputs, "database") ?? "the database"}`;
  const objects = [...textsOf(inputs, "objects"), ...textsOf(inputs, "columns")].map((name) => ` ${name}`);
  const owner = textOf(inputs, "owner");
  const made = owner === undefined ? "" : ` made by ${newRole(owner)}`;
  const option = inputs.withGrantOption === true ? " with grant option" : "";
  const words = textsOf(inputs, "privileges").map(
    (privilege) => `${privilege.toUpperCase()} on ${place}${objects.join("")}${made}${option}`,
  );
  return { role, schema, words };
}

/** What a grant, a membership, default privileges or a role's own memberships add and take; undefined for other types. */
function accessEffect(resource: PreviewedResource, renames: Renames): AccessEffect | undefined {
  const { type, before, after, op } = resource;
  if (!isAccessType(type) || type === "postgresql:index/schema:Schema") return undefined;
  const had = rightsOf(type, before, renames);
  const has = op === "delete" ? undefined : rightsOf(type, after, renames);
  const role = has?.role ?? had?.role;
  if (role === undefined) return undefined;
  const isSameRole = had === undefined || has === undefined || had.role === has.role;
  const old = had?.words ?? [];
  const now = has?.words ?? [];
  return {
    role,
    schema: has?.schema ?? had?.schema,
    added: isSameRole ? now.filter((word) => !old.includes(word)) : now,
    removed: isSameRole ? old.filter((word) => !now.includes(word)) : old,
  };
}

/** What of an access resource decides whom it gives what. */
const ACCESS_KEYS = [
  ...["role", "roles", "grantRole", "owner", "schema", "database", "objectType", "privileges", "objects"],
  ...["columns", "name"],
];

/** Class and reason by rights that are added or taken; part of a new or a dropped role or schema is safe by itself. */
export function byAccess(
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

/** A role that gains or loses rights on a schema, in words. */
interface AccessChange {
  readonly role: string;
  readonly schema: string;
  readonly direction: "gains" | "loses";
  readonly rights: readonly Right[];
}

/** Rights of a renamed role or schema before, under the new name. */
function underNewNames(
  rows: readonly AccessRow[],
  { roles, schemas }: ReviewContext["renames"],
): Map<string, Set<Right>> {
  const before = new Map<string, Set<Right>>();
  for (const { role, schema, before: rights } of rows) {
    const key = `${roles.get(role) ?? role} ${schemas.get(schema) ?? schema}`;
    before.set(key, new Set([...(before.get(key) ?? []), ...rights]));
  }
  return before;
}

/**
 * Who may do more or less than before on what was there before. Not among it: a new role's rights on a new schema,
 * what went with a dropped role or schema, and the same rights under another name.
 */
function accessChanges({ rows, renames, made, gone }: ReviewContext): AccessChange[] {
  const before = underNewNames(rows, renames);
  const oldNames = new Set([...renames.roles.keys(), ...renames.schemas.keys()]);
  const isMoved = ({ role, schema }: AccessRow) => oldNames.has(role) || oldNames.has(schema);
  const changes: AccessChange[] = [];
  for (const row of rows) {
    if (isMoved(row)) continue;
    const { role, schema, after } = row;
    const had = before.get(`${role} ${schema}`) ?? new Set<Right>();
    const gained = after.filter((right) => !had.has(right));
    const isNew = made.has(role) && (made.has(schema) || schema === NO_SCHEMA);
    if (gained.length > 0 && !isNew) changes.push({ role, schema, direction: "gains", rights: gained });
    const lost = [...had].filter((right) => !after.includes(right));
    const isGone = gone.has(role) || gone.has(schema);
    if (lost.length > 0 && !isGone) changes.push({ role, schema, direction: "loses", rights: lost });
  }
  return changes;
}

/** The change as a sentence's end, e.g. `gains read on wms_prod`. */
function accessReason({ role, schema, direction, rights }: AccessChange): string {
  const place = schema === NO_SCHEMA ? "the database" : schema;
  return `${direction} ${rights.join(", ")} on ${place}${role === PUBLIC ? "; PUBLIC is every role there is" : ""}`;
}

/** Findings from the matrix, at the role's own resource where the preview has it; without a URN where it has none. */
export function accessFindings(context: ReviewContext, resources: readonly PreviewedResource[]): Finding[] {
  const urnByRole = new Map<string, string>();
  for (const resource of resources) {
    const role = accessEffect(resource, context.renames)?.role;
    if (role === undefined || (urnByRole.has(role) && resource.type !== ROLE)) continue;
    urnByRole.set(roleName(role), resource.urn);
  }
  return accessChanges(context).map((change) => ({
    risk: change.direction === "gains" ? ("widens access" as const) : ("narrows access" as const),
    what: change.role,
    reason: accessReason(change),
    urn: urnByRole.get(change.role) ?? "",
  }));
}

/**
 * Tells the findings that the matrix says better: a grant's own line, where its role gains or loses in the same
 * direction. Both would say one change twice.
 */
export function echoesOf(
  matrix: readonly Finding[],
  resources: readonly PreviewedResource[],
  { renames }: ReviewContext,
): (finding: Finding) => boolean {
  const said = new Set(matrix.map(({ risk, what }) => `${risk} ${what}`));
  const roleByUrn = new Map(
    resources.map((one) => [one.urn, roleName(accessEffect(one, renames)?.role ?? "")] as const),
  );
  return ({ risk, urn, reason }) => {
    const role = roleByUrn.get(urn);
    return role !== undefined && said.has(`${risk} ${role}`) && / (gets|loses) /.test(reason);
  };
}
