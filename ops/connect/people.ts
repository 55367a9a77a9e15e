import { stackConfig } from "../../infra/config/config";
import { type DeclaredVisitor, declaredVisitors } from "../../infra/config/people";
import { MistakeError } from "../../infra/mistake";
import { isOver } from "../../infra/people/end";
import type { AppDeployment } from "../app/deployment";

/**
 * Everybody who reads the app today, by the stack's file.
 * @throws {MistakeError} with every problem of the file
 */
function readersOf({ app, environment, stack, place }: AppDeployment): DeclaredVisitor[] {
  return declaredVisitors(stackConfig(place.configDir, stack)).filter(
    ({ names, settings: { reads, until } }) =>
      names.kind === "people" &&
      names.environment === environment &&
      reads.includes(app) &&
      (until === undefined || !isOver(until, new Date())),
  );
}

/** Who may be named, for people. */
export function readersText(deployment: AppDeployment): string {
  const { app, stack } = deployment;
  const readers = readersOf(deployment).map(({ names: { name }, settings: { until } }) =>
    until === undefined ? name : `${name} (until ${until})`,
  );
  return readers.length > 0
    ? `${app} may be read by ${readers.join(", ")}`
    : `nobody reads ${app}: a line of portal-db:people in Pulumi.${stack}.yaml lets somebody`;
}

/** @throws {MistakeError} where the person may not read the app, or no more */
export function readerNamed(deployment: AppDeployment, name: string): DeclaredVisitor {
  const reader = readersOf(deployment).find(({ names }) => names.name === name);
  if (reader !== undefined) return reader;
  throw new MistakeError(
    `${JSON.stringify(name)} may not read ${deployment.names.schema}: ${readersText(deployment)}`,
  );
}
