import type { Client } from "pg";
import { millisecondsOf, PLAIN_MILLISECONDS } from "../../access/milliseconds";
import { TIMEOUT_SETTINGS } from "../../infra/timeouts";
import type { DeclaredSchema } from "../app/declared-schemas";
import { ownedObjectsOf, type SchemaObject } from "../app/schema-objects";
import type { Declared } from "./declared";

/** A role, as it is. */
export interface FoundRole {
  readonly name: string;
  readonly login: boolean;
  readonly superuser: boolean;
  readonly createrole: boolean;
  readonly createdb: boolean;
  /** Roles that it is a member of. */
  readonly memberOf: readonly string[];
  /** The same with who made it a member, in that order. */
  readonly memberships: readonly (readonly [group: string, grantor: string])[];
  /** Whether it has the rights of what it is a member of. */
  readonly inherits: boolean;
  /** Roles that may administer it. */
  readonly administrators: readonly string[];
  /** Whether the master may act as it, or may give itself the right to. */
  readonly isOurs: boolean;
  /** Whether the master acts as it already, and so needs to lend itself nothing. */
  readonly isActive: boolean;
  /** Which role its sessions act as by its own setting. */
  readonly assumed: string | null;
  /** The same by its setting in this database, which outranks that. */
  readonly assumedHere: string | null;
  /** Whether it has CONNECT by a grant of its own. */
  readonly connects: boolean;
  /** Its own limits of time that no import can read, by Postgres's names, in the form that one can: plain milliseconds. */
  readonly limits: Readonly<Record<string, string>>;
}

/** Rights in a schema that somebody other than an object's owner holds. */
export interface FoundGrant {
  readonly schema: string;
  /** `public` is everyone. */
  readonly grantee: string;
  /** `schema`, `table`, `sequence`, `routine` or `future table` (default privileges). */
  readonly on: string;
  readonly privileges: string;
  readonly objects: number;
}

/** A schema, as it is. */
export interface FoundSchema {
  readonly name: string;
  readonly owner: string;
  readonly objects: readonly SchemaObject[];
}

/** A database, as it is. */
export interface Survey {
  /** The role that looks, and that adopts: the instance's master user. */
  readonly master: string;
  readonly database: string;
  readonly databaseOwner: string;
  /** What everyone may do with the database: CONNECT, TEMPORARY. */
  readonly publicOnDatabase: readonly string[];
  readonly publicCreates: boolean;
  readonly schemas: readonly FoundSchema[];
  readonly roles: readonly FoundRole[];
  readonly grants: readonly FoundGrant[];
}

const ROLES = `
  SELECT r.rolname AS name, rolcanlogin AS login, rolsuper AS superuser, rolcreaterole AS createrole, rolcreatedb AS createdb,
    rolinherit AS inherits,
    array(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.member WHERE m.roleid = r.oid AND m.admin_option ORDER BY 1) AS administrators,
    array(SELECT DISTINCT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1) AS "memberOf",
    (SELECT coalesce(json_agg(json_build_array(g.rolname, pg_get_userbyid(m.grantor)) ORDER BY g.rolname), '[]')
     FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid) AS memberships,
    pg_has_role(current_user, r.oid, 'USAGE') OR pg_has_role(current_user, r.oid, 'MEMBER WITH ADMIN OPTION') AS "isOurs",
    pg_has_role(current_user, r.oid, 'USAGE') AND pg_has_role(current_user, r.oid, 'SET') AS "isActive",
    (SELECT substr(c, 6) FROM pg_db_role_setting s, unnest(s.setconfig) c WHERE s.setrole = r.oid AND s.setdatabase = 0 AND c LIKE 'role=%') AS assumed,
    (SELECT substr(c, 6) FROM pg_db_role_setting s, unnest(s.setconfig) c WHERE s.setrole = r.oid AND s.setdatabase = d.oid AND c LIKE 'role=%') AS "assumedHere",
    (SELECT coalesce(json_object_agg(split_part(c, '=', 1), split_part(c, '=', 2)), '{}') FROM pg_db_role_setting s, unnest(s.setconfig) c
     WHERE s.setrole = r.oid AND s.setdatabase = 0 AND split_part(c, '=', 1) = ANY($1)) AS limits,
    EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = r.oid AND a.privilege_type = 'CONNECT') AS connects
  FROM pg_roles r, pg_database d WHERE d.datname = current_database() AND r.rolname !~ '^(pg_|rds)' ORDER BY 1`;

