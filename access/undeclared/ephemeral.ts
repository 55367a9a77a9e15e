import type { Client } from "pg";
import { type AppNames, DEV_ADMIN, LASTING_STACKS } from "../../infra/names";
import { FLAGS, type FoundMembership, optionsText, type RoleOnServer } from "./attributes";
import { declaredServer, type EnvironmentApp, meaningOf, type ServerPart } from "./declared";
import { byHand, type CatalogFinding, quoted, SERVER } from "./finding";
import { readServer, type Server } from "./server";

/** Attributes that no role of an app has, in whatever environment. */
const NEVER = ["superuser", "createRole", "createDatabase", "replication", "bypassRowLevelSecurity"] as const;

/**
 * What no role of an ephemeral environment has, whatever its stack declares: the stack's file may be in another checkout,
 * and the environment may be made up by whoever has the dev admin's password.
 */
export function ephemeralAttributes(found: RoleOnServer, { names }: EnvironmentApp): CatalogFinding[] {
  const who = found.name;
  const isLogin = groupsOfLogin(names, who) !== undefined;
  const wrong = [
    ...NEVER.filter((key) => found[key]),
    ...(found.login && !isLogin ? (["login"] as const) : []),
    // One that existed before inherits its owner, and one beside a login for migrations its runtime.
    ...(found.login &&
    found.inherit &&
    isLogin &&
    ![names.owner, names.runtime].some((one) => found.memberOf.includes(one))
      ? (["inherit"] as const)
      : []),
  ];
  return wrong.map((key) => {
    const [word] = FLAGS[key];
    const mend = byHand(`ALTER ROLE ${quoted(who)} NO${word}; -- as ${DEV_ADMIN}`);
    return { who, what: word, where: SERVER, mend };
  });
}

/** What a login of an app may be a member of; undefined for a role that is none. */
function groupsOfLogin(names: AppNames, role: string): string[] | undefined {
  if (role === names.login || role === names.secondLogin) return [names.owner, names.runtime];
  return role === names.migrator || role === names.secondMigrator ? [names.owner] : undefined;
}

/** The same of a person or a tool there, which logs in and inherits what it reads. */
export function ephemeralVisitorAttributes(found: RoleOnServer): CatalogFinding[] {
  return NEVER.filter((key) => found[key]).map((key) => {
    const [word] = FLAGS[key];
    const mend = byHand(`ALTER ROLE ${quoted(found.name)} NO${word}; -- as ${DEV_ADMIN}`);
    return { who: found.name, what: word, where: SERVER, mend };
  });
}

/** A membership in, or of, a role of an ephemeral environment that no stack has declared it for. */
export function ephemeralMembership(server: Server, found: FoundMembership): CatalogFinding[] {
  const { role, member, grantor, isOfServer: isByServer, admin } = found;
  const [app, memberApp] = [server.ephemeralOf(role), server.ephemeralOf(member)];
  const { own } = server.declared;
  // Where a role of the stack itself is concerned, its rows say what is right.
  const visitor = server.ephemeralVisitorOf(member);
  const isVisitors = visitor !== undefined || server.ephemeralVisitorOf(role) !== undefined;
  if ((app === undefined && memberApp === undefined && !isVisitors) || own.has(role) || own.has(member))
    return [];
  // A person or a tool reads what is of its own environment.
  if (app !== undefined && visitor === app.environment && role === app.names.reader && !admin) return [];
  if (visitor === undefined && isVisitors && member === DEV_ADMIN) return [];
  // The dev admin administers what it makes, and lends itself the roles that a deploy needs.
  if (app !== undefined && member === DEV_ADMIN) return [];
  if (app !== undefined && groupsOfLogin(app.names, member)?.includes(role) === true && !admin) return [];
  const [whose, whom] = [quoted(role), quoted(member)];
  const statement = isByServer
    ? `DROP ROLE ${whose}; -- as ${whom}`
    : `REVOKE ${whose} FROM ${whom} CASCADE; -- as ${quoted(grantor)}`;
  return [{ who: member, what: optionsText(found), where: role, mend: byHand(statement) }];
}

/** Ephemeral environments on the server that no stack's file beside this one's knows. */
export async function unknownEnvironments(client: Client, part: ServerPart): Promise<string[]> {
  const { schemas } = await readServer(client, declaredServer(part));
  const known = [part.stack, ...LASTING_STACKS, ...part.otherStacks];
  const found = schemas
    .map(({ name }) => meaningOf(part, name))
    .filter((one) => one !== undefined)
    .filter(({ stack }) => !known.includes(stack));
  return [...new Set(found.map(({ environment }) => environment))].sort();
}
