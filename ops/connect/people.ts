import { stackConfig } from "../../infra/config/config";
import { MistakeError } from "../../infra/mistake";
import { PROD, PROJECT } from "../../infra/names";
import type { AppDeployment } from "../app/deployment";

/** A person who reads an app in one environment. */
export interface Person {
  readonly name: string;
  /** Role that logs in. */
  readonly login: string;
  /** Secrets Manager name of its URL. */
  readonly secret: string;
  /** Whether it logs in with an IAM token, and has no password. */
  readonly isByIam: boolean;
  /** The last day of its access. */
  readonly until: string;
}

interface Declared {
  readonly reads: readonly string[];
  readonly iam: boolean;
  readonly until: string;
}

/** Everybody who reads the app, as the stack's file says. @throws {MistakeError} with every problem of the file */
export function readersOf({ app, environment, stack, place }: AppDeployment): Person[] {
  const { people = {} } = stackConfig(place.configDir, stack) as {
    readonly people?: Readonly<Record<string, Declared>>;
  };
  return Object.entries(people)
    .filter(([, { reads }]) => reads.includes(app))
    .map(([name, { iam, until }]) => ({
      name,
      login: environment === PROD ? `person_${name}` : `person_${name}_${environment}`,
      secret: `${PROJECT}/${environment}/people/${name}`,
      isByIam: iam,
      until,
    }));
}

/** Who may be named, for people. */
export function readersText({ app, stack }: AppDeployment, people: readonly Person[]): string {
  if (people.length > 0)
    return `${app} may be read by ${people.map(({ name, until }) => `${name} (until ${until})`).join(", ")}`;
  return `nobody reads ${app}: a line of portal-db:people in Pulumi.${stack}.yaml lets somebody`;
}

/** @throws {MistakeError} where the person may not read the app */
export function personOf(deployment: AppDeployment, name: string): Person {
  const people = readersOf(deployment);
  const person = people.find((one) => one.name === name);
  if (person !== undefined) return person;
  throw new MistakeError(
    `${JSON.stringify(name)} may not read ${deployment.names.schema}: ${readersText(deployment, people)}`,
  );
}
