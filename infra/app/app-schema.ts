import * as pulumi from "@pulumi/pulumi";
import type { AppSettings } from "../config/shape";
import { lifecycleOf } from "../lifecycle";
import { type AppNames, namesOf } from "../names";
import { tagsOf } from "../tags";
import { declareGrants } from "./grants";
import { declareLogins } from "./logins";
import { type AppConnection, declareSecret } from "./secret";

/** One app in one environment. */
export interface AppSchemaArgs extends AppConnection {
  /** App key, such as `wms`. */
  app: string;
  /** `prod`, `dev`, `ci` or an ephemeral one such as `pr_42`. */
  environment: string;
  /** Stack that declares it; a tag. */
  stack: string;
  /** The app's line in the stack's file. */
  settings: AppSettings;
  /** Present password of a login that exists already: the login is imported and keeps it as credential 1. */
  adoptedPassword?: string | undefined;
  /** Key that encrypts the secret. */
  kmsKeyArn: pulumi.Input<string>;
  /** Last database-wide grant. The login comes after it: their locks meet on destroy otherwise. */
  databaseReady?: pulumi.Resource | undefined;
}

/**
 * One app's schema, roles, grants, login and secret in one environment.
 *
 * Each resource depends on the one before it. The provider locks a role and all its members for every
 * grant, so that parallel deletes deadlock (40P01), and two grants on one schema at once fail with "tuple
 * concurrently updated". The order also lets roles go last, when nothing refers to them any more.
 */
export class AppSchema extends pulumi.ComponentResource {
  /** Every name of the app in its environment. */
  public readonly names: AppNames;
  /** Role that the app logs in as now: one of two that alternate. */
  public readonly login: string;
  /** ARN of the app's secret. */
  public readonly secretArn: pulumi.Output<string>;
  /** ARN of the IAM policy that reads that secret alone. */
  public readonly readPolicyArn: pulumi.Output<string>;

  constructor(name: string, args: AppSchemaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:AppSchema", name, {}, opts);
    this.names = namesOf(args.app, args.environment);
    const { settings } = args;
    const { protect, dropCascade, secretRecoveryDays } = lifecycleOf(args.environment);

    const lastGrant = declareGrants(
      name,
      { names: this.names, reader: settings.reader, dropCascade },
      { parent: this, protect },
    );
    const ready = args.databaseReady === undefined ? [lastGrant] : [lastGrant, args.databaseReady];
    const logins = declareLogins(
      name,
      {
        names: this.names,
        credential: settings.credential,
        connectionLimit: settings.connectionLimit,
        adoptedPassword: args.adoptedPassword,
      },
      { parent: this, protect, dependsOn: ready },
    );
    this.login = logins.username;
    const { secret, readPolicy } = declareSecret(
      name,
      {
        names: this.names,
        host: args.host,
        port: args.port,
        sslmode: args.sslmode,
        username: logins.username,
        password: logins.password,
        kmsKeyArn: args.kmsKeyArn,
        recoveryDays: secretRecoveryDays,
        tags: tagsOf({ stack: args.stack, app: args.app, environment: args.environment }, settings.tags),
      },
      { parent: this, protect, dependsOn: logins.roles },
    );
    this.secretArn = secret.arn;
    this.readPolicyArn = readPolicy.arn;
    this.registerOutputs({ secretArn: this.secretArn, readPolicyArn: this.readPolicyArn });
  }
}
