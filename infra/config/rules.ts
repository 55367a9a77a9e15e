import {
  ADMIN,
  type AppNames,
  DATABASE_OWNER,
  DEV_ADMIN,
  type Environments,
  EXTENSIONS_SCHEMA,
  environmentOfStack,
  isLasting,
  MAX_IDENTIFIER_BYTES,
  namesOf,
  PROD,
} from "../names";
import { ADMIN_RESERVE, MIGRATOR_CONNECTION_LIMIT, maxConnections } from "./budget";
import type { Neighbour } from "./neighbours";
import { declaredVisitors } from "./people";
import { type BorrowerSettings, declaredApps, type OwnerSettings } from "./shape";

/** The settings that the rules between settings look at. */
type Settings = Pick<BorrowerSettings, "apps" | "people" | "tools" | "connectionShare" | "adoptedLogins"> & {
  readonly environments: readonly string[];
  /** The master user, in the stack that knows of it. */
  readonly masterUsername?: string;
};

/**
 * Names that Postgres would cut, and two apps that would share a name: of this stack, or of this one and one whose file
 * stands beside.
 */
export function nameProblems(settings: Settings, neighbours: readonly Neighbour[]): string[] {
  const problems: string[] = [];
  const takenBy = new Map<string, string>([
    [DATABASE_OWNER, "the database's owner"],
    [ADMIN, "the admin"],
    [DEV_ADMIN, "the dev admin"],
    [EXTENSIONS_SCHEMA, "the schema of extensions"],
  ]);
  if (settings.masterUsername !== undefined) takenBy.set(settings.masterUsername, "the master user");
  for (const { app, environment, stack } of neighbours.flatMap((one) => one.apps)) {
    // An environment that two stacks name is a problem of its own, and none of every app.
    if (settings.environments.includes(environment)) continue;
    for (const name of rolesAndSchema(app, environment)) takenBy.set(name, `app ${app} of stack ${stack}`);
  }
  // A doubled environment is a problem of its own, and none of its apps.
  const environments = [...new Set(settings.environments)];
  for (const declared of declaredApps({ apps: settings.apps, environments })) {
    const { app, environment } = declared;
    const hasMigrator = declared.settings.migrator !== undefined;
    for (const long of tooLong(namesOf(app, environment), hasMigrator)) {
      problems.push(`apps.${app}: '${long}' is over Postgres's 63 bytes; choose a shorter name`);
    }
    for (const name of rolesAndSchema(app, environment, hasMigrator)) {
      const taken = takenBy.get(name);
      if (taken === undefined) takenBy.set(name, `app ${app} in ${environment}`);
      else problems.push(`apps.${app}: '${name}' is already the name of ${taken}; rename the app`);
    }
  }
  return problems;
}

/** Names that an app takes; those that stand beside a login for migrations, where it has one. */
function rolesAndSchema(app: string, environment: string, hasMigrator = false): string[] {
  const names = namesOf(app, environment);
  const { schema, owner, reader, login, secondLogin, runtime, migrator, secondMigrator } = names;
  const all = [schema, owner, reader, login, secondLogin];
  return hasMigrator ? [...all, runtime, migrator, secondMigrator] : all;
}

/**
 * Names that Postgres would cut: over 63 bytes.
 * @param hasMigrator whether the app has the roles that stand beside a login for migrations; a name that is too long for
 * them alone keeps no app from what it has
 */
export function tooLong(names: AppNames, hasMigrator: boolean): string[] {
  const { schema, owner, reader, secondLogin, runtime, secondMigrator } = names;
  const all = [schema, owner, reader, secondLogin, ...(hasMigrator ? [runtime, secondMigrator] : [])];
  return all.filter((name) => Buffer.byteLength(name) > MAX_IDENTIFIER_BYTES);
}

/** Bad or doubled environments, a dev stack that names a prod one, and one that is another stack's. */
export function environmentProblems(
  stack: string,
  environments: readonly string[],
  known: Environments,
  neighbours: readonly Neighbour[] = [],
): string[] {
  if (stack === PROD) {
    const fits = environments.length === 1 && environments[0] === PROD;
    return fits ? [] : ["environments: the prod stack has the environment prod alone; remove the setting"];
  }
  const own = environmentOfStack(stack);
  if (stack !== "dev" && !(environments.length === 1 && environments[0] === own)) {
    return [`environments: stack ${stack} has the environment of its own name alone; remove the setting`];
  }
  if (stack !== "dev" && known.stackOf(own) === "dev") {
    return [`environments: the stack dev owns ${own}; give the stack ${stack} another name`];
  }
  const twin = neighbours.find(
    (one) => stack !== "dev" && one.stack !== "dev" && one.environments.includes(own),
  );
  const problems =
    twin === undefined ? [] : [`environments: the stack ${twin.stack} has ${own}, too; keep one of them`];
  for (const [index, environment] of environments.entries()) {
    const problem = known.environmentProblem(environment);
    if (problem !== undefined) problems.push(`environments: '${environment}': ${problem}`);
    if (environments.indexOf(environment) !== index)
      problems.push(`environments: '${environment}' stands twice`);
  }
  return problems;
}

