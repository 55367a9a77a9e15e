import { Policy } from "@pulumi/aws/iam";
import { Secret, SecretVersion } from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import { declare } from "../declare";
import { type AppNames, PROJECT } from "../names";
import { appSecretValue, type SslMode } from "./database-url";
import { readSecretPolicy } from "./secret-policy";

/** Where an app finds its database, and how. */
export interface AppConnection {
  /** Host in the app's URL. */
  host: pulumi.Input<string>;
  /** Port in the app's URL. */
  port: pulumi.Input<number>;
  /** How the connection is encrypted. */
  sslmode: SslMode;
}

/** The secret that an app reads at deploy, or its migrations do. */
export interface AppSecretArgs extends AppConnection {
  /** Names of the app in its environment. */
  names: AppNames;
  /** Whether it is that of the app's migrations, which the app itself cannot read. */
  isMigrator: boolean;
  /** Role that is logged in as now. */
  username: string;
  /** Its password; a secret. */
  password: pulumi.Input<string>;
  /** Key that encrypts the secret. */
  kmsKeyArn: pulumi.Input<string>;
  /** Days in which a deleted secret can be restored; 0 frees its name at once. */
  recoveryDays: number;
  /** Tags of the secret and its policy. */
  tags: Record<string, string>;
}

/** A secret and the policy that reads it. */
export interface AppSecret {
  readonly secret: Secret;
  readonly readPolicy: Policy;
}

/** The secret, its value and an IAM policy that reads this one secret. */
export function declareSecret(
  name: string,
  args: AppSecretArgs,
  opts: pulumi.CustomResourceOptions,
): AppSecret {
  const { names, tags, kmsKeyArn, isMigrator } = args;
  const secretName = isMigrator ? names.migratorSecret : names.secret;
  const secret = declare(
    Secret,
    `${name}-secret`,
    {
      name: secretName,
      description: `${isMigrator ? "DIRECT_URL" : "DATABASE_URL"} of ${names.schema}`,
      kmsKeyId: kmsKeyArn,
      recoveryWindowInDays: args.recoveryDays,
      tags,
    },
    opts,
  );
  const value = pulumi.all([args.host, args.port, args.password]).apply(([host, port, password]) =>
    appSecretValue(isMigrator ? "DIRECT_URL" : "DATABASE_URL", {
      host,
      port,
      password,
      username: args.username,
      schema: names.schema,
      sslmode: args.sslmode,
    }),
  );
  // Neither protected nor kept: another credential replaces the value.
  const unprotected = { parent: opts.parent, dependsOn: opts.dependsOn };
  declare(
    SecretVersion,
    `${name}-secret-value`,
    { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify(value)) },
    unprotected,
  );
  const policyName = isMigrator ? names.migratorReadPolicy : names.readPolicy;
  const read = { secretName, secretArn: secret.arn, policyName, kmsKeyArn, tags };
  return { secret, readPolicy: declareReadPolicy(name, read, unprotected) };
}

/** What a policy reads that reads one secret. */
export interface ReadPolicyArgs {
  secretName: string;
  secretArn: pulumi.Input<string>;
  /** The policy's own name. */
  policyName: string;
  /** Key that encrypts the secret. */
  kmsKeyArn: pulumi.Input<string>;
  /** Tags of the policy. */
  tags: Record<string, string>;
}

/** The IAM policy that reads one secret and nothing else. */
export function declareReadPolicy(
  name: string,
  { secretName, secretArn, policyName, kmsKeyArn, tags }: ReadPolicyArgs,
  opts: pulumi.CustomResourceOptions,
): Policy {
  const document = pulumi.all([secretArn, kmsKeyArn]).apply(([arn, key]) => readSecretPolicy(arn, key));
  return declare(
    Policy,
    `${name}-secret-read`,
    {
      name: policyName,
      description: `Reads ${secretName} of ${PROJECT} and nothing else`,
      policy: pulumi.jsonStringify(document),
      tags,
    },
    opts,
  );
}
