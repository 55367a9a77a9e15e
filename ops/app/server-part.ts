import type { ServerPart } from "../../access/undeclared/declared";
import { appRights } from "../../infra/app/access";
import { stackConfig } from "../../infra/config/config";
import { environmentsIn, neighboursOf } from "../../infra/config/neighbours";
import { type DeclaredVisitor, declaredVisitors } from "../../infra/config/people";
import { adoptedApps, type DeclaredApp, declaredApps } from "../../infra/config/shape";
import { databaseRights, deployerRights } from "../../infra/database/access";
import { type AppNames, deployerRoleOf, namesOf, SHADOW } from "../../infra/names";
import { visitorRights } from "../../infra/people/access";
import { isOver } from "../../infra/people/end";
import type { Place } from "./place";

/** An app that a stack's file declares in an environment. */
export interface AppOfStack extends DeclaredApp {
  readonly names: AppNames;
  /** Whether its first login existed before. */
  readonly isAdopted: boolean;
}

/** What a stack's file declares, as rows, and whose the rest of the server is. */
export interface StackPart extends ServerPart {
  readonly declaredApps: readonly AppOfStack[];
}

/**
 * Reads a stack's file, and those beside it as far as they say whose what is.
 * @throws {MistakeError} with every problem of the file, or when it is missing
 */
export function serverPart(
  { configDir, platformDir }: Pick<Place, "configDir" | "platformDir">,
  stack: string,
): StackPart {
  const config = stackConfig(configDir, stack);
  const adopted = adoptedApps(config).map(({ schema }) => schema);
  const apps = declaredApps(config).map((one) => {
    const names = namesOf(one.app, one.environment);
    return { ...one, names, isAdopted: adopted.includes(names.schema) };
  });
  const deployer = deployerRoleOf(stack);
  const neighbours = neighboursOf(configDir, stack);
  const ofOthers = neighbours.flatMap((one) =>
    one.adopted.map((names) => ({ names, deployer: deployerRoleOf(one.stack) })),
  );
  const own = apps.filter(({ isAdopted }) => isAdopted).map(({ names }) => ({ names, deployer }));
  const ofApps = apps.flatMap(({ app, environment, settings, isAdopted }) =>
    appRights(app, environment, { ...settings, isAdopted }),
  );
  const visitors = declaredVisitors(config).map((one) =>
    platformDir === undefined ? one : withPassword(one),
  );
  const ofDatabase =
    "extensions" in config
      ? [...deployerRights([...own, ...ofOthers]), ...databaseRights(config.extensions, ofOthers)]
      : // Prod declares them; they are about this stack's own logins.
        deployerRights(own).filter(({ type }) => type === "postgresql:index/grantRole:GrantRole");
  return {
    stack,
    deployer,
    apps: apps.map(({ names }) => names),
    visitors,
    rows: [...ofDatabase, ...ofApps, ...visitors.flatMap(visitorRights)],
    environments: environmentsIn(configDir),
    otherStacks: neighbours.map((one) => one.stack),
    appKeys: [
      ...new Set([
        ...Object.keys(config.apps),
        ...neighbours.flatMap((one) => one.apps.map(({ app }) => app)),
      ]),
    ],
    platformRoles: platformDir === undefined ? [] : [SHADOW],
    declaredApps: apps,
  };
}

/** On the local platform, which has no IAM, whoever logs in by it has a password. */
function withPassword({ names, settings }: DeclaredVisitor): DeclaredVisitor {
  return { names, settings: { ...settings, iam: false } };
}

/** Whether a person or a tool logs in with a password today: an end that has passed is for the catalogs to say. */
export function canLogIn({ settings: { iam, until } }: DeclaredVisitor): boolean {
  return !iam && (until === undefined || !isOver(until, new Date()));
}
