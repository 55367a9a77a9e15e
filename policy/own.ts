import type { DeclaredResource } from "../access/declared-resource";
import { databaseRights, deployerRights } from "../infra/database/access";
import {
  type AppNames,
  deployerRoleOf,
  Environments,
  EXTENSIONS_SCHEMA,
  environmentOfStack,
  FORMER_CONNECT_ROLE,
  isLasting,
  type Meaning,
  namesOf,
  PROD,
  PROJECT,
  rolesOf,
} from "../infra/names";
import {
  KINDS_OF_VISITORS,
  type VisitorNames,
  visitorInRole,
  visitorNamesOf,
  visitorProblem,
} from "../infra/people/names";
import { grantRow, type RightsRow, roleRow } from "../infra/rights";

/** What a name is read with: the stack that declares it, and the environments that are known. */
export type Scope = Pick<DeclaredResource, "stack" | "environments">;

/** The rows of the whole database, which prod declares; with those for some apps whose login existed before. */
export function databaseRows(sides: readonly Meaning[] = []): RightsRow[] {
  const adopted = sides.map(({ app, environment, stack }) => ({
    names: namesOf(app, environment),
    deployer: deployerRoleOf(stack),
  }));
  return [...deployerRights(adopted), ...databaseRights([], adopted), ...FORMER_ROWS];
}

/** What an earlier version declared, which previews of a stack that it deployed still show: CONNECT, and nothing else. */
const FORMER_ROWS: readonly RightsRow[] = [
  roleRow("database-connect", { name: FORMER_CONNECT_ROLE }),
  grantRow("database-connect-database", FORMER_CONNECT_ROLE, ["database"], ["CONNECT"], {}),
  grantRow("database-connect-extensions", FORMER_CONNECT_ROLE, ["schema", EXTENSIONS_SCHEMA], ["USAGE"], {}),
];

const namesOfType = (type: string) =>
  new Set(
    databaseRows()
      .filter((row) => row.type === type)
      .map(({ inputs }) => inputs.name),
  );

/** Roles of the whole database, which belong to no app. */
export const DATABASE_ROLES: ReadonlySet<unknown> = namesOfType("postgresql:index/role:Role");

/** Schemas of the whole database, which belong to no app. */
export const DATABASE_SCHEMAS: ReadonlySet<unknown> = namesOfType("postgresql:index/schema:Schema");

/** Whether an environment is the stack's: by what is known of environments, or by an ephemeral stack's own name. */
function isOfStack(environment: string, { stack, environments = new Environments() }: Scope): boolean {
  const known = environments.stackOf(environment);
  return known === stack || (!isLasting(known) && environment === environmentOfStack(stack));
}

/** Whose a schema is; undefined when its end is no environment that is known. */
export function sideOfSchema(schema: string, scope: Scope): Meaning | undefined {
  const { stack, environments = new Environments() } = scope;
  const known = environments.meaningOf(schema);
  const environment = known?.environment ?? environmentOfStack(stack);
  if (!isOfStack(environment, scope)) return known;
  const app = schema.endsWith(`_${environment}`) ? schema.slice(0, -environment.length - 1) : "";
  return app === "" ? undefined : { app, environment, stack };
}

/**
 * What a login's name may mean: `portal_wms_2` is the second login of `wms`, or the first one of `wms_2`;
 * `portal_wms_migrator` is that of `wms`'s migrations.
 */
function loginMeanings(name: string, scope: Scope): (Meaning | undefined)[] {
  const { environments = new Environments() } = scope;
  const rest = name.slice("portal_".length);
  return [rest, rest.replace(/(_migrator)?(_2)?$/, "")].map((one) => {
    const side = sideOfSchema(one, scope);
    const isApp = side === undefined && environments.appProblem(one) === undefined;
    return isApp ? { app: one, environment: PROD, stack: PROD } : side;
  });
}

