/** What a role may do with a schema itself or with the tables in it. */
export type SchemaRight = "use" | "create" | "read" | "write" | "own";

/** Which right a privilege gives, by the kind of object that it is granted on; `ALL` gives every one of the kind. */
const RIGHT_BY_PRIVILEGE: Readonly<Record<string, Readonly<Record<string, SchemaRight>>>> = {
  schema: { USAGE: "use", CREATE: "create" },
  table: { SELECT: "read", INSERT: "write", UPDATE: "write", DELETE: "write", TRUNCATE: "write" },
  column: { SELECT: "read", INSERT: "write", UPDATE: "write" },
};

/** The rights that privileges on a kind of object give; a kind or privilege that says nothing here gives none. */
export function schemaRights(objectType: string, privileges: readonly string[]): SchemaRight[] {
  const known = RIGHT_BY_PRIVILEGE[objectType] ?? {};
  const names = privileges.map((privilege) => privilege.toUpperCase());
  const rights = names.includes("ALL") ? Object.values(known) : names.map((name) => known[name]);
  return [...new Set(rights.filter((right) => right !== undefined))];
}
