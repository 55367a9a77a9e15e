import type * as postgresql from "@pulumi/postgresql";
import type * as pulumi from "@pulumi/pulumi";
import { AppSchema } from "../infra/app/component";
import type { AppConnection } from "../infra/app/secret";
import type { BorrowerConfig, OwnerConfig } from "../infra/config/config";
import { declaredApps } from "../infra/config/shape";
import { namesOf } from "../infra/names";

/** What every app of a stack shares. */
export interface AppsArgs extends Omit<AppConnection, "sslmode"> {
  config: OwnerConfig | BorrowerConfig;
  kmsKeyArn: pulumi.Input<string>;
  admin: postgresql.Provider;
  databaseReady?: pulumi.Resource;
}

/** Outputs of a stack's apps, by schema. No secret is among them. */
export interface AppsOutputs {
  schemas: string[];
  logins: Record<string, string>;
  secretNames: Record<string, string>;
  secretArns: Record<string, pulumi.Output<string>>;
  readPolicyArns: Record<string, pulumi.Output<string>>;
  /** The same of the apps whose migrations have a login of their own; left out while none has. */
  migrators?: Record<string, MigratorOutputs>;
}

/** Outputs of one app's login for migrations. */
interface MigratorOutputs {
  readonly login: string;
  readonly secretName: string;
  readonly secretArn: pulumi.Output<string>;
  readonly readPolicyArn: pulumi.Output<string>;
}

/**
 * Declares each app in each environment of the stack.
 * @returns the stack's outputs of them, and each one's way in
 */
export function declareApps({ config, admin, ...shared }: AppsArgs): {
  readonly outputs: AppsOutputs;
  readonly waysIn: readonly pulumi.Resource[];
} {
  const waysIn: pulumi.Resource[] = [];
  const outputs: AppsOutputs = {
    schemas: [],
    logins: {},
    secretNames: {},
    secretArns: {},
    readPolicyArns: {},
  };
  for (const { app, environment, settings } of declaredApps(config)) {
    const { component, schema } = namesOf(app, environment);
    const declared = new AppSchema(
      component,
      {
        ...shared,
        app,
        environment,
        stack: config.stack,
        settings,
        sslmode: config.sslmode,
        adoptedPassword: config.adoptedLogins[schema],
      },
      { providers: [admin] },
    );
    waysIn.push(declared.wayIn);
    outputs.schemas.push(schema);
    outputs.logins[schema] = declared.login;
    outputs.secretNames[schema] = declared.names.secret;
    outputs.secretArns[schema] = declared.secretArn;
    outputs.readPolicyArns[schema] = declared.readPolicyArn;
    if (declared.migrator === undefined) continue;
    const { login, secret } = declared.migrator;
    outputs.migrators = {
      ...outputs.migrators,
      [schema]: {
        login,
        secretName: declared.names.migratorSecret,
        secretArn: secret.secret.arn,
        readPolicyArn: secret.readPolicy.arn,
      },
    };
  }
  return { outputs, waysIn };
}
