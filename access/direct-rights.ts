import { type AccessFacts, addTo } from "./facts";
import type { SchemaRight } from "./schema-right";

/** Rights by role and schema. */
export type RightsByRole = Map<string, Map<string, Set<SchemaRight>>>;

/** Adds a right to those of a role on a schema. */
export function addRight(rights: RightsByRole, role: string, schema: string, right: SchemaRight): void {
  const ofRole = rights.get(role) ?? new Map<string, Set<SchemaRight>>();
  rights.set(role, ofRole);
  ofRole.set(schema, (ofRole.get(schema) ?? new Set<SchemaRight>()).add(right));
}

/** Owners of each schema's objects: those that are said to be, `<schema>_owner`, and what a login assumes and that may create. */
function objectOwners({
  owners,
  assumed,
  memberships,
  rights,
  schemas,
}: AccessFacts): Map<string, Set<string>> {
  const found = new Map([...owners].map(([schema, roles]) => [schema, new Set(roles)]));
  for (const schema of schemas)
    if (memberships.has(`${schema}_owner`)) addTo(found, schema, `${schema}_owner`);
  for (const { role, schema, right } of rights) {
    if (right === "create" && (assumed.has(role) || role === `${schema}_owner`)) addTo(found, schema, role);
  }
  return found;
}

/** Rights of each role by itself: grants, what it owns, and default privileges on what an owner makes. */
export function directRights(facts: AccessFacts): RightsByRole {
  const direct: RightsByRole = new Map();
  for (const { role, schema, right } of facts.rights) addRight(direct, role, schema, right);
  const schemasOfOwner = new Map<string, Set<string>>();
  for (const [schema, owners] of objectOwners(facts)) {
    for (const owner of owners) {
      addTo(schemasOfOwner, owner, schema);
      for (const right of ["own", "read", "write"] as const) addRight(direct, owner, schema, right);
    }
  }
  for (const { owner, role, schema, right } of facts.defaults) {
    const schemas = schema === undefined ? (schemasOfOwner.get(owner) ?? []) : [schema];
    for (const one of schemas) addRight(direct, role, one, right);
  }
  return direct;
}
