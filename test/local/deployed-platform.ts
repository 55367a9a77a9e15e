import { type Resource, State } from "../../local/engine/state";
import { opened, type Properties } from "../../local/engine/values";
import { lastServers } from "../../local/platform";
import { Providers } from "../../local/providers";
import { secretsOf } from "../helpers/aws";
import type { TestPlatform } from "../helpers/platform";
import type { Ended } from "../helpers/process";

/** The apps in their environments, as the platform's files have them at first. */
export const LOGINS = [
  ["auth", "prod"],
  ["wms", "prod"],
  ["auth", "dev"],
  ["wms", "dev"],
  ["auth", "ci"],
  ["wms", "ci"],
] as const;

/** Secrets of the three deployers, with who logs in and where. */
export const DEPLOYERS = [
  ["portal-db/master", "ecomos_admin", "postgres"],
  ["portal-db/admin", "portal_db_admin", "portal_db"],
  ["portal-db/dev-admin", "portal_db_dev_admin", "portal_db"],
] as const;

/** A platform after its first run; its cases build on each other, in the order in which they are called. */
export class DeployedPlatform {
  /** URL in each app's secret, by its schema. */
  readonly urls = new Map<string, string>();

  private constructor(
    readonly platform: TestPlatform,
    /** How the first run ended. */
    readonly first: Ended,
  ) {}

  /** Deploys prod and dev, and reads the apps' URLs. */
  static async make(platform: TestPlatform): Promise<DeployedPlatform> {
    const made = new DeployedPlatform(platform, await platform.run(["up"]));
    expect(made.first.status).toBe(0);
    for (const [app, environment] of LOGINS) {
      const { DATABASE_URL } = await made.secret(`portal-db/${environment}/${app}`);
      made.urls.set(`${app}_${environment}`, String(DATABASE_URL));
    }
    return made;
  }

  /** What the first run printed. */
  get firstRun(): string {
    return this.first.stdout;
  }

  /** What a secret holds. */
  async secret(name: string): Promise<Record<string, unknown>> {
    const { SecretString } = await secretsOf(this.platform).getSecretValue({ SecretId: name });
    return JSON.parse(SecretString ?? "{}") as Record<string, unknown>;
  }

  /** The way in of a deployer, as its secret says it; into another database than its own where one is named. */
  async deployerUrl(name: string, database?: string): Promise<string> {
    const { username, password, dbname } = await this.secret(name);
    return `postgresql://${username}:${password}@localhost:${this.platform.port}/${database ?? dbname}?sslmode=disable`;
  }

  /** An app's URL; empty when there is none. */
  urlOf(app: string, environment: string): string {
    return this.urls.get(`${app}_${environment}`) ?? "";
  }
}

/** What the servers have otherwise than the stacks' states know it, by resource; undefined for what is gone. */
export async function differences(
  { places }: TestPlatform,
  stacks: readonly string[],
): Promise<Record<string, Properties | undefined>> {
  const providers = new Providers(places, lastServers(places));
  const found: Record<string, Properties | undefined> = {};
  const providerOf = (state: State, { provider }: Resource) =>
    state.resources.get(provider.slice(0, Math.max(0, provider.lastIndexOf("::"))))?.inputs ?? {};
  try {
    for (const stack of stacks) {
      const state = State.read(places.stateDir, stack);
      for (const resource of [...state.resources.values()].filter(({ custom }) => custom)) {
        const { id, inputs, outputs, name, seed, type } = resource;
        const before = { id, inputs: opened(inputs), outputs: opened(outputs) };
        const call = { name, seed, provider: opened(providerOf(state, resource)) };
        const { read } = providers.handlerOf(type);
        const told = read === undefined ? {} : await read(before, call);
        if (told === undefined || Object.keys(told).length > 0) found[`${stack} ${type} ${name}`] = told;
      }
    }
  } finally {
    await providers.close();
  }
  return found;
}