/** Login limits above the stack's share. */
export function budgetProblems(settings: Settings): string[] {
  let sum = 0;
  for (const { settings: app } of declaredApps(settings)) {
    const { connectionLimit, credential, migrator } = app;
    const limit = connectionLimit + (migrator === true ? MIGRATOR_CONNECTION_LIMIT : 0);
    // From the second credential on there are two logins of each.
    sum += credential > 1 ? 2 * limit : limit;
  }
  for (const { settings: visitor } of declaredVisitors(settings)) sum += visitor.connectionLimit;
  if (sum <= settings.connectionShare) return [];
  return [
    `apps: the login limits add up to ${sum} connections over ${settings.environments.join(", ")}, ` +
      `the stack's share (connectionShare) is ${settings.connectionShare}; lower limits or raise the share`,
  ];
}

/** Connections that the shares of the stacks which stay need together, with what no login may use. */
export function connectionsNeeded(
  { connectionShare }: Pick<Settings, "connectionShare">,
  neighbours: readonly Neighbour[],
): number {
  return neighbours
    .filter(({ stack }) => isLasting(stack))
    .reduce((sum, one) => sum + one.connectionShare, connectionShare + ADMIN_RESERVE);
}

/**
 * Shares that the instance has not the connections for: the stack's own, and those of the stacks beside that stay. One
 * that comes and goes must not stop prod.
 */
export function capacityProblems(
  settings: Pick<OwnerSettings, "maxConnections" | "instanceClass" | "connectionShare">,
  neighbours: readonly Neighbour[] = [],
): string[] {
  const most = settings.maxConnections ?? maxConnections(settings.instanceClass);
  if (most === undefined) {
    return [
      `instanceClass: the memory of ${settings.instanceClass} is not known here; set maxConnections, too`,
    ];
  }
  if (connectionsNeeded(settings, neighbours) <= most) return [];
  const others = neighbours.filter(({ stack }) => isLasting(stack));
  const shares = [
    String(settings.connectionShare),
    ...others.map(({ stack, connectionShare }) => `${connectionShare} of ${stack}`),
  ].join(", ");
  return [
    `connectionShare: ${shares} and the admin's reserve of ${ADMIN_RESERVE} are above ` +
      `max_connections of ${settings.instanceClass}, ${most}; lower a share or take a larger class`,
  ];
}

/** Storage that could not grow. */
export function storageProblems(
  settings: Pick<OwnerSettings, "allocatedStorageGib" | "maxAllocatedStorageGib">,
): string[] {
  if (settings.maxAllocatedStorageGib > settings.allocatedStorageGib) return [];
  return ["maxAllocatedStorageGib: must be above allocatedStorageGib, or storage cannot grow"];
}

/** A login for migrations beside one that is taken over as it is, and has its owner's rights until it has been rotated out. */
export function migratorProblems(settings: Settings): string[] {
  return declaredApps(settings).flatMap(({ app, environment, settings: { migrator, credential } }) => {
    const { schema } = namesOf(app, environment);
    // From the third credential on neither of the two that are valid is the one that existed before.
    if (migrator === undefined || credential > 2 || !(schema in settings.adoptedLogins)) return [];
    return [
      `apps.${app}.migrator: must be left out while the login of ${schema} is the one that existed before ` +
        `(adoptedLogins.${schema}): hand the tables over (npm run ops -- adopt), rotate to credential 3, then set it`,
    ];
  });
}

/** A present password for a schema that the stack does not declare. */
export function adoptionProblems(settings: Settings): string[] {
  const schemas = declaredApps(settings).map(({ app, environment }) => namesOf(app, environment).schema);
  return Object.keys(settings.adoptedLogins)
    .filter((schema) => !schemas.includes(schema))
    .map(
      (schema) =>
        `adoptedLogins.${schema}: no such schema in this stack; it has ${schemas.join(", ") || "none"}`,
    );
}
