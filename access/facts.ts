import { DATABASE } from "../infra/names";
import { lastDayBefore } from "../infra/people/end";
import { type DeclaredResource, inputOf, isOff, isOn, mapsOf, textOf, textsOf } from "./declared-resource";

/** What a role may do with a schema itself or with the tables in it. */
export type SchemaRight = "use" | "create" | "read" | "write" | "own";

/** Which right a privilege gives, by the kind of object that it is granted on; `ALL` gives every one of the kind. */
const RIGHT_BY_PRIVILEGE: Readonly<Record<string, Readonly<Record<string, SchemaRight>>>> = {
  schema: { USAGE: "use", CREATE: "create" },
  table: { SELECT: "read", INSERT: "write", UPDATE: "write", DELETE: "write", TRUNCATE: "write" },
  column: { SELECT: "read", INSERT: "write", UPDATE: "write" },
};

/** The rights that privileges on a kind of object give; a kind or privilege that says nothing here gives none. */
function schemaRights(objectType: string, privileges: readonly string[]): SchemaRight[] {
  const known = RIGHT_BY_PRIVILEGE[objectType] ?? {};
  const names = privileges.map((privilege) => privilege.toUpperCase());
  const rights = names.includes("ALL") ? Object.values(known) : names.map((name) => known[name]);
  return [...new Set(rights.filter((right) => right !== undefined))];
}

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
  /** Roles that have the rights of what they are members of only while they act as that. */
  readonly withoutInheritance: Set<string>;
  /** Ends of roles that have one, as they are declared. */
  readonly ends: Map<string, string>;
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
function noFacts(): AccessFacts {
  return {
    memberships: new Map(),
    superusers: new Set(),
    logins: new Set(),
    withoutInheritance: new Set(),
    ends: new Map(),
    connects: new Set(),
    schemas: new Set(),
    rights: [],
    defaults: [],
    owners: new Map(),
    assumed: new Set(),
  };
}

/** A role by the name that the matrix has for it: PUBLIC however it is written. */
export const roleName = (name: string) => (name.toLowerCase() === "public" ? PUBLIC : name);

/** A schema of the project's database by its name, of any other one with the database before it. */
function schemaName(inputs: AccessResource["inputs"], key: string): string | undefined {
  const name = textOf(inputs, key);
  const database = textOf(inputs, "database") ?? DATABASE;
  return name === undefined || database === DATABASE ? name : `${database}.${name}`;
}

type Read = (facts: AccessFacts, inputs: AccessResource["inputs"]) => void;

/** What each type of resource says. Other types say nothing about access inside the database. */
const READ_BY_TYPE: Readonly<Record<string, Read>> = {
  "postgresql:index/role:Role": (facts, inputs) => {
    const name = textOf(inputs, "name");
    if (name === undefined) return;
    facts.memberships.set(
      name,
      new Set([...(facts.memberships.get(name) ?? []), ...textsOf(inputs, "roles")]),
    );
    for (const role of textsOf(inputs, "assumeRole")) facts.assumed.add(role);
    if (isOn(inputOf(inputs, "superuser"))) facts.superusers.add(name);
    if (isOn(inputOf(inputs, "login"))) facts.logins.add(name);
    if (isOff(inputOf(inputs, "inherit"))) facts.withoutInheritance.add(name);
    const end = textOf(inputs, "validUntil");
    if (end !== undefined && end !== "infinity") facts.ends.set(name, lastDayBefore(end));
  },
  "postgresql:index/grantRole:GrantRole": (facts, inputs) => {
    for (const role of textsOf(inputs, "role")) {
      for (const group of textsOf(inputs, "grantRole")) addTo(facts.memberships, role, group);
    }
  },
  "postgresql:index/database:Database": (facts, inputs) => {
    if (textOf(inputs, "name") !== DATABASE) return;
    for (const role of textsOf(inputs, "owner")) facts.connects.add(role);
  },
  "postgresql:index/schema:Schema": (facts, inputs) => {
    const schema = schemaName(inputs, "name");
    if (schema === undefined) return;
    facts.schemas.add(schema);
    for (const role of textsOf(inputs, "owner")) {
      addTo(facts.owners, schema, role);
      facts.rights.push({ role, schema, right: "use" }, { role, schema, right: "create" });
    }
    for (const policy of mapsOf(inputs, "policies")) {
      const role = roleName(textOf(policy, "role") ?? "public");
      for (const right of ["use", "create"] as const) {
        const key = right === "use" ? "usage" : "create";
        if (isOn(policy[key]) || isOn(policy[`${key}WithGrant`])) facts.rights.push({ role, schema, right });
      }
    }
  },
  "postgresql:index/grant:Grant": (facts, inputs) => {
    const [role] = textsOf(inputs, "role").map(roleName);
    const schema = schemaName(inputs, "schema");
    if (role === undefined) return;
    const objectType = textOf(inputs, "objectType") ?? "";
    const privileges = textsOf(inputs, "privileges");
    const isConnect = privileges.some((text) => ["CONNECT", "ALL"].includes(text.toUpperCase()));
    const isOurs = (textOf(inputs, "database") ?? DATABASE) === DATABASE;
    if (objectType === "database" && isConnect && isOurs) facts.connects.add(role);
    if (schema === undefined) return;
    for (const right of schemaRights(objectType, privileges)) facts.rights.push({ role, schema, right });
  },
  "postgresql:index/defaultPrivileges:DefaultPrivileges": (facts, inputs) => {
    const [role] = textsOf(inputs, "role").map(roleName);
    const owner = textOf(inputs, "owner");
    if (role === undefined || owner === undefined) return;
    const schema = schemaName(inputs, "schema");
    if (schema !== undefined) addTo(facts.owners, schema, owner);
    for (const right of schemaRights(textOf(inputs, "objectType") ?? "", textsOf(inputs, "privileges"))) {
      facts.defaults.push({ owner, role, schema, right });
    }
  },
};

/** Whether a resource of the type can change who may do what in the database. */
export function isAccessType(type: string): boolean {
  return Object.hasOwn(READ_BY_TYPE, type);
}

/** Reads what declared resources say about access; what is not known yet says nothing. */
export function accessFacts(resources: Iterable<AccessResource>): AccessFacts {
  const facts = noFacts();
  let isPublicSchemaDeclared = false;
  for (const { type, inputs } of resources) {
    READ_BY_TYPE[type]?.(facts, inputs);
    isPublicSchemaDeclared ||=
      type === "postgresql:index/grant:Grant" &&
      textOf(inputs, "schema") === "public" &&
      textOf(inputs, "objectType") === "schema" &&
      textsOf(inputs, "role").map(roleName).includes(PUBLIC);
  }
  // Postgres 15's own default, until a grant says otherwise.
  if (!isPublicSchemaDeclared) facts.rights.push({ role: PUBLIC, schema: "public", right: "use" });
  return facts;
}
