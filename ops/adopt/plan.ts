import { escapeIdentifier as quoted } from "pg";
import { CONNECT_ROLE, EXTENSIONS_SCHEMA } from "../../infra/names";
import type { DeclaredSchema } from "../app/declared-schemas";
import { alterWordOf } from "../app/schema-objects";
import type { Declared } from "./declared";
import { type FoundPair, foundPairs, loginsOf, pendingOf, type Survey } from "./survey";

/** What an adoption does next. */
export interface AdoptionPlan {
  /** `bridge`: before the first deploy; `hand over`: after it; `nothing`: all is as declared. */
  readonly phase: "bridge" | "hand over" | "nothing";
  /** Statements of one transaction. */
  readonly sql: readonly string[];
  /** Before the first deploy: what the second run will hand over, from what is there now. */
  readonly later: readonly string[];
  /** What stands in the way; nothing is run then. */
  readonly problems: readonly string[];
}

/** Statements by which a declared schema and what is in it get their declared owners. */
function handOver({ declared, found }: FoundPair, survey: Survey, logins: readonly string[]): string[] {
  const { owner, schema } = declared.names;
  const sql: string[] = [];
  if (found.owner !== survey.admin)
    sql.push(`ALTER SCHEMA ${quoted(schema)} OWNER TO ${quoted(survey.admin)}`);
  for (const object of found.objects) {
    if (object.owner !== owner)
      sql.push(`ALTER ${alterWordOf(object.kind)} ${object.identity} OWNER TO ${quoted(owner)}`);
  }
  const grants = survey.grants.filter((grant) => grant.schema === schema && !grant.on.startsWith("future"));
  for (const grantee of new Set(grants.map((grant) => grant.grantee))) {
    const kinds = grants.filter((grant) => grant.grantee === grantee).map(({ on }) => on);
    // Logins get everything through the owner; a right of their own would outlive a change of hands.
    if (logins.includes(grantee)) {
      for (const kind of kinds) sql.push(`REVOKE ALL ON ${targetOf(kind, schema)} FROM ${quoted(grantee)}`);
    } else if (grantee === "public" && kinds.includes("schema")) {
      sql.push(`REVOKE ALL ON SCHEMA ${quoted(schema)} FROM PUBLIC`);
    }
  }
  return sql;
}

function targetOf(kind: string, schema: string): string {
  return kind === "schema"
    ? `SCHEMA ${quoted(schema)}`
    : `ALL ${kind.toUpperCase()}S IN SCHEMA ${quoted(schema)}`;
}

/** Keeps a login that exists working while the stacks are deployed: as itself, and let in by a grant of its own. */
function bridge(survey: Survey, logins: readonly string[]): string[] {
  return survey.roles
    .filter(({ name }) => logins.includes(name))
    .flatMap((role) => [
      ...(role.actsAsItself || role.memberOf.includes(CONNECT_ROLE)
        ? []
        : [`ALTER ROLE ${quoted(role.name)} IN DATABASE ${quoted(survey.database)} SET role TO none`]),
      ...(role.connects || role.memberOf.includes(CONNECT_ROLE)
        ? []
        : [`GRANT CONNECT ON DATABASE ${quoted(survey.database)} TO ${quoted(role.name)}`]),
    ]);
}

function unbridge(survey: Survey, logins: readonly string[]): string[] {
  return survey.roles
    .filter(({ name }) => logins.includes(name))
    .flatMap((role) => [
      ...(role.actsAsItself
        ? [`ALTER ROLE ${quoted(role.name)} IN DATABASE ${quoted(survey.database)} RESET role`]
        : []),
      ...(role.connects
        ? [`REVOKE CONNECT ON DATABASE ${quoted(survey.database)} FROM ${quoted(role.name)}`]
        : []),
    ]);
}

/** Roles that the admin must act as: those that own now, and those that shall. */
function actorsOf(pairs: readonly FoundPair[], survey: Survey): string[] {
  const actors = pairs.flatMap(({ declared, found }) => [
    found.owner,
    ...found.objects.map(({ owner }) => owner),
    declared.names.owner,
  ]);
  return [...new Set(actors)].filter((name) => name !== survey.admin).sort();
}

/** Plans the next step from what is declared and what is there. The same twice: nothing the second time. */
export function planAdoption(declared: Declared, survey: Survey): AdoptionPlan {
  const pairs = foundPairs(declared, survey);
  const logins = loginsOf(declared, survey);
  const pending = pendingOf(declared, survey);
  const isBefore = pending.length > 0;
  const handOvers = pairs.map((pair) => ({ pair, sql: handOver(pair, survey, logins) }));
  const changes = handOvers.flatMap(({ sql }) => sql);
  const changing = handOvers.filter(({ sql }) => sql.length > 0).map(({ pair }) => pair);
  const rest = isBefore ? bridge(survey, logins) : unbridge(survey, logins);
  const isThere = (name: string): boolean => survey.roles.some((role) => role.name === name);
  // What would stop the hand-over is better known before the deploy.
  const actors = isBefore
    ? [...new Set([...logins, ...actorsOf(changing, survey).filter(isThere)])]
    : changes.length > 0
      ? actorsOf(changing, survey)
      : logins.filter((name) => rest.some((sql) => sql.includes(quoted(name))));
  const problems = problemsOf(pending, survey, actors);
  const work = isBefore ? rest : [...changes, ...rest];
  const later = isBefore ? changes : [];
  if (work.length === 0) return { phase: isBefore ? "bridge" : "nothing", sql: [], later, problems };
  const isActive = (name: string): boolean =>
    survey.roles.some((role) => role.name === name && role.isActive);
  const lend = isBefore || changes.length === 0 ? [] : actors.filter((name) => !isActive(name));
  return {
    phase: isBefore ? "bridge" : "hand over",
    sql: [
      ...lend.map((role) => `GRANT ${quoted(role)} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE`),
      ...work,
      ...lend.map((role) => `REVOKE ${quoted(role)} FROM CURRENT_USER GRANTED BY CURRENT_USER`),
    ],
    later,
    problems,
  };
}

/**
 * What stands in the way of an adoption.
 * @param pending declared schemas whose stack has still to be deployed
 * @param actors roles that the admin must act as
 */
function problemsOf(pending: readonly DeclaredSchema[], survey: Survey, actors: readonly string[]): string[] {
  const problems = survey.ownsDatabase
    ? []
    : [`${survey.admin} does not own the database ${survey.database}: log in as the instance's master user`];
  for (const name of actors) {
    const role = survey.roles.find((found) => found.name === name);
    if (role === undefined || role.superuser || !role.isOurs) {
      problems.push(
        `${survey.admin} may not act as ${name}: have a superuser (on RDS, rds_superuser) run GRANT ${quoted(name)} TO ${quoted(survey.admin)} WITH ADMIN OPTION`,
      );
    }
    if (role?.memberOf.includes(survey.admin))
      problems.push(`${name} is a member of ${survey.admin}: take that away first`);
  }
  for (const { stack, names } of pending) {
    for (const name of [names.reader, names.secondLogin]) {
      if (!survey.roles.some((role) => role.name === name)) continue;
      problems.push(`the role ${name} exists, and stack ${stack} would make it: rename or drop it`);
    }
  }
  if (
    pending.length > 0 &&
    survey.schemas.some(({ name, owner }) => name === EXTENSIONS_SCHEMA && owner !== survey.admin)
  ) {
    problems.push(`the schema ${EXTENSIONS_SCHEMA} is not ${survey.admin}'s: hand it over first`);
  }
  return problems;
}
