import { getSecretVersionOutput, Secret, SecretVersion } from "@pulumi/aws/secretsmanager";
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { adminSslMode, type SslMode } from "../app/database-url";
import { declare } from "../declare";
import { lifecycleOf } from "../lifecycle";
import { ADMIN_SECRET, DATABASE, PASSWORD_LENGTH } from "../names";
import { parseAdminSecret } from "./admin-credentials";

/** Seconds until a server that does not answer is an error. */
const CONNECT_TIMEOUT_SECONDS = 15;

/** How the provider reaches the server. */
export interface AdminProviderArgs {
  /** The admin endpoint's host: the instance, or the tunnel. */
  host: pulumi.Input<string>;
  /** The admin endpoint's port. */
  port: pulumi.Input<number>;
  /** Master user of the instance. */
  username: pulumi.Input<string>;
  /** Its password; a secret. */
  password: pulumi.Input<string>;
  /** The stack's mode; the provider verifies when it has the CA bundle. */
  sslmode: SslMode;
  /** Path of the RDS CA bundle. */
  caBundle?: string | undefined;
}

/**
 * The Postgres provider, as the instance's master user: not a superuser.
 * @param opts `dependsOn` the instance where the stack makes it: an admin endpoint of its own says nothing of it
 */
export function declareAdminProvider(
  name: string,
  args: AdminProviderArgs,
  opts?: pulumi.ResourceOptions,
): postgresql.Provider {
  const { caBundle, sslmode } = args;
  return declare(
    postgresql.Provider,
    name,
    {
      host: args.host,
      port: args.port,
      username: args.username,
      password: args.password,
      database: DATABASE,
      superuser: false,
      connectTimeout: CONNECT_TIMEOUT_SECONDS,
      sslmode: pulumi.output(args.host).apply((host) => adminSslMode(sslmode, host, caBundle !== undefined)),
      ...(caBundle === undefined ? {} : { sslrootcert: caBundle }),
    },
    opts,
  );
}

/** The admin's password: the configured one, or one that is generated once and kept. */
export function declareAdminPassword(name: string, configured: string | undefined): pulumi.Output<string> {
  if (configured !== undefined) return pulumi.secret(configured);
  return declare(RandomPassword, name, { length: PASSWORD_LENGTH, special: false }).result;
}

/**
 * Reads the admin's secret from Secrets Manager. The result of that call is not secret to the engine by
 * itself, so it is made so.
 */
export function readAdminPassword(secretId: pulumi.Input<string>): pulumi.Output<string> {
  const { secretString } = getSecretVersionOutput({ secretId });
  return pulumi.secret(secretString).apply((text) => parseAdminSecret(text).password);
}

/** The admin's own credentials. */
export interface AdminSecretArgs {
  /** Master user of the instance. */
  username: string;
  /** Its password; a secret. */
  password: pulumi.Input<string>;
  /** The instance's address. */
  host: pulumi.Input<string>;
  /** The instance's port. */
  port: pulumi.Input<number>;
  /** Key that encrypts the secret. */
  kmsKeyArn: pulumi.Input<string>;
  /** Tags of the secret. */
  tags: Record<string, string>;
}

/**
 * The admin's credentials as a secret of their own, which the dev stack borrows. No app's policy reads it.
 * @returns the secret's ARN, known once its value is stored
 */
export function declareAdminSecret(
  name: string,
  args: AdminSecretArgs,
  opts?: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { protect, secretRecoveryDays } = lifecycleOf("prod");
  const secret = declare(
    Secret,
    name,
    {
      name: ADMIN_SECRET,
      description: `Master user of the instance of ${DATABASE}`,
      kmsKeyId: args.kmsKeyArn,
      recoveryWindowInDays: secretRecoveryDays,
      tags: args.tags,
    },
    { ...opts, protect },
  );
  const { username, password, host, port } = args;
  const value = declare(
    SecretVersion,
    `${name}-value`,
    {
      secretId: secret.id,
      secretString: pulumi.secret(
        pulumi.jsonStringify({ engine: "postgres", host, port, dbname: DATABASE, username, password }),
      ),
    },
    { ...opts },
  );
  return value.arn;
}
