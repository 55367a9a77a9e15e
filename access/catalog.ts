import type { Client } from "pg";
import type { Found, FoundCell } from "./cells";
import { PUBLIC } from "./facts";
import { NO_SCHEMA } from "./matrix";

/** Roles by name; `PUBLIC` has the number that Postgres's own functions take for it. */
const ROLES = `
  roles AS (
    SELECT name, CASE name WHEN '${PUBLIC}' THEN 0::oid ELSE r.oid END AS oid
    FROM unnest($1::text[]) AS name LEFT JOIN pg_roles r ON r.rolname = name
    WHERE name = '${PUBLIC}' OR r.oid IS NOT NULL)`;

/** Rights on schemas and on what stands in them, a {@link SchemaRow} each. Tables of extensions are the extension's business;
 * what an owner has taken from itself it can give itself again. */
const SCHEMAS = `
  WITH ${ROLES},
  schemas AS (
    SELECT oid, nspname AS name, nspowner AS owner FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
  tables AS (
    SELECT c.oid, c.relnamespace, c.relowner AS owner FROM pg_class c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace IN (SELECT oid FROM schemas) AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')),
  shares AS (
    SELECT r.name AS role, relnamespace, count(*)::int AS tables,
      count(*) FILTER (WHERE owns OR has_table_privilege(r.oid, t.oid, 'SELECT'))::int AS readable,
      count(*) FILTER (WHERE owns OR has_any_column_privilege(r.oid, t.oid, 'SELECT'))::int AS "partlyReadable",
      count(*) FILTER (WHERE owns OR has_table_privilege(r.oid, t.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
        OR has_any_column_privilege(r.oid, t.oid, 'INSERT, UPDATE'))::int AS writable,
      count(*) FILTER (WHERE owns)::int AS owned
    FROM roles r CROSS JOIN tables t,
      LATERAL (SELECT r.oid <> 0 AND pg_has_role(r.oid, owner, 'USAGE')) o(owns) GROUP BY 1, 2),
  later AS (
    SELECT d.defaclrole, d.defaclnamespace, a.grantee, a.privilege_type AS privilege
    FROM pg_default_acl d, aclexplode(d.defaclacl) a WHERE d.defaclobjtype = 'r' AND a.grantee <> d.defaclrole)
  SELECT r.name AS role, s.name AS place,
    has_schema_privilege(r.oid, s.oid, 'USAGE') AS use,
    has_schema_privilege(r.oid, s.oid, 'CREATE') AS create,
    r.oid <> 0 AND pg_has_role(r.oid, s.owner, 'USAGE') AS drop,
    coalesce(tables, 0) AS tables, coalesce(readable, 0) AS readable,
    coalesce("partlyReadable", 0) AS "partlyReadable", coalesce(writable, 0) AS writable,
    coalesce(owned, 0) AS owned, l.*
  FROM roles r CROSS JOIN schemas s
  LEFT JOIN shares ON shares.role = r.name AND shares.relnamespace = s.oid
  CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(privilege = 'SELECT'), false) AS "readsLater",
      coalesce(bool_or(privilege IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')), false) AS "writesLater"
    FROM later
    WHERE (defaclnamespace = s.oid OR (defaclnamespace = 0 AND has_schema_privilege(defaclrole, s.oid, 'CREATE')))
      AND (grantee = 0 OR (r.oid <> 0 AND pg_has_role(r.oid, grantee, 'USAGE')))) l`;

/** Rights of each role on the server and in the database, a {@link RoleRow} each. */
const SERVER = `
  WITH ${ROLES}
  SELECT r.name AS role,
    has_database_privilege(r.oid, current_database(), 'CONNECT') AS connect,
    has_database_privilege(r.oid, current_database(), 'CREATE') AS "create schemas",
    has_database_privilege(r.oid, current_database(), 'TEMPORARY') AS "temporary tables",
    coalesce(rolcanlogin, false) AS "log in", coalesce(rolsuper, false) AS superuser,
    coalesce(rolcreaterole, false) AS "create roles", coalesce(rolcreatedb, false) AS "create databases",
    coalesce(rolreplication, false) AS replication, coalesce(rolbypassrls, false) AS "bypass row security"
  FROM roles r LEFT JOIN pg_roles p ON p.oid = r.oid`;

/** What each role is to every other one, a {@link RoleRow} each. */
const MEMBERSHIPS = `
  WITH ${ROLES}
  SELECT r.name AS role, p.rolname AS place,
    pg_has_role(r.oid, p.oid, 'MEMBER') AS "act as",
    pg_has_role(r.oid, p.oid, 'MEMBER WITH ADMIN OPTION') AS administer
  FROM roles r JOIN pg_roles p ON p.oid <> r.oid WHERE r.oid <> 0`;

/** A role's rights on a schema: yes or no on the schema itself, and on how many of its tables. */
interface SchemaRow {
  readonly role: string;
  readonly place: string;
  readonly use: boolean;
  readonly create: boolean;
  readonly drop: boolean;
  readonly tables: number;
  readonly readable: number;
  readonly partlyReadable: number;
  readonly writable: number;
  readonly owned: number;
  readonly readsLater: boolean;
  readonly writesLater: boolean;
}

/** A role's rights elsewhere, by name; `place` is the other role where they are about one. */
interface RoleRow {
  readonly role: string;
  readonly place?: string;
  readonly [right: string]: unknown;
}

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
