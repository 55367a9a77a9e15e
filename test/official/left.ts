import { connectSuperuser } from "../../local/servers/postgres";
import { secretsOf } from "../helpers/aws";
import { readCatalog } from "../helpers/catalog";
import type { TestPlatform } from "../helpers/platform";

/** The catalog that deployments left on a platform's server, as its superuser sees it. */
export async function catalogOf({ places, port }: TestPlatform): Promise<Record<string, unknown[]>> {
  const client = await connectSuperuser(places, port, "portal_db");
  return readCatalog(client).finally(() => client.end());
}

/** What a platform's secrets say, by name: as they are. */
export async function secretTextsOf(platform: TestPlatform): Promise<ReadonlyMap<string, string>> {
  const client = secretsOf(platform);
  const { SecretList = [] } = await client.listSecrets({ MaxResults: 100 });
  const texts = new Map<string, string>();
  for (const { Name = "" } of SecretList) {
    texts.set(Name, (await client.getSecretValue({ SecretId: Name })).SecretString ?? "");
  }
  return texts;
}

/** The same with what is another on every platform, passwords and port, left out. */
export async function secretsLeft(platform: TestPlatform): Promise<Readonly<Record<string, unknown>>> {
  const texts = [...(await secretTextsOf(platform))].sort(([one], [other]) => (one < other ? -1 : 1));
  const told = texts.map(([name, text]) => {
    const value = JSON.parse(text) as Record<string, unknown>;
    const plain = text.replaceAll(String(value.password), "…").replaceAll(String(platform.port), "port");
    return [name, JSON.parse(plain.replace(/"port":"?port"?/, '"port":"port"'))];
  });
  return Object.fromEntries(told);
}

async function urlIn(platform: TestPlatform, secret: string, key: string): Promise<string> {
  const { SecretString = "{}" } = await secretsOf(platform).getSecretValue({ SecretId: secret });
  return String((JSON.parse(SecretString) as Record<string, unknown>)[key]);
}

/** An app's URL, read as an app reads it. */
export function secretUrlOf(platform: TestPlatform, environment: string, app: string): Promise<string> {
  return urlIn(platform, `portal-db/${environment}/${app}`, "DATABASE_URL");
}

/** That of its migrations. */
export function directUrlOf(platform: TestPlatform, environment: string, app: string): Promise<string> {
  return urlIn(platform, `portal-db/${environment}/${app}/migrator`, "DIRECT_URL");
}
