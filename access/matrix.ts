import { accessFacts } from "./by-type";
import { addRight, directRights, type RightsByRole } from "./direct-rights";
import { type AccessFacts, type AccessResource, PUBLIC } from "./facts";
import type { SchemaRight } from "./schema-right";

/** The columns of the matrix, in the order in which they are shown. */
export const RIGHTS = ["connect", "use", "create", "read", "write", "own"] as const;

/** One of them. */
export type Right = (typeof RIGHTS)[number];

/** Stands where a role may connect, but has no right on any schema. */
export const NO_SCHEMA = "—";

/** Who may do what, by role and schema. What PUBLIC may do stands in its own rows, and holds for every role. */
export interface AccessMatrix {
  /** Roles with CONNECT by themselves or by membership. */
  readonly connects: ReadonlySet<string>;
  /** Rights by role and schema; only roles and schemas with some. */
  readonly rights: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<SchemaRight>>>;
}

/** Postgres's own roles that reach into every schema. */
const PREDEFINED: Readonly<Record<string, readonly SchemaRight[]>> = {
  pg_read_all_data: ["use", "read"],
  pg_write_all_data: ["use", "write"],
};
const EVERYTHING: readonly SchemaRight[] = ["use", "create", "read", "write", "own"];

/** A role and everything that it is a member of, directly or not; membership in a circle ends. */
export function withGroups(role: string, memberships: AccessFacts["memberships"]): Set<string> {
  const found = new Set([role]);
  for (const one of found) for (const group of memberships.get(one) ?? []) found.add(group);
  return found;
}

/** Computes who may do what from declared state: ownership, membership, `assumeRole`, grants, default privileges, PUBLIC. */
export function accessMatrix(resources: Iterable<AccessResource>): AccessMatrix {
  const facts = accessFacts(resources);
  const direct = directRights(facts);
  const schemas = new Set([
    ...facts.schemas,
    ...[...direct.values()].flatMap((ofRole) => [...ofRole.keys()]),
  ]);
  const roles = new Set([
    ...facts.memberships.keys(),
    ...direct.keys(),
    ...facts.connects,
    ...facts.superusers,
  ]);
  const usedByPublic = (schema: string) => direct.get(PUBLIC)?.get(schema)?.has("use") === true;
  const connects = new Set<string>();
  const rights: RightsByRole = new Map();
  for (const role of roles) {
    for (const group of withGroups(role, facts.memberships)) {
      if (facts.connects.has(group) || facts.superusers.has(group)) connects.add(role);
      for (const [schema, set] of direct.get(group) ?? [])
        for (const right of set) addRight(rights, role, schema, right);
      const everywhere = facts.superusers.has(group) ? EVERYTHING : (PREDEFINED[group] ?? []);
      for (const schema of everywhere.length > 0 ? schemas : []) {
        for (const right of everywhere) addRight(rights, role, schema, right);
      }
    }
    for (const [schema, set] of rights.get(role) ?? []) {
      // Tables in a schema that the role may not enter are out of its reach.
      if (!set.has("use") && !usedByPublic(schema))
        for (const right of ["read", "write"] as const) set.delete(right);
      if (set.size === 0) rights.get(role)?.delete(schema);
    }
  }
  return { connects, rights };
}

/** What a role may do by itself and by membership, without what it may do as one of PUBLIC. */
export function rightsOf(matrix: AccessMatrix, role: string, schema: string): Set<Right> {
  const own = matrix.rights.get(role)?.get(schema) ?? [];
  return new Set<Right>([...(matrix.connects.has(role) ? ["connect" as const] : []), ...own]);
}

/** What a role may really do: its own rights and those of PUBLIC. */
export function effectiveRights(matrix: AccessMatrix, role: string, schema: string): Set<Right> {
  return new Set([...rightsOf(matrix, role, schema), ...rightsOf(matrix, PUBLIC, schema)]);
}

/** Schemas on which a role has rights; {@link NO_SCHEMA} alone when it may only connect. */
export function schemasOf(matrix: AccessMatrix, role: string): string[] {
  const schemas = [...(matrix.rights.get(role)?.keys() ?? [])];
  return schemas.length === 0 && matrix.connects.has(role) ? [NO_SCHEMA] : schemas;
}