/** Whose a role may be: an owner's, a reader's, a runtime's or a login's app and environment; empty for a stranger. */
export function sidesOfRole(role: string, scope: Scope): Meaning[] {
  if (DATABASE_ROLES.has(role)) return [];
  const schema = /^(.+)_(?:owner|reader|runtime)$/.exec(role)?.[1];
  const meanings = schema === undefined ? loginMeanings(role, scope) : [sideOfSchema(schema, scope)];
  const own = meanings.filter((one) => one !== undefined && hasRole(one, role)) as Meaning[];
  return own.filter((one, index) => own.findIndex((other) => isSameSide(one, other)) === index);
}

function hasRole({ app, environment }: Meaning, role: string): boolean {
  return rolesOf(namesOf(app, environment)).includes(role);
}

/** Whether two names are of one app in one environment. */
export function isSameSide(a: Meaning, b: Meaning): boolean {
  return a.app === b.app && a.environment === b.environment;
}

/** Names of an app of the stack's own, when `key` of them is `name`. */
function ownNames(
  [environment, app]: readonly (string | undefined)[],
  key: "secret" | "migratorSecret" | "readPolicy" | "migratorReadPolicy",
  name: string,
  scope: Scope,
): AppNames | undefined {
  if (environment === undefined || app === undefined) return undefined;
  const names = namesOf(app, environment);
  return names[key] === name && isOfStack(environment, scope) ? names : undefined;
}

/** Names of an app, and whether what was looked up is that of its migrations. */
export interface OwnNames {
  readonly names: AppNames;
  readonly isMigrator: boolean;
}

/** The app of the stack's own whose secret, or whose migrations' secret, has a name. */
export function appOfSecret(name: string, scope: Scope): OwnNames | undefined {
  const parts = name.slice(PROJECT.length + 1).split("/");
  return ofApp(ownNames(parts, "secret", name, scope), ownNames(parts, "migratorSecret", name, scope));
}

/** The app of the stack's own whose read policy, or whose migrations' read policy, has a name. */
export function appOfReadPolicy(name: string, scope: Scope): OwnNames | undefined {
  const parts = name.slice(PROJECT.length + 1).split("-");
  return ofApp(
    ownNames(parts, "readPolicy", name, scope),
    ownNames(parts, "migratorReadPolicy", name, scope),
  );
}

function ofApp(own: AppNames | undefined, migrator: AppNames | undefined): OwnNames | undefined {
  const names = own ?? migrator;
  return names === undefined ? undefined : { names, isMigrator: own === undefined };
}

/** A person or a tool, and the stack that declares it. */
export interface VisitorOfStack extends VisitorNames {
  readonly stack: string;
}

/** Which person or tool a role is by its name; undefined for every other role. */
export function visitorOfRole(role: string, scope: Scope): VisitorOfStack | undefined {
  const found = visitorInRole(role);
  if (found === undefined) return undefined;
  const { kind, rest } = found;
  const { environments = new Environments() } = scope;
  const side = sideOfSchema(rest, scope);
  if (side !== undefined) return { ...visitorNamesOf(kind, side.app, side.environment), stack: side.stack };
  if (visitorProblem(rest, environments) !== undefined) return undefined;
  return { ...visitorNamesOf(kind, rest, PROD), stack: PROD };
}

/** Which person or tool of the stack's own has a secret, or a policy, of a name. */
export function ownVisitor(
  key: "secret" | "readPolicy" | "connectPolicy",
  name: string,
  scope: Scope,
): VisitorNames | undefined {
  const separator = key === "secret" ? "/" : "-";
  const [environment = "", kind, who = ""] = name.slice(PROJECT.length + 1).split(separator);
  const known = KINDS_OF_VISITORS.find((one) => one === kind);
  if (known === undefined || !isOfStack(environment, scope)) return undefined;
  const names = visitorNamesOf(known, who, environment);
  return names[key] === name ? names : undefined;
}

/**
 * Whether a role is the deployer of what is of an app, or is a person or a tool. Postgres makes it a member of each role
 * that it makes, by which it administers the role, and neither has its rights nor may act as it.
 */
export function isMakerOf(role: unknown, made: string, scope: Scope): boolean {
  const visitor = visitorOfRole(made, scope);
  const stacks = visitor === undefined ? sidesOfRole(made, scope).map(({ stack }) => stack) : [visitor.stack];
  return stacks.length > 0 && stacks.every((stack) => deployerRoleOf(stack) === role);
}
