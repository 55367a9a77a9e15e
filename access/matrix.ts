import { type AccessFacts, type AccessResource, accessFacts, addTo, PUBLIC, type SchemaRight } from "./facts";

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
  /** The last day of each role that has one. */
  readonly ends: ReadonlyMap<string, string>;
}

/** Postgres's own roles that reach into every schema. */
const PREDEFINED: Readonly<Record<string, readonly SchemaRight[]>> = {
  pg_read_all_data: ["use", "read"],
  pg_write_all_data: ["use", "write"],
};
const EVERYTHING: readonly SchemaRight[] = ["use", "create", "read", "write", "own"];

/** A role and everything that it is a member of, directly or not: what it may act as. Membership in a circle ends. */
export function withGroups(role: string, { memberships }: Pick<AccessFacts, "memberships">): Set<string> {
  const found = new Set([role]);
  for (const one of found) for (const group of memberships.get(one) ?? []) found.add(group);
  return found;
}

/** A role and everything whose rights it has without acting as that. */
function withInherited(role: string, { memberships, withoutInheritance }: AccessFacts): Set<string> {
  const found = new Set([role]);
  for (const one of found) {
    for (const group of withoutInheritance.has(one) ? [] : (memberships.get(one) ?? [])) found.add(group);
  }
  return found;
}

/**
 * Computes who may do what from declared state: ownership, inherited membership, grants, default privileges, PUBLIC. What
 * a login may do once it acts as its owner stands at the owner: that is what an app is.
 */
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
    for (const group of withInherited(role, facts)) {
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
  return { connects, rights, ends: facts.ends };
}

/** What a role may do by itself and by membership, without what it may do as one of PUBLIC. */
function rightsOf(matrix: AccessMatrix, role: string, schema: string): Set<Right> {
  const own = matrix.rights.get(role)?.get(schema) ?? [];
  return new Set<Right>([...(matrix.connects.has(role) ? ["connect" as const] : []), ...own]);
}

/** What a role may really do: its own rights and those of PUBLIC. */
export function effectiveRights(matrix: AccessMatrix, role: string, schema: string): Set<Right> {
  return new Set([...rightsOf(matrix, role, schema), ...rightsOf(matrix, PUBLIC, schema)]);
}

/** Schemas on which a role has rights; {@link NO_SCHEMA} alone when it may only connect. */
function schemasOf(matrix: AccessMatrix, role: string): string[] {
  const schemas = [...(matrix.rights.get(role)?.keys() ?? [])];
  return schemas.length === 0 && matrix.connects.has(role) ? [NO_SCHEMA] : schemas;
}

/** Rights by role and schema. */
type RightsByRole = Map<string, Map<string, Set<SchemaRight>>>;

/** Adds a right to those of a role on a schema. */
function addRight(rights: RightsByRole, role: string, schema: string, right: SchemaRight): void {
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
function directRights(facts: AccessFacts): RightsByRole {
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

/** One role and one schema, before and after a change. */
export interface AccessRow {
  readonly role: string;
  /** The schema, or `—` for a role that may connect and nothing else. */
  readonly schema: string;
  readonly before: readonly Right[];
  readonly after: readonly Right[];
  /** Rights that the role has now and had not. */
  readonly gained: readonly Right[];
  /** Rights that the role had. */
  readonly lost: readonly Right[];
  /** The last day, in UTC, on which the role may log in with its password; undefined for one without an end. */
  readonly until?: string | undefined;
}

const inOrder = (a: AccessRow, b: AccessRow) =>
  a.role === b.role ? (a.schema < b.schema ? -1 : 1) : a.role < b.role ? -1 : 1;

/** Every role and schema with a right before or after, by role and schema; `gained` and `lost` mark the changed cells. */
export function accessRows(before: AccessMatrix, after: AccessMatrix): AccessRow[] {
  const roles = new Set([before, after].flatMap(({ connects, rights }) => [...connects, ...rights.keys()]));
  const rows: AccessRow[] = [];
  for (const role of roles) {
    const schemas = new Set([...schemasOf(before, role), ...schemasOf(after, role)]);
    // The row of a role that merely connects says nothing where it has rights on a schema on the other side.
    if (schemas.size > 1) schemas.delete(NO_SCHEMA);
    for (const schema of schemas) {
      const had = rightsOf(before, role, schema);
      const has = rightsOf(after, role, schema);
      const until = after.ends.get(role) ?? before.ends.get(role);
      rows.push({
        ...(until === undefined ? {} : { until }),
        role,
        schema,
        before: RIGHTS.filter((right) => had.has(right)),
        after: RIGHTS.filter((right) => has.has(right)),
        gained: RIGHTS.filter((right) => has.has(right) && !had.has(right)),
        lost: RIGHTS.filter((right) => had.has(right) && !has.has(right)),
      });
    }
  }
  return rows.sort(inOrder);
}

/** Whether a cell of the row changes. */
export function isChanged({ gained, lost }: AccessRow): boolean {
  return gained.length > 0 || lost.length > 0;
}
