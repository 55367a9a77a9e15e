import type { Client } from "pg";
import { ADMIN, DATABASE_OWNER, DEV_ADMIN, rolesOf } from "../../infra/names";
import { lastDayBefore } from "../../infra/people/end";
import { FLAGS, type FoundMembership, optionsText, type RoleOnServer } from "./attributes";
import { type DeclaredRole, keyOf, type MembershipOptions } from "./declared";
import { ephemeralAttributes, ephemeralMembership, ephemeralVisitorAttributes } from "./ephemeral";
import { BY_UP, byHand, type CatalogFinding, NOT_THERE, quoted, SERVER } from "./finding";
import { roleSql, type Server } from "./server";

const ROLES = `
  SELECT ${roleSql("r.oid")} AS name, rolsuper AS superuser, rolinherit AS inherit, rolcreaterole AS "createRole",
    rolcreatedb AS "createDatabase", rolcanlogin AS login, rolreplication AS replication,
    rolbypassrls AS "bypassRowLevelSecurity", rolconnlimit AS "connectionLimit",
    CASE WHEN isfinite(rolvaliduntil)
      THEN to_char(rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || '+00' ELSE 'infinity' END AS "validUntil",
    coalesce(rolvaliduntil <= now(), false) AS "isOver",
    ARRAY(SELECT ${roleSql("roleid")} FROM pg_catalog.pg_auth_members WHERE member = r.oid) AS "memberOf"
  FROM pg_catalog.pg_roles r`;

/** Nobody gives or takes an attribute that he has not himself, and a deployer has none of these. */
const OF_MASTER = ["NOSUPERUSER", "NOCREATEDB", "NOREPLICATION", "NOBYPASSRLS"];

/** Attributes of declared roles, and roles that nobody declares. */
export async function roleFindings(client: Client, server: Server): Promise<CatalogFinding[]> {
  const { roles, own, isWhole } = server.declared;
  const { rows } = await client.query<RoleOnServer>(ROLES);
  const present = new Set(rows.map(({ name }) => name));
  const absent = [...roles.keys()].filter((name) => !present.has(name));
  return [
    ...absent.map((who) => ({ who, what: NOT_THERE, where: SERVER, mend: BY_UP })),
    ...rows.flatMap((found) => {
      const declared = roles.get(found.name);
      if (declared !== undefined) return attributes(server, found, declared);
      const visitor = isWhole ? server.ephemeralVisitorOf(found.name) : undefined;
      if (visitor !== undefined) return ephemeralVisitorAttributes(found);
      const ephemeral = isWhole ? server.ephemeralOf(found.name) : undefined;
      if (ephemeral !== undefined) return ephemeralAttributes(found, ephemeral);
      const isKnown =
        server.isOfServer(found.name) ||
        found.name === server.master ||
        (server.stackOfRole(found.name) !== undefined && !own.has(found.name)) ||
        (!isWhole && [ADMIN, DEV_ADMIN, DATABASE_OWNER].includes(found.name));
      const drop = byHand(`DROP ROLE ${quoted(found.name)};`);
      return isKnown ? [] : [{ who: found.name, what: "nobody declares it", where: SERVER, mend: drop }];
    }),
  ];
}

function attributes(server: Server, found: RoleOnServer, { inputs }: DeclaredRole): CatalogFinding[] {
  const who = found.name;
  const wrong: (readonly [what: string, words: string])[] = [];
  for (const [key, [word, unset]] of Object.entries(FLAGS)) {
    const is = found[key as keyof typeof FLAGS];
    if (is !== (inputs[key] ?? unset)) wrong.push([is ? word : `NO${word}`, is ? `NO${word}` : word]);
  }
  const limit = Number(inputs.connectionLimit ?? -1);
  const { connectionLimit } = found;
  if (connectionLimit !== limit)
    wrong.push([`CONNECTION LIMIT ${connectionLimit}`, `CONNECTION LIMIT ${limit}`]);
  const end = String(inputs.validUntil ?? "infinity");
  const { validUntil, isOver } = found;
  if (validUntil !== end)
    wrong.push([`VALID UNTIL${end === "infinity" ? "" : ` ${validUntil}`}`, `VALID UNTIL '${end}'`]);
  const over = isOver && validUntil === end ? [overFinding(server, who, validUntil)] : [];
  const findings = wrong.map(([what, words]) => {
    const statement = `ALTER ROLE ${quoted(who)} ${words}`;
    const mend = OF_MASTER.includes(words)
      ? byHand(`${statement}; -- as the master`)
      : server.mendAt(who, statement);
    return { who, what, where: SERVER, mend };
  });
  return [...findings, ...over];
}

