import type { Client } from "pg";
import { type AppNames, rolesOf } from "../../infra/names";

/** A role that logs in, and for which schemas. */
export interface Login {
  readonly login: string;
  readonly schemas: readonly string[];
  /** Connections that it may hold at once; null where the server sets no limit. */
  readonly limit: number | null;
}

/** Who logs in for a stack's apps, and the roles that its deployer may act for while it looks. */
export interface Roles {
  /** Of every app of the stack. */
  readonly logins: readonly Login[];
  /** Quoted; of what is looked at alone. */
  readonly lendable: readonly string[];
  /** Logins of what is looked at that somebody else made. */
  readonly strange: readonly string[];
}

interface FoundRole extends Login {
  readonly canLogIn: boolean;
  readonly isLendable: boolean;
  readonly quoted: string;
}

/** The deployers, which are members of the database's owner, are members of what they make, and no login of an app. */
const ROLES = `
  WITH own AS (
    SELECT schema, r.oid FROM unnest($1::text[], $2::text[]) AS of(schema, role) JOIN pg_roles r ON r.rolname = role),
  reached AS (
    SELECT schema, oid FROM own
    UNION SELECT schema, member FROM own JOIN pg_auth_members m ON roleid = own.oid AND (inherit_option OR set_option))
  SELECT rolname AS login, rolcanlogin AS "canLogIn", array_agg(DISTINCT schema ORDER BY schema) AS schemas,
    nullif(rolconnlimit, -1) AS limit, quote_ident(rolname) AS quoted,
    pg_has_role(CURRENT_USER, r.oid, 'MEMBER WITH ADMIN OPTION') AS "isLendable"
  FROM reached JOIN pg_roles r USING (oid)
  WHERE NOT EXISTS (SELECT FROM pg_auth_members d WHERE d.member = r.oid AND d.roleid = (
    SELECT datdba FROM pg_database WHERE datname = current_database()))
  GROUP BY r.oid, rolname, rolcanlogin, rolconnlimit ORDER BY rolname`;

/** Logins of apps: those that are declared, and every other one that is a member of an app's owner or reader. */
export async function readRoles(
  client: Client,
  { apps, ofStack }: { readonly apps: readonly AppNames[]; readonly ofStack: readonly AppNames[] },
): Promise<Roles> {
  const pairs = [...apps, ...ofStack].flatMap((names) =>
    rolesOf(names).map((role) => [names.schema, role] as const),
  );
  const { rows } = await client.query<FoundRole>(ROLES, [
    pairs.map(([schema]) => schema),
    pairs.map(([, role]) => role),
  ]);
  const lookedAt = apps.map(({ schema }) => schema);
  const own = rows.filter(({ schemas }) => schemas.some((schema) => lookedAt.includes(schema)));
  const logins = rows.filter(({ canLogIn }) => canLogIn);
  return {
    logins: logins.map(({ login, schemas, limit }) => ({ login, schemas, limit })),
    lendable: own.filter(({ isLendable }) => isLendable).map(({ quoted }) => quoted),
    strange: own.filter(({ canLogIn, isLendable }) => canLogIn && !isLendable).map(({ login }) => login),
  };
}
