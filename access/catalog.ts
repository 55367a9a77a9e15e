import type { Client } from "pg";
import { MEMBERSHIPS, type RoleRow, SCHEMAS, type SchemaRow, SERVER } from "./catalog-query";
import type { Found, FoundCell } from "./cells";
import { NO_SCHEMA } from "./matrix";

const yesOrNo = (is: boolean): Found => (is ? "yes" : "no");

/** All of the tables, some, none; of no tables nothing can be told, but what default privileges will give. */
function share(tables: number, all: number, some: number, later: boolean): Found {
  if (tables === 0) return later ? "yes" : "untold";
  if (all === tables) return "yes";
  return some > 0 || later ? "partly" : "no";
}

function cellsOf(row: SchemaRow): FoundCell[] {
  const { role, place, use, tables, readable, partlyReadable, writable, owned } = row;
  // Tables in a schema that the role may not enter are out of its reach.
  const within = (found: Found): Found => (use ? found : "no");
  return [
    { role, place, right: "use", found: yesOrNo(use) },
    { role, place, right: "create", found: yesOrNo(row.create) },
    { role, place, right: "drop", found: yesOrNo(row.drop) },
    { role, place, right: "read", found: within(share(tables, readable, partlyReadable, row.readsLater)) },
    { role, place, right: "write", found: within(share(tables, writable, writable, row.writesLater)) },
    { role, place, right: "own", found: share(tables, owned, owned, false) },
  ];
}

const SERVER_RIGHTS = [
  ...(["connect", "log in", "superuser", "create roles", "create databases"] as const),
  ...(["replication", "bypass row security", "create schemas", "temporary tables"] as const),
];

/**
 * What the catalog, by the functions with which the server itself decides, lets roles do: on every schema of the
 * database, on the database itself, as other roles. Roles that do not exist have no cells.
 */
export async function catalogCells(client: Client, roles: readonly string[]): Promise<FoundCell[]> {
  const names = [...roles];
  const schemas = await client.query<SchemaRow>(SCHEMAS, [names]);
  const server = await client.query<RoleRow>(SERVER, [names]);
  const memberships = await client.query<RoleRow>(MEMBERSHIPS, [names]);
  return [
    ...schemas.rows.flatMap(cellsOf),
    ...server.rows.flatMap((row) =>
      SERVER_RIGHTS.map((right) => ({
        role: row.role,
        place: NO_SCHEMA,
        right,
        found: yesOrNo(row[right] === true),
      })),
    ),
    ...memberships.rows.flatMap((row) =>
      (["act as", "administer"] as const).map((right) => ({
        role: row.role,
        place: row.place ?? NO_SCHEMA,
        right,
        found: yesOrNo(row[right] === true),
      })),
    ),
  ];
}
