import { textOf, textsOf } from "../../access/declared-resource";
import { isAccessType } from "../../access/facts";
import type { PreviewedResource } from "./previewed-resource";
import type { Renames } from "./renames";
import type { ResourceState } from "./resource-state";

/** What one resource adds to a role's rights, and takes from them, each in words. */
export interface AccessEffect {
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
  const isRole = type === "postgresql:index/role:Role";
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
export function accessEffect(resource: PreviewedResource, renames: Renames): AccessEffect | undefined {
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
