import { Client } from "pg";
import type { DeclaredAccess } from "../access/cells";
import type { ProvableApp, ProvableVisitor } from "../access/prove";
import { codeOf } from "../infra/mistake";
import { namesOf } from "../infra/names";
import { KINDS_OF_VISITORS, VISITOR_KINDS, type VisitorNames, visitorNamesOf } from "../infra/people/names";
import { deployedStacks, type Resource, State } from "./engine/state";
import { opened } from "./engine/values";
import type { AwsClients } from "./providers/aws/clients";

/** One app in one environment, as a secret of it describes it: its own, or its migrations'. */
export interface DeployedApp {
  readonly app: string;
  readonly environment: string;
  readonly secretName: string;
  readonly schema: string;
  readonly login: string;
  /** Whether it is that of its migrations. */
  readonly isMigrator: boolean;
  /** The whole URL with its password: never to be printed, but by `url`. */
  readonly url: string;
}

const NAME = /^portal-db\/([^/]+)\/([^/]+?)(\/migrator)?$/;

/** Names of the secrets that the stacks declared. */
function secretNames(stateDir: string): readonly string[] {
  return deployedStacks(stateDir).flatMap((stack) =>
    [...State.read(stateDir, stack).resources.values()]
      .filter(({ type }) => type === "aws:secretsmanager/secret:Secret")
      .map(({ outputs }) => String(opened(outputs).name))
      .sort(),
  );
}

/** Those of apps. */
export function appSecretNames(stateDir: string): readonly string[] {
  return secretNames(stateDir).filter((name) => NAME.test(name));
}

/** A person or a tool in one environment, as its secret describes it. */
export interface DeployedVisitor {
  readonly names: VisitorNames;
  /** The whole URL with its password, for libpq: never to be printed, but by `url`. */
  readonly url: string;
}

/** The people and tools that the stacks declared. */
export function deployedVisitors(stateDir: string): readonly VisitorNames[] {
  return secretNames(stateDir).flatMap((secret) => {
    const [, environment = "", kind, name = ""] = secret.split("/");
    const known = KINDS_OF_VISITORS.find((one) => one === kind);
    const names = known && visitorNamesOf(known, name, environment);
    return names?.secret === secret ? [names] : [];
  });
}

/** Reads the secret of every person and tool. */
export function readDeployedVisitors(aws: AwsClients, stateDir: string): Promise<DeployedVisitor[]> {
  return Promise.all(deployedVisitors(stateDir).map((names) => readDeployedVisitor(aws, names)));
}

/** Reads the secret of a person or a tool from the emulator. */
export async function readDeployedVisitor(aws: AwsClients, names: VisitorNames): Promise<DeployedVisitor> {
  const client = await aws.secrets();
  const { SecretString } = await client.getSecretValue({ SecretId: names.secret });
  const { DATABASE_URL } = JSON.parse(SecretString ?? "{}") as Record<string, unknown>;
  return { names, url: String(DATABASE_URL) };
}

/** How a person or a tool is typed: as its role begins, whatever the environment. */
export const visitorWord = ({ kind, name }: VisitorNames): string => `${VISITOR_KINDS[kind]}_${name}`;

/** Everything that the deployed stacks declare. */
export function deployedResources(stateDir: string): readonly Resource[] {
  return deployedStacks(stateDir).flatMap((stack) => [...State.read(stateDir, stack).resources.values()]);
}

/** Reads the secrets of every app in each of its environments. */
export function readDeployedApps(aws: AwsClients, stateDir: string): Promise<DeployedApp[]> {
  return Promise.all(appSecretNames(stateDir).map((name) => readDeployedApp(aws, name)));
}

/** Reads a secret of an app from the emulator. */
export async function readDeployedApp(aws: AwsClients, secretName: string): Promise<DeployedApp> {
  const client = await aws.secrets();
  const { SecretString } = await client.getSecretValue({ SecretId: secretName });
  const value = Object(JSON.parse(SecretString ?? "{}")) as Record<string, unknown>;
  const [, environment = "", app = "", migrator] = NAME.exec(secretName) ?? [];
  return {
    app,
    environment,
    secretName,
    schema: String(value.schema),
    login: String(value.username),
    isMigrator: migrator !== undefined,
    url: String(value.DATABASE_URL ?? value.DIRECT_URL),
  };
}

/** How to log in with an app's secret, for the proof. */
export function provable(
  { app, environment, login, url }: DeployedApp,
  declared: DeclaredAccess,
): ProvableApp {
  const names = namesOf(app, environment);
  // A login that existed before acts as itself, and has its owner's rights.
  const role = declared.holds(login, names.runtime, "assume") ? names.runtime : names.owner;
  return { names, role, logIn: () => logInWith(url, login) };
}

/** The same with a person's or a tool's. */
export function provableVisitor({ names, url }: DeployedVisitor): ProvableVisitor {
  return {
    visitor: names,
    logIn: () =>
      logInWith(url, names.login).catch((thrown: unknown) => {
        if (codeOf(thrown) === "53300") return undefined;
        throw thrown;
      }),
  };
}

async function logInWith(url: string, login: string) {
  const client = new Client({ connectionString: url });
  // A lost connection is also the running query's error, which is the one that is shown.
  client.on("error", () => {});
  await client.connect();
  return { client, login };
}
