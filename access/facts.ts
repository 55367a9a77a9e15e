import type { DeclaredResource } from "./declared-resource";
import type { SchemaRight } from "./schema-right";

/** What of a resource decides access. */
export type AccessResource = Pick<DeclaredResource, "type" | "inputs">;

/** Postgres's own word for every role there is. */
export const PUBLIC = "PUBLIC";

/** One direct right of one role; inheritance is not worked out. */
export interface DirectRight {
  readonly role: string;
  readonly schema: string;
  readonly right: SchemaRight;
}

/** What resources say about access, one list a kind of fact. */
export interface AccessFacts {
  /** Roles that are declared, with what they are members of. Postgres lets no login assume a role that it is no member of. */
  readonly memberships: Map<string, Set<string>>;
  readonly superusers: Set<string>;
  /** Roles that may log in. */
  readonly logins: Set<string>;
  /** Roles with CONNECT on the database. */
  readonly connects: Set<string>;
  readonly schemas: Set<string>;
  readonly rights: DirectRight[];
  /** Default privileges: what a role gets on tables that an owner will make; without a schema, in all of them. */
  readonly defaults: { owner: string; role: string; schema: string | undefined; right: SchemaRight }[];
  /** Roles that own the objects of a schema. */
  readonly owners: Map<string, Set<string>>;
  /** Logins' `assumeRole`: what they create belongs to that role. */
  readonly assumed: Set<string>;
}

/** Adds a member to a set of a map. */
export function addTo<K>(map: Map<K, Set<string>>, key: K, value: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

/** Where the reading of facts starts: nobody may do anything. */
export function noFacts(): AccessFacts {
  return {
    memberships: new Map(),
    superusers: new Set(),
    logins: new Set(),
    connects: new Set(),
    schemas: new Set(),
    rights: [],
    defaults: [],
    owners: new Map(),
    assumed: new Set(),
  };
}
