import {
  type DeclaredResource,
  inputOf,
  isOn,
  isPartlyUnknown,
  mapsOf,
  textsOf,
  UNKNOWN,
} from "../access/declared-resource";
import { PUBLIC, roleName } from "../access/facts";
import { DATABASE } from "../infra/names";

/** A name, or that it is known at deploy alone. */
type NameOrUnknown = string | typeof UNKNOWN;

/** That a resource lets somebody do something to something: what a boundary is crossed by. */
export interface Relation {
  /** The role that gets it; PUBLIC is every role. */
  readonly who: NameOrUnknown;
  /** What it gets, in words: a privilege, `membership`, `ownership`. */
  readonly right: string;
  /** `role`, `database`, `server`, `later objects of`, or the kind of object in a schema. */
  readonly kind: string;
  /** The role or database, or the schema of the object. */
  readonly name: NameOrUnknown;
  /** Whether it may be passed on. */
  readonly isGrantable: boolean;
}

type Inputs = DeclaredResource["inputs"];

/** Attributes of a role that reach past its schema. */
const POWERS = [
  "superuser",
  "createRole",
  "createDatabase",
  "bypassRowLevelSecurity",
  "replication",
] as const;

/** Whoever deploys, where a resource names nobody. */
const DEPLOYER = "whoever deploys";

/** One name of an input; an empty one is none. UNKNOWN where it is not known, and where something else stands for a text. */
function nameOf(inputs: Inputs, key: string): NameOrUnknown | undefined {
  const value = inputOf(inputs, key);
  if (value === undefined || value === "") return undefined;
  return typeof value === "string" ? value : UNKNOWN;
}

const roleOf = (inputs: Inputs, key = "role"): NameOrUnknown => {
  const name = nameOf(inputs, key) ?? UNKNOWN;
  return name === UNKNOWN ? UNKNOWN : roleName(name);
};

/** The names of a list, with UNKNOWN for those that are not known. */
function namesIn(inputs: Inputs, key: string): NameOrUnknown[] {
  const known: NameOrUnknown[] = textsOf(inputs, key).filter((name) => name !== "");
  return isPartlyUnknown(inputs, key) ? [...known, UNKNOWN] : known;
}

/** What a grant gives that revokes everything. */
export const NOTHING = "nothing";

/** Privileges as the server spells them; {@link NOTHING} of an empty list, which revokes. */
function privilegesOf(inputs: Inputs): string[] {
  const known = textsOf(inputs, "privileges").map((text) => text.toUpperCase());
  if (isPartlyUnknown(inputs, "privileges")) return [...known, "what is known at deploy alone"];
  return known.length === 0 ? [NOTHING] : known;
}

function schemaName(inputs: Inputs, key: string): NameOrUnknown | undefined {
  const database = nameOf(inputs, "database") ?? DATABASE;
  const schema = nameOf(inputs, key);
  if (schema === undefined || schema === UNKNOWN || database === DATABASE) return schema;
  return database === UNKNOWN ? UNKNOWN : `${database}.${schema}`;
}

const membership = (who: NameOrUnknown, name: NameOrUnknown, isGrantable = false): Relation => ({
  who,
  right: "membership",
  kind: "role",
  name,
  isGrantable,
});

function ofRole(inputs: Inputs): Relation[] {
  const who = roleOf(inputs, "name");
  const powers = POWERS.filter((power) => isOn(inputOf(inputs, power)));
  return [
    ...powers.map((right): Relation => ({ who, right, kind: "server", name: "", isGrantable: false })),
    ...namesIn(inputs, "roles").map((group) => membership(who, group)),
    ...namesIn(inputs, "assumeRole").map((name) => ({ ...membership(who, name), right: "assumeRole" })),
  ];
}

