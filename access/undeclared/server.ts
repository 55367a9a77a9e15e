import type { Client } from "pg";
import { ADMIN, DATABASE, DATABASE_OWNER, isLasting, rolesOf } from "../../infra/names";
import { PUBLIC } from "../facts";
import {
  type DeclaredServer,
  type EnvironmentApp,
  meaningOf,
  type VisitorMeaning,
  visitorMeaningOf,
} from "./declared";
import { byHand, type Mend, quoted } from "./finding";

/** Name of a role by its number; PUBLIC has none, and a role that took its name is told from it. */
export const roleSql = (oid: string): string =>
  `CASE ${oid} WHEN 0 THEN '${PUBLIC}' ELSE (SELECT CASE rolname WHEN '${PUBLIC}' THEN '"${PUBLIC}"' ELSE rolname::text END
     FROM pg_catalog.pg_roles role WHERE role.oid = ${oid}) END`;

/** Schemas that are Postgres's own, and what sessions keep in theirs. */
export const SYSTEM_SCHEMAS = `nspname ~ '^pg_' OR nspname = 'information_schema'`;

/** A schema on the server. */
export interface SchemaOnServer {
  readonly name: string;
  readonly owner: string;
}

/** Whose what is, besides what is declared. */
export interface Server {
  readonly declared: DeclaredServer;
  readonly schemas: readonly SchemaOnServer[];
  /** The instance's master user, who made the database's owner. */
  readonly master: string | undefined;
  /** Whether a role is Postgres's own, RDS's or the local platform's, which no stack declares. */
  isOfServer(role: string): boolean;
  /** Whose extensions are as they shall be: prod's deployer's, the master's, a superuser's. */
  readonly ownersOfExtensions: readonly string[];
  /** The stack that a role belongs to: this one, or another one whose schema is there. */
  stackOfRole(role: string): string | undefined;
  /** What an ephemeral environment has whose role it is by its name and its schema's; undefined for every other role. */
  ephemeralOf(role: string): EnvironmentApp | undefined;
  /** The ephemeral environment whose person or tool it is by its name; undefined for every other role. */
  ephemeralVisitorOf(role: string): string | undefined;
  /** How something is mended that only whoever deploys the role's stack may change. */
  mendAt(role: string, statement: string, as?: string): Mend;
}

/** Reads what says whose the rest is. */
export async function readServer(client: Client, declared: DeclaredServer): Promise<Server> {
  const { part, own } = declared;
  const { rows: schemas } = await client.query<SchemaOnServer>(
    `SELECT nspname::text AS name, ${roleSql("nspowner")} AS owner FROM pg_catalog.pg_namespace
     WHERE NOT (${SYSTEM_SCHEMAS}) ORDER BY 1`,
  );
  // 10 is the server's first superuser: it gives whoever makes a role the right to administer it.
  const { rows: masters } = await client.query<{ name: string }>(
    `SELECT ${roleSql("member")} AS name FROM pg_catalog.pg_auth_members JOIN pg_catalog.pg_roles r ON r.oid = roleid
     WHERE r.rolname = $1 AND grantor = 10 AND admin_option`,
    [DATABASE_OWNER],
  );
  // What is younger than the database's owner is somebody's disguise, unless nobody younger has got anything of it.
  const { rows: ofServer } = await client.query<{ name: string }>(
    `WITH old AS (SELECT oid FROM pg_catalog.pg_roles
       WHERE rolsuper OR oid < (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $1))
     SELECT rolname::text AS name FROM pg_catalog.pg_roles r WHERE rolname ~ '^pg_' OR (rolname ~ '^rds'
       AND (oid IN (SELECT oid FROM old) OR (NOT rolcanlogin AND NOT EXISTS (
         SELECT FROM pg_catalog.pg_auth_members WHERE roleid = r.oid AND member NOT IN (SELECT oid FROM old)))))`,
    [DATABASE_OWNER],
  );
  const { rows: superusers } = await client.query<{ name: string }>(
    `SELECT ${roleSql("r.oid")} AS name FROM pg_catalog.pg_roles r WHERE rolsuper`,
  );
  const serverRoles = new Set([...ofServer.map(({ name }) => name), ...part.platformRoles]);
  const others = new Map<string, EnvironmentApp>();
  for (const { name } of schemas) {
    const meaning = meaningOf(part, name);
    if (meaning === undefined || meaning.stack === part.stack) continue;
    for (const role of rolesOf(meaning.names)) others.set(role, meaning);
  }
  const ephemeral = [...others.values()].map(({ environment }) => environment);
  const visitorOf = (role: string): VisitorMeaning | undefined => {
    const meaning = own.has(role) ? undefined : visitorMeaningOf(part, role, ephemeral);
    return meaning?.stack === part.stack ? undefined : meaning;
  };
  const stackOfRole = (role: string) =>
    own.has(role) ? part.stack : (others.get(role)?.stack ?? visitorOf(role)?.stack);
  // Whoever logs in by IAM is the master's.
  const visitors = part.visitors.filter(({ settings }) => !settings.iam).map(({ names }) => names.login);
  const appRoles = new Set([...part.apps.flatMap(rolesOf), ...visitors]);
  return {
    declared,
    schemas,
    master: masters[0]?.name,
    isOfServer: (role) => serverRoles.has(role),
    ownersOfExtensions: [ADMIN, ...[...masters, ...superusers].map(({ name }) => name)],
    stackOfRole,
    ephemeralOf: (role) => {
      const app = own.has(role) ? undefined : others.get(role);
      return app === undefined || isLasting(app.stack) ? undefined : app;
    },
    ephemeralVisitorOf: (role) => {
      const visitor = visitorOf(role);
      return visitor === undefined || isLasting(visitor.stack) ? undefined : visitor.environment;
    },
    mendAt: (role, statement, as) => {
      if (appRoles.has(role) || role === part.deployer) {
        if (as === undefined || as === part.deployer) return { by: "repair", statement };
        return appRoles.has(as)
          ? { by: "repair", statement, as }
          : byHand(`${statement}; -- as ${quoted(as)}`);
      }
      const stack = stackOfRole(role);
      return stack === undefined || own.has(role)
        ? byHand(`${statement}; -- as the master`)
        : byHand(`npm run ops -- repair ${stack}`);
    },
  };
}

/** The database as a place. */
export const THE_DATABASE = `database ${DATABASE}`;
