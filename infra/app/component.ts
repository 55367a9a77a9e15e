import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import type { AppSettings } from "../config/shape";
import { declare } from "../declare";
import { declareRows } from "../declare-rows";
import { lifecycleOf } from "../lifecycle";
import { type AppNames, namesOf, PASSWORD_LENGTH } from "../names";
import { tagsOf } from "../tags";
import { verifierOf } from "../verifier";
import { appRights, isTakenOver } from "./access";
import { type Credential, credentialsOf, migratorCredentialsOf } from "./credentials";
import { type AppConnection, type AppSecret, declareSecret } from "./secret";

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
  /** Present password of a login that exists already: the login is imported, and keeps it as credential 1. */
  adoptedPassword?: string | undefined;
  /** Key that encrypts the secret. */
  kmsKeyArn: pulumi.Input<string>;
  /** Last database-wide grant. The login comes after it: their locks meet on destroy otherwise. */
  databaseReady?: pulumi.Resource | undefined;
}

/** One app's schema, roles, grants, logins and secret in one environment, each after the one before: the rows of access.ts. */
export class AppSchema extends pulumi.ComponentResource {
  /** Every name of the app in its environment. */
  public readonly names: AppNames;
  /** Role that the app logs in as now: one of two that alternate. */
  public readonly login: string;
  /** The last login's own CONNECT, which comes after everything else of the app in Postgres. */
  public readonly wayIn: pulumi.Resource;
  /** ARN of the app's secret. */
  public readonly secretArn: pulumi.Output<string>;
  /** ARN of the IAM policy that reads that secret alone. */
  public readonly readPolicyArn: pulumi.Output<string>;
  /** The login of the app's migrations, where they have one, and its secret. */
  public readonly migrator: { readonly login: string; readonly secret: AppSecret } | undefined;

  constructor(name: string, args: AppSchemaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:AppSchema", name, {}, opts);
    this.names = namesOf(args.app, args.environment);
    const { settings, adoptedPassword } = args;
    const { protect, secretRecoveryDays: recoveryDays } = lifecycleOf(args.environment);
    const credentials = credentialsOf(this.names, settings.credential);
    const migratorCredentials = migratorCredentialsOf(this.names, settings);
    const ready = args.databaseReady === undefined ? [] : [args.databaseReady];
    const passwords = new Map<Credential, pulumi.Output<string>>();

    const access = { ...settings, isAdopted: adoptedPassword !== undefined };
    const rows = declareRows(appRights(args.app, args.environment, access), this, (row, before) => {
      const all = [...migratorCredentials, ...credentials];
      const credential = all.find(({ login }) => login === row.inputs.name);
      if (credential === undefined) return { after: before };
      const after = [...before, ...ready];
      const present = isTakenOver(credential, access) ? adoptedPassword : undefined;
      const password = this.declarePassword(name, credential, present, after);
      passwords.set(credential, password);
      // The server gets what it stores of a password, and never the password.
      return { inputs: { password: verifierOf(credential.login, password) }, after };
    });
    const wayIn = [...rows.values()].at(-1);
    if (wayIn === undefined) throw new Error(`${this.names.schema} has no rows`);
    this.wayIn = wayIn;
    const tags = tagsOf({ stack: args.stack, app: args.app, environment: args.environment }, settings.tags);
    const ofMigrators = migratorCredentials.flatMap(({ key }) => rows.get(`${name}-${key}-connect`) ?? []);
    const declareFor = (all: readonly Credential[]) => {
      const current = all.find(({ number }) => number === settings.credential);
      const password = current && passwords.get(current);
      if (current === undefined || password === undefined) return undefined;
      const { host, port, sslmode, kmsKeyArn } = args;
      const { login: username, isMigrator } = current;
      const secret = declareSecret(
        isMigrator ? `${name}-migrator` : name,
        {
          names: this.names,
          isMigrator,
          host,
          port,
          sslmode,
          username,
          password,
          kmsKeyArn,
          tags,
          recoveryDays,
        },
        // Its own login's is named: when it goes from an app that stays, the engine orders what goes by its own links alone.
        { parent: this, protect, dependsOn: isMigrator ? [...ofMigrators, wayIn] : wayIn },
      );
      return { login: username, secret };
    };
    const ofApp = declareFor(credentials);
    if (ofApp === undefined)
      throw new Error(`credential ${settings.credential} of ${this.names.schema} has no login`);
    this.login = ofApp.login;
    this.secretArn = ofApp.secret.secret.arn;
    this.readPolicyArn = ofApp.secret.readPolicy.arn;
    this.migrator = declareFor(migratorCredentials);
    this.registerOutputs({ secretArn: this.secretArn, readPolicyArn: this.readPolicyArn });
  }

  /** The present password of a login that is taken over, otherwise a generated one. */
  private declarePassword(
    name: string,
    { number, key }: Credential,
    presentPassword: string | undefined,
    dependsOn: readonly pulumi.Resource[],
  ): pulumi.Output<string> {
    if (presentPassword !== undefined) return pulumi.secret(presentPassword);
    return declare(
      RandomPassword,
      `${name}-${key.replace("login", "password").replace("migrator", "migrator-password")}`,
      // Another number makes another password.
      { length: PASSWORD_LENGTH, special: false, keepers: { credential: String(number) } },
      // Not protected: rotation replaces it, and a protected resource cannot be replaced.
      { parent: this, protect: false, dependsOn: [...dependsOn] },
    ).result;
  }
}