/** A person or a tool whose end has passed: the role stays until its line goes. */
function overFinding({ declared: { part } }: Server, who: string, end: string): CatalogFinding {
  const { kind, name } = part.visitors.find(({ names }) => names.login === who)?.names ?? {};
  const mend = byHand(`take ${kind}.${name} out of Pulumi.${part.stack}.yaml, and deploy`);
  return { who, what: `is over since ${lastDayBefore(end)}`, where: SERVER, mend };
}

const MEMBERSHIPS = `
  SELECT ${roleSql("roleid")} AS role, ${roleSql("member")} AS member, ${roleSql("grantor")} AS grantor,
    grantor = 10 AS "isOfServer", admin_option AS admin, inherit_option AS inherit, set_option AS set
  FROM pg_catalog.pg_auth_members`;

const withOptions = ({ admin, inherit, set }: MembershipOptions): string =>
  `WITH ADMIN ${admin}, INHERIT ${inherit}, SET ${set}`.toUpperCase();

/** Who is a member of what, of every role of the stack and in every role of it. */
export async function membershipFindings(client: Client, server: Server): Promise<CatalogFinding[]> {
  const { declared, master, stackOfRole } = server;
  const { rows } = await client.query<FoundMembership>(MEMBERSHIPS);
  const { own, part } = declared;
  const isOurs = ({
    role,
    member,
    admin,
    inherit,
    set,
    isOfServer: isByServer,
  }: FoundMembership): boolean => {
    // A stack's deployer administers its roles, whoever made it so: the master, of what it hands over.
    if (member === part.deployer && admin && own.has(role)) {
      return declared.memberships.has(keyOf(role, member));
    }
    // Whoever makes a role may administer it: Postgres's own doing. Nobody else shall have made one of the stack's.
    if (isByServer && admin && !inherit && !set)
      return own.has(role) && member !== part.deployer && member !== master;
    // What the dev admin is in what it has made is for the stacks that it deploys.
    return own.has(role) || (own.has(member) && (member !== DEV_ADMIN || stackOfRole(role) === undefined));
  };
  const found = rows.filter(isOurs);
  const present = new Set(rows.map(({ role, member }) => keyOf(role, member)));
  const missing = [...declared.memberships.keys()]
    .filter((key) => !present.has(key))
    .map((key) => JSON.parse(key) as [role: string, member: string]);
  const administered = new Set(
    rows.filter(({ member, admin }) => member === part.deployer && admin).map(({ role }) => role),
  );
  const ofDeployer = part.visitors.filter(({ settings }) => !settings.iam).map(({ names }) => names.login);
  const lost = [...part.apps.flatMap(rolesOf), ...ofDeployer]
    .filter((role) => declared.roles.has(role) && !administered.has(role))
    .map((role) => {
      const statement = `GRANT ${quoted(role)} TO ${quoted(part.deployer)} WITH ADMIN OPTION; -- as the master`;
      return { who: part.deployer, what: "does not administer it", where: role, mend: byHand(statement) };
    });
  return [
    ...(declared.isWhole ? rows.flatMap((one) => ephemeralMembership(server, one)) : []),
    ...lost,
    ...missing.map(([where, who]) => ({ who, what: "is no member", where, mend: BY_UP })),
    ...found.flatMap((one) => {
      const { role, member, grantor } = one;
      const wanted = declared.memberships.get(keyOf(role, member));
      const [whose, whom] = [quoted(role), quoted(member)];
      if (wanted !== undefined && optionsText(wanted) === optionsText(one)) return [];
      const statement =
        wanted === undefined
          ? `REVOKE ${whose} FROM ${whom} CASCADE`
          : `GRANT ${whose} TO ${whom} ${withOptions(wanted)}`;
      const mend = server.mendAt(role, statement, grantor);
      return [{ who: member, what: optionsText(one), where: role, mend }];
    }),
  ];
}
