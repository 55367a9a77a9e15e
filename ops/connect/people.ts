import { stackConfig } from "../../infra/config/config";
import { type DeclaredVisitor, declaredVisitors } from "../../infra/config/people";
import { MistakeError } from "../../infra/mistake";
import { isOver } from "../../infra/people/end";
import type { AppDeployment } from "../app/deployment";

/**
 * Everybody whom the stack's file names in the app's environment, also whoever reads other apps, or none any more.
 * @throws {MistakeError} with every problem of the file, or where it has no such app
 */
function visitorsOf({ app, environment, stack, place }: AppDeployment): DeclaredVisitor[] {
  const config = stackConfig(place.configDir, stack);
  if (!Object.hasOwn(config.apps, app)) {
    const known = Object.keys(config.apps).join(", ") || "none";
    throw new MistakeError(`there is no app ${JSON.stringify(app)} in Pulumi.${stack}.yaml; it has ${known}`);
  }
  return declaredVisitors(config).filter(({ names }) => names.environment === environment);
}

/** The people who have a line with the app, whether or not their access has ended. */
function peopleOf(deployment: AppDeployment): DeclaredVisitor[] {
  return visitorsOf(deployment).filter(
    ({ names, settings: { reads } }) => names.kind === "people" && reads.includes(deployment.app),
  );
}

const hasEnded = ({ settings: { until } }: DeclaredVisitor): boolean =>
  until !== undefined && isOver(until, new Date());

const endText = ({ names: { name }, settings: { until } }: DeclaredVisitor): string =>
  `the access of ${name} ended on ${until}`;

/** Who may be named, for people. */
export function readersText(deployment: AppDeployment): string {
  const { app, stack } = deployment;
  const people = peopleOf(deployment);
  const readers = people
    .filter((one) => !hasEnded(one))
    .map(({ names: { name }, settings: { until } }) =>
      until === undefined ? name : `${name} (until ${until})`,
    );
  if (readers.length > 0) return `${app} may be read by ${readers.join(", ")}`;
  if (people.length > 0) return `nobody reads ${app} any more: ${people.map(endText).join(", ")}`;
  return `nobody reads ${app}: a line of portal-db:people in Pulumi.${stack}.yaml lets somebody`;
}

/** @throws {MistakeError} where the person may not read the app, or no more, or is a tool */
export function readerNamed(deployment: AppDeployment, name: string): DeclaredVisitor {
  const reader = peopleOf(deployment).find(({ names }) => names.name === name);
  if (reader !== undefined && !hasEnded(reader)) return reader;
  if (reader !== undefined)
    throw new MistakeError(
      `${endText(reader)}; a later day in Pulumi.${deployment.stack}.yaml and a deploy open it again`,
    );
  const visitors = visitorsOf(deployment).filter(({ names }) => names.name === name);
  const [tool] = visitors.filter(({ names }) => names.kind === "tools");
  if (tool !== undefined && visitors.length === 1)
    throw new MistakeError(
      `${name} is a tool, which comes in by the URL in its secret ${tool.names.secret}; --as takes a person`,
    );
  throw new MistakeError(
    `${JSON.stringify(name)} may not read ${deployment.names.schema}: ${readersText(deployment)}`,
  );
}
