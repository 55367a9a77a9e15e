import {
  type AppNames,
  appNameProblem,
  DEV_ENVIRONMENTS,
  environmentNameProblem,
  environmentOfStack,
  namesOf,
} from "../../infra/names";
import { PersonError } from "../../local/person-error";
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
 * @throws {PersonError} with exit status 2 for a bad name, or an environment that `--stack` does not have
 */
export function deploymentOf(
  verb: string,
  [app, environment, ...more]: readonly string[],
  options: PlaceOptions,
): AppDeployment {
  if (app === undefined || environment === undefined || more.length > 0) {
    throw new PersonError(`usage: ${verb} <app> <environment>, such as ${verb} wms dev`, 2);
  }
  const appProblem = appNameProblem(app);
  if (appProblem !== undefined) throw new PersonError(`bad app ${JSON.stringify(app)}: ${appProblem}`, 2);
  const problem = environment === "prod" ? undefined : environmentNameProblem(environment);
  if (problem !== undefined) {
    throw new PersonError(`bad environment ${JSON.stringify(environment)}: ${problem}`, 2);
  }
  const stack = options.stack ?? stackOfEnvironment(environment);
  if (!/^[a-z][a-z0-9_-]*$/.test(stack))
    throw new PersonError("bad --stack: lower-case letters, digits, - and _", 2);
  const fits = stack === "dev" ? environment !== "prod" : environmentOfStack(stack) === environment;
  if (!fits) throw new PersonError(`stack ${stack} has no environment ${environment}: leave --stack out`, 2);
  return { app, environment, stack, names: namesOf(app, environment), place: placeOf(options, stack) };
}
