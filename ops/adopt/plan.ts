import { escapeIdentifier as quoted } from "pg";
import {
  ADMIN,
  DATABASE_OWNER,
  deployerRoleOf,
  EXTENSIONS_SCHEMA,
  FORMER_CONNECT_ROLE,
  PROD,
  rolesOf,
} from "../../infra/names";
import type { DeclaredSchema } from "../app/declared-schemas";
import { alterWordOf } from "../app/schema-objects";
import type { Declared } from "./declared";
import { lendings } from "./lendings";
import {
  type FoundPair,
  type FoundRole,
  foundPairs,
  isDeployed,
  loginsOf,
  pendingOf,
  type Survey,
} from "./survey";

/** What an adoption does next. */
export interface AdoptionPlan {
  /** Statements of one transaction. */
  readonly sql: readonly string[];
  /** What a later run will do, by the stack that has to be deployed before, from what is there now. */
  readonly later: readonly (readonly [stack: string, sql: string])[];
  /** What stands in the way; nothing is run then. */
  readonly problems: readonly string[];
}

const roleNamed = (survey: Survey, name: string): FoundRole | undefined =>
  survey.roles.find((role) => role.name === name);

/** Whether a statement can be run now; one that cannot waits for the deploy of its stack. */
interface Step {
  readonly sql: string;
  readonly stack: string;
  readonly isDue: boolean;
  /** Roles that the master has to act as for it. */
  readonly actors: readonly string[];
}

