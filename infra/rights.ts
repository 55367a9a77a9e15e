import { DATABASE } from "./names";

/**
 * Rights are rows. An app's are in app/access.ts, the database's in database/access.ts, each in the one order in which
 * they are declared. The components declare them; the matrix, `verify`, the review and `reset` judge by the same ones.
 */

/** Types of the rows, as the engine names them. */
export type RightsType = `postgresql:index/${
  | "role:Role"
  | "grantRole:GrantRole"
  | "database:Database"
  | "schema:Schema"
  | "grant:Grant"
  | "defaultPrivileges:DefaultPrivileges"
  | "extension:Extension"}`;

/** One role, membership, database, schema, grant, default privilege or extension. */
export interface RightsRow {
  readonly type: RightsType;
  /** Logical name; with the type it makes the URN, which never changes. */
  readonly name: string;
  /** Inputs under the provider's names; a login's password is not among them. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names of the rows that it comes after. */
  readonly after: readonly string[];
  /** Pulumi's `protect`: what holds data or access cannot be deleted by a deploy. */
  readonly protect: boolean;
  /** A replacement would create, and then delete what it has just created. */
  readonly deleteBeforeReplace: boolean;
  /** Inputs that stay as the server has them. */
  readonly ignoreChanges: readonly string[];
  /** Whether it stays on the server when the program no longer declares it. */
  readonly retainOnDelete: boolean;
  /** Provider's id of what exists already and is taken over. */
  readonly import: string | undefined;
  /**
   * Who has to own a schema; undefined: whoever does. The provider takes one that exists as it is, and its owner could put
   * functions in the way of what an app runs there: nothing after it is declared while it is somebody else's.
   */
  readonly requiredOwner: string | undefined;
  /**
   * How a person or a tool logs in. In another way its role is made anew, with all that names it; by IAM with whatever
   * changes, since the master, who makes it, may not change it.
   */
  readonly loginBy: "password" | "iam" | undefined;
  /** Whether the master declares it and not the admin, in a component whose rows are the admin's. */
  readonly isOfMaster: boolean;
}

/** What a row is besides its inputs. */
interface Place {
  readonly after?: readonly (string | undefined)[];
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly retainOnDelete?: boolean;
  readonly import?: string | undefined;
  readonly requiredOwner?: string | undefined;
  readonly loginBy?: RightsRow["loginBy"];
  readonly isOfMaster?: boolean;
}

function row(type: RightsType, name: string, inputs: RightsRow["inputs"], place: Place): RightsRow {
  const { after = [], protect = false, ignoreChanges = [], retainOnDelete = false, loginBy } = place;
  return {
    type,
    name,
    inputs,
    after: after.filter((one) => one !== undefined),
    protect,
    deleteBeforeReplace:
      loginBy !== undefined || type === "postgresql:index/defaultPrivileges:DefaultPrivileges",
    ignoreChanges,
    retainOnDelete,
    import: place.import,
    requiredOwner: place.requiredOwner,
    loginBy,
    isOfMaster: place.isOfMaster === true,
  };
}

/** A role; NOLOGIN unless its attributes say otherwise. */
export function roleRow(
  name: string,
  inputs: { readonly name: string } & RightsRow["inputs"],
  place: Place = {},
) {
  return row("postgresql:index/role:Role", name, inputs, place);
}

/** Lets a role administer another one, and act as it. */
export function administratorRow(name: string, role: string, grantRole: string, place: Place) {
  const inputs = { role, grantRole, withAdminOption: true };
  return row("postgresql:index/grantRole:GrantRole", name, inputs, place);
}

/** Makes a role a member of another one, without the right to pass it on. */
export function membershipRow(name: string, role: string, grantRole: string, place: Place) {
  return row("postgresql:index/grantRole:GrantRole", name, { role, grantRole }, place);
}

/** What a database was made with: nobody's to change, and the provider would read each as a difference. */
const MADE_WITH = ["encoding", "isTemplate", "lcCollate", "lcCtype", "tablespaceName", "template"];

/** The project's database, which the instance brings with it, given to an owner. It is never dropped by a deploy. */
export function databaseRow(name: string, owner: string, place: Place) {
  return row(
    "postgresql:index/database:Database",
    name,
    { name: DATABASE, owner },
    { ...place, protect: true, retainOnDelete: true, import: DATABASE, ignoreChanges: MADE_WITH },
  );
}

/** A schema of the project's database, owned by whoever deploys it, so that no app can drop it. */
export function schemaRow(name: string, schema: string, dropCascade: boolean, place: Place) {
  return row(
    "postgresql:index/schema:Schema",
    name,
    { name: schema, database: DATABASE, dropCascade },
    place,
  );
}

/** What a grant is on: a database (the project's), a schema, or everything of a kind that is in a schema now. */
type Target =
  | readonly [objectType: "database", database?: string]
  | readonly [objectType: "schema" | "table" | "sequence" | "routine", schema: string];

/**
 * A grant. The provider revokes everything first and then grants the list, so an explicit empty list means "revoke all".
 * @see https://www.postgresql.org/docs/17/ddl-priv.html
 */
export function grantRow(
  name: string,
  role: string,
  [objectType, on]: Target,
  privileges: readonly string[],
  place: Place,
) {
  const where =
    objectType === "database"
      ? { database: on ?? DATABASE, objectType }
      : { database: DATABASE, schema: on, objectType };
  return row("postgresql:index/grant:Grant", name, { role, ...where, privileges }, place);
}

/** What a role gets on each table, sequence or function (procedures, too) that an owner makes in a schema from then on. */
export function defaultPrivilegesRow(
  name: string,
  role: string,
  [objectType, schema]: readonly [objectType: "table" | "sequence" | "function", schema: string],
  owner: string,
  privileges: readonly string[],
  place: Place,
) {
  const inputs = { role, database: DATABASE, schema, owner, objectType, privileges };
  return row("postgresql:index/defaultPrivileges:DefaultPrivileges", name, inputs, place);
}

/** An extension, in a schema of the project's database. */
export function extensionRow(name: string, extension: string, schema: string, place: Place) {
  return row(
    "postgresql:index/extension:Extension",
    name,
    { name: extension, database: DATABASE, schema },
    place,
  );
}
