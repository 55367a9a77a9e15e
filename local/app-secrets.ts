import { deployedStacks } from "./deployed-stacks";
import type { Resource } from "./engine/resource";
import { State } from "./engine/state";
import { opened } from "./engine/values";
import type { AwsClients } from "./providers/aws/clients";

/** One app in one environment, as its secret describes it. */
export interface AppSecret {
  readonly app: string;
  readonly environment: string;
  readonly secretName: string;
  readonly schema: string;
  readonly login: string;
  /** The whole URL with its password: never to be printed, but by `url`. */
  readonly url: string;
}

const NAME = /^portal-db\/([^/]+)\/([^/]+)$/;

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

/** Reads an app's secret from the emulator. */
export async function readAppSecret(aws: AwsClients, secretName: string): Promise<AppSecret> {
  const client = await aws.secrets();
  const { SecretString } = await client.getSecretValue({ SecretId: secretName });
  const value = JSON.parse(SecretString ?? "{}") as Record<string, unknown>;
  const [, environment = "", app = ""] = NAME.exec(secretName) ?? [];
  return {
    app,
    environment,
    secretName,
    schema: String(value.schema),
    login: String(value.username),
    url: String(value.DATABASE_URL),
  };
}