const GRANTS = `
  SELECT n.nspname AS schema, coalesce(r.rolname, 'public') AS grantee, what AS "on",
    string_agg(DISTINCT a.privilege_type, ', ') AS privileges, count(DISTINCT g.oid)::int AS objects
  FROM (
    SELECT oid, oid AS place, 'schema' AS what, nspowner AS owner, nspacl AS acl FROM pg_namespace
    UNION ALL SELECT oid, relnamespace, CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, relowner, relacl FROM pg_class
    UNION ALL SELECT oid, pronamespace, 'routine', proowner, proacl FROM pg_proc
    UNION ALL SELECT oid, defaclnamespace, 'future ' || CASE defaclobjtype WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' ELSE 'other' END,
      defaclrole, defaclacl FROM pg_default_acl
  ) g JOIN pg_namespace n ON n.oid = g.place CROSS JOIN LATERAL aclexplode(g.acl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
  WHERE n.nspname = ANY($1) AND a.grantee <> g.owner AND NOT (a.grantee = 0 AND what = 'routine')
    AND NOT (n.nspname = 'public' AND what = 'schema')
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

/** Looks at the whole database; changes nothing. */
export async function surveyDatabase(client: Client): Promise<Survey> {
  const { rows: databases } = await client.query<Omit<Survey, "schemas" | "roles" | "grants">>(
    `SELECT current_user AS master, current_database() AS database, pg_get_userbyid(datdba) AS "databaseOwner",
       array(SELECT privilege_type FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE grantee = 0 ORDER BY 1) AS "publicOnDatabase",
       EXISTS (SELECT FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE')
         AS "publicCreates"
     FROM pg_database WHERE datname = current_database()`,
  );
  const [database] = databases;
  if (database === undefined) throw new Error("the database does not know itself");
  const { rows: names } = await client.query<{ name: string; owner: string }>(
    `SELECT nspname AS name, pg_get_userbyid(nspowner) AS owner FROM pg_namespace
     WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public') ORDER BY 1`,
  );
  const schemas: FoundSchema[] = [];
  for (const { name, owner } of names)
    schemas.push({ name, owner, objects: await ownedObjectsOf(client, name) });
  const roles: FoundRole[] = [];
  for (const role of (await client.query<FoundRole>(ROLES, [Object.values(TIMEOUT_SETTINGS)])).rows)
    roles.push({ ...role, limits: await unreadLimits(client, role) });
  const { rows: grants } = await client.query<FoundGrant>(GRANTS, [
    ["public", ...names.map(({ name }) => name)],
  ]);
  return { ...database, schemas, roles, grants };
}

/** Of a role's limits those that an import cannot read, in the form that it can. */
async function unreadLimits(client: Client, { limits }: FoundRole): Promise<FoundRole["limits"]> {
  const unread = Object.entries(limits).filter(([, value]) => !PLAIN_MILLISECONDS.test(value));
  const plain: [string, string][] = [];
  for (const [name, value] of unread) plain.push([name, String(await millisecondsOf(client, value))]);
  return Object.fromEntries(plain);
}

/** A declared schema that exists. */
export interface FoundPair {
  readonly declared: DeclaredSchema;
  readonly found: FoundSchema;
}

/** The declared schemas that exist. */
export function foundPairs(declared: Declared, survey: Survey): FoundPair[] {
  return declared.schemas.flatMap((one) => {
    const found = survey.schemas.find(({ name }) => name === one.names.schema);
    return found === undefined ? [] : [{ declared: one, found }];
  });
}

/** Declared logins that exist, each once. */
export function loginsOf(declared: Declared, survey: Survey): string[] {
  const names = declared.schemas.flatMap(({ names: { login, secondLogin } }) => [login, secondLogin]);
  return [...new Set(names)].filter((name) => survey.roles.some((role) => role.name === name));
}

/** Whether the stack that declares a schema has been deployed: it makes the owner. */
export function isDeployed({ names }: DeclaredSchema, survey: Survey): boolean {
  return survey.roles.some(({ name }) => name === names.owner);
}

/** Declared schemas of which something exists, and whose stack has still to be deployed. */
export function pendingOf(declared: Declared, survey: Survey): DeclaredSchema[] {
  return declared.schemas.filter((one) => {
    const isThere =
      survey.schemas.some(({ name }) => name === one.names.schema) ||
      survey.roles.some(({ name }) => name === one.names.login);
    return isThere && !isDeployed(one, survey);
  });
}
