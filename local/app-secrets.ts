import { Client } from "pg";
import type { DeclaredAccess } from "../access/cells";
import type { ProvableApp } from "../access/prove";
import { namesOf } from "../infra/names";
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

/** Names of the apps' secrets that the stacks declared. */
export function appSecretNames(stateDir: string): readonly string[] {
  return deployedStacks(stateDir).flatMap((stack) =>
    [...State.read(stateDir, stack).resources.values()]
      .filter(({ type }) => type === "aws:secretsmanager/secret:Secret")
      .map(({ outputs }) => String(opened(outputs).name))
      .filter((name) => NAME.test(name))
      .sort(),
  );
}

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
  const value = JSON.parse(SecretString ?? "{}") as Record<string, unknown>;
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
  const logIn = async () => {
    const client = new Client({ connectionString: url });
    // A lost connection is also the running query's error, which is the one that is shown.
    client.on("error", () => {});
    await client.connect();
    return { client, login };
  };
  // A login that existed before acts as itself, and has its owner's rights.
  const role = declared.holds(login, names.runtime, "assume") ? names.runtime : names.owner;
  return { names, role, logIn };
}
