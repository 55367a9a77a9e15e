import { stackNameOf } from "../../cli/arguments";
import { UsageError } from "../../cli/usage-error";
import {
  type AppNames,
  appNameProblem,
  DEV_ENVIRONMENTS,
  environmentNameProblem,
  environmentOfStack,
  namesOf,
} from "../../infra/names";
import { type Place, type PlaceOptions, placeOf } from "./place";

/** One app in one environment, and where it is. */
export interface AppDeployment {
  readonly app: string;
  readonly environment: string;
  /** Stack that declares the environment. */
  readonly stack: string;
  readonly names: AppNames;
  readonly place: Place;
}

/** The stack that declares an environment: `pr_42` is `pr-42`. */
export function stackOfEnvironment(environment: string): string {
  if (environment === "prod") return "prod";
  return DEV_ENVIRONMENTS.includes(environment) ? "dev" : environment.replaceAll("_", "-");
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
  const appProblem = appNameProblem(app);
  if (appProblem !== undefined) throw new UsageError(`bad app ${JSON.stringify(app)}: ${appProblem}`);
  const problem = environment === "prod" ? undefined : environmentNameProblem(environment);
  if (problem !== undefined) {
    throw new UsageError(`bad environment ${JSON.stringify(environment)}: ${problem}`);
  }
  const stack = stackNameOf(options.stack ?? stackOfEnvironment(environment));
  const fits = stack === "dev" ? environment !== "prod" : environmentOfStack(stack) === environment;
  if (!fits) throw new UsageError(`stack ${stack} has no environment ${environment}: leave --stack out`);
  return { app, environment, stack, names: namesOf(app, environment), place: placeOf(options, stack) };
}