function ofMembership(inputs: Inputs): Relation[] {
  const isGrantable = inputOf(inputs, "withAdminOption") !== undefined && !isOff(inputs, "withAdminOption");
  return [membership(roleOf(inputs), nameOf(inputs, "grantRole") ?? UNKNOWN, isGrantable)];
}

/** Whether a switch is off for certain. */
function isOff(inputs: Inputs, key: string): boolean {
  const value = inputOf(inputs, key);
  return value === undefined || value === false || value === "false";
}

function ofGrant(inputs: Inputs): Relation[] {
  const objectType = nameOf(inputs, "objectType") ?? UNKNOWN;
  const kind = objectType === UNKNOWN ? "object" : objectType;
  const place = kind === "database" ? (nameOf(inputs, "database") ?? DATABASE) : schemaName(inputs, "schema");
  const name = objectType === UNKNOWN ? UNKNOWN : (place ?? textsOf(inputs, "objects").join(", "));
  const isGrantable = !isOff(inputs, "withGrantOption");
  return privilegesOf(inputs).map(
    (right): Relation => ({ who: roleOf(inputs), right, kind, name, isGrantable }),
  );
}

function ofDefaultPrivileges(inputs: Inputs): Relation[] {
  const who = roleOf(inputs);
  const isGrantable = !isOff(inputs, "withGrantOption");
  const owner = nameOf(inputs, "owner") ?? UNKNOWN;
  const schema = schemaName(inputs, "schema");
  return privilegesOf(inputs).flatMap((right) => {
    const ofOwner: Relation = { who, right, kind: "later objects of", name: owner, isGrantable };
    return schema === undefined
      ? [ofOwner]
      : [ofOwner, { ...ofOwner, kind: "later objects in", name: schema }];
  });
}

function ofSchema(inputs: Inputs): Relation[] {
  const name = schemaName(inputs, "name") ?? UNKNOWN;
  const owners = namesIn(inputs, "owner").map(
    (who): Relation => ({
      who,
      right: "ownership",
      kind: "schema",
      name,
      isGrantable: false,
    }),
  );
  const policies = mapsOf(inputs, "policies").flatMap((policy) =>
    (["usage", "create"] as const).flatMap((key): Relation[] => {
      const isGrantable = !isOff(policy, `${key}WithGrant`);
      if (isOff(policy, key) && !isGrantable) return [];
      // A policy without a role means PUBLIC.
      const who = inputOf(policy, "role") === undefined ? PUBLIC : roleOf(policy);
      return [{ who, right: key.toUpperCase(), kind: "schema", name, isGrantable }];
    }),
  );
  const isHidden = inputOf(inputs, "policies") === UNKNOWN;
  const hidden: Relation = { who: UNKNOWN, right: "a policy", kind: "schema", name, isGrantable: false };
  return [...owners, ...policies, ...(isHidden ? [hidden] : [])];
}

function ofDatabase(inputs: Inputs): Relation[] {
  const who = nameOf(inputs, "owner") ?? DEPLOYER;
  const name = nameOf(inputs, "name") ?? UNKNOWN;
  return [{ who, right: "ownership", kind: "database", name, isGrantable: false }];
}

const RELATIONS_BY_TYPE: Readonly<Record<string, (inputs: Inputs) => Relation[]>> = {
  "postgresql:index/role:Role": ofRole,
  "postgresql:index/grantRole:GrantRole": ofMembership,
  "postgresql:index/grant:Grant": ofGrant,
  "postgresql:index/defaultPrivileges:DefaultPrivileges": ofDefaultPrivileges,
  "postgresql:index/schema:Schema": ofSchema,
  "postgresql:index/database:Database": ofDatabase,
};

/** What a resource of Postgres gives to whom; taking away gives nothing. */
export function relationsIn({ type, inputs }: Pick<DeclaredResource, "type" | "inputs">): Relation[] {
  return Object.hasOwn(RELATIONS_BY_TYPE, type) ? (RELATIONS_BY_TYPE[type]?.(inputs) ?? []) : [];
}
