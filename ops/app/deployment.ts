import { stackNameOf } from "../../cli/arguments";
import { UsageError } from "../../cli/exit-status";
import { environmentsIn } from "../../infra/config/neighbours";
import { type AppNames, environmentOfStack, isLasting, namesOf, PROD } from "../../infra/names";
import { configDirOf, type Place, type PlaceOptions, placeOf } from "./place";

/** One app in one environment, and where it is. */
export interface AppDeployment {
  readonly app: string;
  readonly environment: string;
  /** Stack that declares the environment. */
  readonly stack: string;
  readonly names: AppNames;
  readonly place: Place;
}

/**
 * Reads `<app> <environment>`. Both end up in names alone, and only well-formed ones get further.
 * @throws {UsageError} for a bad name, or an environment that `--stack` does not have
 */
export function deploymentOf(
  verb: string,
  [app, environment, ...more]: readonly string[],
  options: PlaceOptions,
): AppDeployment {
  if (app === undefined || environment === undefined || more.length > 0) {
    throw new UsageError(`usage: ${verb} <app> <environment>, such as ${verb} wms dev`);
  }
  const known = environmentsIn(configDirOf(options));
  const appProblem = known.appProblem(app);
  if (appProblem !== undefined) throw new UsageError(`bad app ${JSON.stringify(app)}: ${appProblem}`);
  const problem = environment === PROD ? undefined : known.environmentProblem(environment);
  if (problem !== undefined) {
    throw new UsageError(`bad environment ${JSON.stringify(environment)}: ${problem}`);
  }
  const owner = known.stackOf(environment);
  const stack = stackNameOf(options.stack ?? owner);
  const fits = isLasting(owner)
    ? stack === owner
    : stack !== "dev" && environmentOfStack(stack) === environment;
  if (!fits) throw new UsageError(`stack ${stack} has no environment ${environment}: leave --stack out`);
  return { app, environment, stack, names: namesOf(app, environment), place: placeOf(options, stack) };
}
