import {
  CONNECT_ROLE,
  DEV_ENVIRONMENTS,
  EXTENSIONS_SCHEMA,
  environmentNameProblem,
  environmentOfStack,
  namesOf,
  tooLong,
} from "../names";
import { ADMIN_RESERVE, maxConnections } from "./budget";
import type { AppSettings, BorrowerSettings, OwnerSettings } from "./shape";

/** The settings that the rules between settings look at. */
type Settings = Pick<BorrowerSettings, "apps" | "adminUsername" | "connectionShare" | "adoptedLogins"> & {
  readonly environments: readonly string[];
};

/** App and environment, in the order in which they are declared. */
export function* deployments(
  apps: Readonly<Record<string, AppSettings>>,
  environments: readonly string[],
): Generator<{ app: string; environment: string; settings: AppSettings }> {
  for (const environment of environments) {
    for (const [app, settings] of Object.entries(apps).sort(([a], [b]) => (a < b ? -1 : 1))) {
      yield { app, environment, settings };
    }
  }
}

/** Names that Postgres would cut, and two apps that would share a name. */
export function nameProblems(settings: Settings): string[] {
  const problems: string[] = [];
  const takenBy = new Map<string, string>([
    [CONNECT_ROLE, "the connect role"],
    [EXTENSIONS_SCHEMA, "the schema of extensions"],
    [settings.adminUsername, "the admin"],
  ]);
  // A doubled environment is a problem of its own, and none of its apps.
  for (const { app, environment } of deployments(settings.apps, [...new Set(settings.environments)])) {
    const names = namesOf(app, environment);
    for (const long of tooLong(names)) {
      problems.push(`apps.${app}: '${long}' is over Postgres's 63 bytes; choose a shorter name`);
    }
    for (const name of [names.schema, names.owner, names.reader, names.login, names.secondLogin]) {
      const taken = takenBy.get(name);
      if (taken === undefined) takenBy.set(name, `app ${app} in ${environment}`);
      else problems.push(`apps.${app}: '${name}' is already the name of ${taken}; rename the app`);
    }
  }
  return problems;
}

/** Bad or doubled environments, and a dev stack that names a prod one. */
export function environmentProblems(stack: string, environments: readonly string[]): string[] {
  if (stack === "prod") {
    const fits = environments.length === 1 && environments[0] === "prod";
    return fits ? [] : ["environments: the prod stack has the environment prod alone; remove the setting"];
  }
  if (stack !== "dev" && !(environments.length === 1 && environments[0] === environmentOfStack(stack))) {
    return [`environments: stack ${stack} has the environment of its own name alone; remove the setting`];
  }
  if (stack !== "dev" && DEV_ENVIRONMENTS.includes(environmentOfStack(stack))) {
    return [
      `environments: the stack dev owns ${environmentOfStack(stack)}; give the stack ${stack} another name`,
    ];
  }
  const problems: string[] = [];
  for (const [index, environment] of environments.entries()) {
    const problem = environmentNameProblem(environment);
    if (problem !== undefined) problems.push(`environments: '${environment}': ${problem}`);
    if (environments.indexOf(environment) !== index)
      problems.push(`environments: '${environment}' stands twice`);
  }
  return problems;
}

/** Login limits above the stack's share. */
export function budgetProblems(settings: Settings): string[] {
  let sum = 0;
  for (const deployment of deployments(settings.apps, settings.environments)) {
    const { connectionLimit, credential } = deployment.settings;
    // From the second credential on there are two logins.
    sum += credential > 1 ? 2 * connectionLimit : connectionLimit;
  }
  if (sum <= settings.connectionShare) return [];
  return [
    `apps: the login limits add up to ${sum} connections over ${settings.environments.join(", ")}, ` +
      `the stack's share (connectionShare) is ${settings.connectionShare}; lower limits or raise the share`,
  ];
}

/** A share above what the instance class takes. */
export function capacityProblems(
  settings: Pick<OwnerSettings, "maxConnections" | "instanceClass" | "connectionShare">,
): string[] {
  const most = settings.maxConnections ?? maxConnections(settings.instanceClass);
  if (most === undefined) {
    return [
      `instanceClass: the memory of ${settings.instanceClass} is not known here; set maxConnections, too`,
    ];
  }
  if (settings.connectionShare + ADMIN_RESERVE <= most) return [];
  return [
    `connectionShare: ${settings.connectionShare} and the admin's reserve of ${ADMIN_RESERVE} are above ` +
      `max_connections of ${settings.instanceClass}, ${most}; lower the share or take a larger class`,
  ];
}

/** Storage that could not grow. */
export function storageProblems(
  settings: Pick<OwnerSettings, "allocatedStorageGib" | "maxAllocatedStorageGib">,
): string[] {
  if (settings.maxAllocatedStorageGib > settings.allocatedStorageGib) return [];
  return ["maxAllocatedStorageGib: must be above allocatedStorageGib, or storage cannot grow"];
}

/** A present password for a schema that the stack does not declare. */
export function adoptionProblems(settings: Settings): string[] {
  const schemas = [...deployments(settings.apps, settings.environments)].map(
    ({ app, environment }) => namesOf(app, environment).schema,
  );
  return Object.keys(settings.adoptedLogins)
    .filter((schema) => !schemas.includes(schema))
    .map(
      (schema) =>
        `adoptedLogins.${schema}: no such schema in this stack; it has ${schemas.join(", ") || "none"}`,
    );
}
