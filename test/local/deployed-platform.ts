import { secretsOf } from "../helpers/aws";
import type { TestPlatform } from "../helpers/platform";

/** The apps in their environments, as the platform's files have them at first. */
export const LOGINS = [
  ["auth", "prod"],
  ["wms", "prod"],
  ["auth", "dev"],
  ["wms", "dev"],
  ["auth", "ci"],
  ["wms", "ci"],
] as const;

/** A platform after its first run; its cases build on each other, in the order in which they are called. */
export class DeployedPlatform {
  /** URL in each app's secret, by its schema. */
  readonly urls = new Map<string, string>();

  private constructor(
    readonly platform: TestPlatform,
    /** What the first run printed. */
    readonly firstRun: string,
  ) {}

  /** Deploys prod and dev, and reads the apps' URLs. */
  static async make(platform: TestPlatform): Promise<DeployedPlatform> {
    const made = new DeployedPlatform(platform, await platform.succeed("up"));
    for (const [app, environment] of LOGINS) {
      const secret = { SecretId: `portal-db/${environment}/${app}` };
      const { SecretString } = await secretsOf(platform).getSecretValue(secret);
      made.urls.set(`${app}_${environment}`, String(JSON.parse(SecretString ?? "{}").DATABASE_URL));
    }
    return made;
  }

  /** An app's URL; empty when there is none. */
  urlOf(app: string, environment: string): string {
    return this.urls.get(`${app}_${environment}`) ?? "";
  }
}
