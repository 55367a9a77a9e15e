import { existsSync } from "node:fs";
import type { SslMode } from "../../infra/app/database-url";
import { type BorrowerConfig, type OwnerConfig, stackConfig } from "../../infra/config/config";
import { stackFileOf } from "../../infra/config/stack-file";
import { MistakeError } from "../../infra/mistake";
import { type AppNames, namesOf } from "../../infra/names";

/** A schema that a stack's file declares. */
export interface DeclaredSchema {
  readonly stack: string;
  readonly app: string;
  readonly environment: string;
  readonly names: AppNames;
  /** Connections that its login may hold at once; undefined where no file here says it. */
  readonly connectionLimit?: number;
  /** Whether migrations have a login of their own, and the app's may change no table. */
  readonly hasMigrator?: boolean;
  /** What its URL says of TLS; undefined where no file here says it. */
  readonly sslmode?: SslMode;
}

/**
 * The configs of several stacks as their files give them; one without a file is left out.
 * @throws {MistakeError} with every problem of the first file that has some, or when there is no file at all
 */
export function configsOf(configDir: string, stacks: readonly string[]): (OwnerConfig | BorrowerConfig)[] {
  const present = stacks.filter((stack) => existsSync(stackFileOf(configDir, stack)));
  if (present.length === 0)
    throw new MistakeError(`no Pulumi.<stack>.yaml in ${configDir} for ${stacks.join(", ")}`);
  return present.map((stack) => stackConfig(configDir, stack));
}

/** What configs declare, by environment, each app in the order of its file. */
export function declaredSchemas(configs: readonly (OwnerConfig | BorrowerConfig)[]): DeclaredSchema[] {
  return configs.flatMap(({ stack, environments, apps, sslmode }) =>
    environments.flatMap((environment) =>
      Object.entries(apps).map(([app, { connectionLimit, migrator }]) => {
        const names = namesOf(app, environment);
        return { stack, app, environment, names, connectionLimit, hasMigrator: migrator === true, sslmode };
      }),
    ),
  );
}