/** Roles of an app that existed before, or that the master made when it was the only deployer: their deployer administers them. */
function ofRoles(one: DeclaredSchema, survey: Survey): Step[] {
  const { stack, names } = one;
  const deployer = deployerRoleOf(one.stack);
  const database = quoted(survey.database);
  const steps: Step[] = [];
  const add = (sql: string, ...actors: string[]) => steps.push({ sql, stack, isDue: true, actors });
  // What the logins' rows make them members of.
  const own = [names.owner, names.runtime];
  for (const name of rolesOf(names)) {
    const role = roleNamed(survey, name);
    if (role === undefined) continue;
    const [quotedRole, here] = [quoted(role.name), `IN DATABASE ${database}`];
    if (role.login) {
      if (!role.connects) add(`GRANT CONNECT ON DATABASE ${database} TO ${quotedRole}`, survey.databaseOwner);
      for (const [name, value] of Object.entries(role.limits))
        add(`ALTER ROLE ${quotedRole} SET ${name} TO ${value}`);
      // What a deployer does not have itself, it cannot take away.
      if (role.createrole || role.createdb) add(`ALTER ROLE ${quotedRole} NOCREATEROLE NOCREATEDB`);
      for (const group of role.memberOf.filter((other) => !own.includes(other))) {
        add(`REVOKE ${quoted(group)} FROM ${quotedRole}`);
      }
      // Rotated out: what the hand-over set for it says the same as its own setting.
      if (role.assumed === names.owner && role.assumedHere !== null) {
        add(`ALTER ROLE ${quotedRole} ${here} RESET role`);
      }
    }
    if (roleNamed(survey, deployer) === undefined) continue;
    if (!role.administrators.includes(deployer)) {
      add(`GRANT ${quotedRole} TO ${quoted(deployer)} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
    }
    const others = role.memberships.filter(([group, by]) => group === names.owner && by !== deployer);
    if (role.assumed !== names.owner || others.length === 0) continue;
    // A membership keeps the inheritance that it was given with, and only its giver can take it.
    add(
      `GRANT ${quoted(names.owner)} TO ${quotedRole} WITH INHERIT FALSE GRANTED BY ${quoted(deployer)}`,
      deployer,
    );
    for (const [, by] of others) {
      const grantor = by === survey.master ? "CURRENT_USER" : quoted(by);
      add(`REVOKE ${quoted(names.owner)} FROM ${quotedRole} GRANTED BY ${grantor}`);
    }
  }
  return steps;
}

/** What an earlier version made for the whole database as the master: the admin's from now on, to keep or to drop. */
function ofFormerVersion(survey: Survey): Step[] {
  const steps: Step[] = [];
  const add = (sql: string, ...actors: string[]) => steps.push({ sql, stack: PROD, isDue: true, actors });
  if (roleNamed(survey, ADMIN) === undefined) return [];
  const group = roleNamed(survey, FORMER_CONNECT_ROLE);
  if (group !== undefined && !group.administrators.includes(ADMIN)) {
    add(`GRANT ${quoted(group.name)} TO ${quoted(ADMIN)} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  }
  const extensions = survey.schemas.find(({ name }) => name === EXTENSIONS_SCHEMA);
  if (extensions !== undefined && extensions.owner === survey.master) {
    const sql = `ALTER SCHEMA ${quoted(EXTENSIONS_SCHEMA)} OWNER TO ${quoted(ADMIN)}`;
    add(sql, extensions.owner, ADMIN, survey.databaseOwner);
  }
  return steps;
}

/**
 * Gives a declared schema to its deployer, and what is in it to its owner role. The login that uses it now loses
 * nothing: it is the owner role's member by then.
 */
function handOver({ declared: one, found }: FoundPair, survey: Survey, logins: readonly string[]): Step[] {
  const { stack, names } = one;
  const { owner, schema } = names;
  const login = roleNamed(survey, names.login);
  const deployer = deployerRoleOf(one.stack);
  const isMember = login === undefined || login.memberOf.includes(owner);
  const mayCreate = survey.grants.some(
    (grant) => grant.schema === schema && grant.grantee === owner && /\bCREATE\b/.test(grant.privileges),
  );
  const isReady = isDeployed(one, survey) && isMember && mayCreate;
  // Whose rights come from owning the schema keeps it until they come from the owner role.
  const isHeld = found.owner === login?.name && !isReady;
  const isKnown = roleNamed(survey, deployer) !== undefined;
  const steps: Step[] = [];
  const add = (sql: string, isDue: boolean, ...actors: string[]) => steps.push({ sql, stack, isDue, actors });
  if (found.owner !== deployer) {
    add(
      `ALTER SCHEMA ${quoted(schema)} OWNER TO ${quoted(deployer)}`,
      isKnown && !isHeld,
      ...[found.owner, deployer, survey.databaseOwner],
    );
  }
  for (const object of found.objects) {
    if (object.owner === owner) continue;
    const sql = `ALTER ${alterWordOf(object.kind)} ${object.identity} OWNER TO ${quoted(owner)}`;
    add(sql, isReady, object.owner, deployer, owner);
  }
  if (login?.inherits && login.assumed === null && login.assumedHere !== owner) {
    const here = `IN DATABASE ${quoted(survey.database)}`;
    add(`ALTER ROLE ${quoted(login.name)} ${here} SET role TO ${quoted(owner)}`, isReady);
  }
  const grants = survey.grants.filter((grant) => grant.schema === schema && !grant.on.startsWith("future"));
  for (const grantee of new Set(grants.map((grant) => grant.grantee))) {
    const kinds = grants.filter((grant) => grant.grantee === grantee).map(({ on }) => on);
    // Logins get everything through the owner; a right of their own would outlive a change of hands.
    if (logins.includes(grantee)) {
      for (const kind of kinds) {
        add(
          `REVOKE ALL ON ${targetOf(kind, schema)} FROM ${quoted(grantee)}`,
          isReady,
          found.owner,
          deployer,
          owner,
        );
      }
    } else if (grantee === "public" && kinds.includes("schema")) {
      add(`REVOKE ALL ON SCHEMA ${quoted(schema)} FROM PUBLIC`, isReady, found.owner, deployer);
    }
  }
  return steps;
}

function targetOf(kind: string, schema: string): string {
  return kind === "schema"
    ? `SCHEMA ${quoted(schema)}`
    : `ALL ${kind.toUpperCase()}S IN SCHEMA ${quoted(schema)}`;
}

/** Plans the next step from what is declared and what is there. The same twice: nothing the second time. */
export function planAdoption(declared: Declared, survey: Survey): AdoptionPlan {
  const logins = loginsOf(declared, survey);
  const steps = [
    ...ofFormerVersion(survey),
    ...declared.schemas.flatMap((one) => ofRoles(one, survey)),
    ...foundPairs(declared, survey).flatMap((pair) => handOver(pair, survey, logins)),
  ];
  const due = steps.filter(({ isDue }) => isDue);
  const isThere = (name: string): boolean => roleNamed(survey, name) !== undefined;
  const actors = [...new Set(due.flatMap((step) => step.actors))].filter(
    (name) => name !== survey.master && isThere(name),
  );
  // What would stop a later run is better known before the deploy.
  const all = [...new Set([...logins, ...steps.flatMap((step) => step.actors)])].filter(
    (name) => name !== survey.master && isThere(name),
  );
  const { before, after } = lendings(actors, survey);
  return {
    sql: due.length === 0 ? [] : [...before, ...due.map(({ sql }) => sql), ...after],
    later: steps.filter(({ isDue }) => !isDue).map(({ stack, sql }) => [stack, sql] as const),
    problems: problemsOf(pendingOf(declared, survey), survey, all.sort()),
  };
}

/**
 * What stands in the way of an adoption.
 * @param pending declared schemas whose stack has still to be deployed
 * @param actors roles that the master must act as
 */
function problemsOf(pending: readonly DeclaredSchema[], survey: Survey, actors: readonly string[]): string[] {
  const { master, database, databaseOwner } = survey;
  const problems = [master, DATABASE_OWNER].includes(databaseOwner)
    ? []
    : [`${database} belongs to ${databaseOwner}, not to ${master}: log in as the instance's master user`];
  for (const name of actors) {
    const role = roleNamed(survey, name);
    if (role === undefined || role.superuser || !role.isOurs) {
      problems.push(
        `${master} may not act as ${name}: have a superuser (on RDS, rds_superuser) run GRANT ${quoted(name)} TO ${quoted(master)} WITH ADMIN OPTION`,
      );
    }
    if (role?.memberOf.includes(master))
      problems.push(`${name} is a member of ${master}: take that away first`);
  }
  for (const { stack, names } of pending) {
    // The owner is what tells a stack that is deployed, and the login is taken over.
    for (const name of rolesOf(names).filter((one) => one !== names.owner && one !== names.login)) {
      if (!survey.roles.some((role) => role.name === name)) continue;
      problems.push(`the role ${name} exists, and stack ${stack} would make it: rename or drop it`);
    }
  }
  const isForeign = ({ name, owner }: { name: string; owner: string }) =>
    name === EXTENSIONS_SCHEMA && owner !== ADMIN;
  if (pending.length > 0 && survey.schemas.some(isForeign)) {
    problems.push(
      `the schema ${EXTENSIONS_SCHEMA} exists, and is not ${ADMIN}'s: rename it, or hand it over first`,
    );
  }
  return problems;
}
