import { DATABASE } from "./names";

/**
 * Rights are rows. An app's are in app/access.ts, the database's in database/access.ts, each in the one order in which
 * they are declared. The components declare them; the matrix, `verify`, the review and `reset` judge by the same ones.
 */

/** Types of the rows, as the engine names them. */
export type RightsType = `postgresql:index/${
  | "role:Role"
  | "schema:Schema"
  | "grant:Grant"
  | "defaultPrivileges:DefaultPrivileges"
  | "extension:Extension"}`;

/** One role, schema, grant, default privilege or extension. */
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
}

/** What a row is besides its inputs. */
interface Place {
  readonly after?: readonly (string | undefined)[];
  readonly protect?: boolean;
}

function row(
  type: RightsType,
  name: string,
  inputs: RightsRow["inputs"],
  { after = [], protect = false }: Place,
): RightsRow {
  const known = after.filter((one) => one !== undefined);
  const deleteBeforeReplace = type === "postgresql:index/defaultPrivileges:DefaultPrivileges";
  return { type, name, inputs, after: known, protect, deleteBeforeReplace };
}

/** A role; NOLOGIN unless its attributes say otherwise. */
export function roleRow(
  name: string,
  inputs: { readonly name: string } & RightsRow["inputs"],
  place: Place = {},
) {
  return row("postgresql:index/role:Role", name, inputs, place);
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

/** What a grant is on: the database, a schema, or everything of a kind that is in a schema now. */
type Target =
  | readonly [objectType: "database"]
  | readonly [objectType: "schema" | "table" | "sequence", schema: string];

/**
 * A grant. The provider revokes everything first and then grants the list, so an explicit empty list means "revoke all".
 * @see https://www.postgresql.org/docs/17/ddl-priv.html
 */
export function grantRow(
  name: string,
  role: string,
  [objectType, schema]: Target,
  privileges: readonly string[],
  place: Place,
) {
  const where = schema === undefined ? { objectType } : { schema, objectType };
  return row("postgresql:index/grant:Grant", name, { role, database: DATABASE, ...where, privileges }, place);
}

/** What a role gets on each table or sequence that an owner makes in a schema from then on. */
export function defaultPrivilegesRow(
  name: string,
  role: string,
  [objectType, schema]: readonly [objectType: "table" | "sequence", schema: string],
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
