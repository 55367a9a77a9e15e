import { isPartlyUnknown } from "../../access/declared-resource";
import { accessEffect } from "./access-effect";
import type { ReviewContext } from "./context";
import type { PreviewedResource } from "./previewed-resource";
import type { Risk } from "./risk";

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
