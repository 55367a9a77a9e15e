import { getSecretVersion, Secret, SecretVersion } from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import { declare } from "../declare";
import { lifecycleOf } from "../lifecycle";
import { MistakeError, messageOf } from "../mistake";
import { DATABASE } from "../names";
import { parseDeployerSecret } from "./deployer-credentials";

/**
 * Reads a deployer's secret from Secrets Manager. The result of that call is not secret to the engine by itself, so it
 * is made so; address and port are none.
 */
export function readDeployerSecret(name: string) {
  const read = getSecretVersion({ secretId: name }).catch((thrown: unknown) => {
    // The first line says what AWS answered; what follows is the provider's.
    const [why = ""] = messageOf(thrown).split("\n");
    throw new MistakeError(
      `the secret ${name} cannot be read: deploy the stack prod first, and use a role that may read it (${why})`,
    );
  });
  const value = pulumi.secret(read).apply(({ secretString }) => parseDeployerSecret(name, secretString));
  return {
    host: pulumi.unsecret(value.host),
    port: pulumi.unsecret(value.port),
    username: pulumi.unsecret(value.username),
    password: value.password,
  };
}

/** A deployer's credentials. */
export interface DeployerSecretArgs {
  /** Name of the secret, e.g. `portal-db/admin`. */
  secret: string;
  /** Whose credentials they are, for people. */
  description: string;
  /** Role that logs in. */
  username: string;
  /** Its password; a secret. */
  password: pulumi.Input<string>;
  /** Database that it works in. */
  database: string;
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
 * A deployer's credentials as a secret of their own. No app's policy reads it.
 * @returns the secret's ARN, known once its value is stored
 */
export function declareDeployerSecret(
  name: string,
  args: DeployerSecretArgs,
  opts?: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { protect, secretRecoveryDays } = lifecycleOf("prod");
  const secret = declare(
    Secret,
    name,
    {
      name: args.secret,
      description: `${args.description} of ${DATABASE}`,
      kmsKeyId: args.kmsKeyArn,
      recoveryWindowInDays: secretRecoveryDays,
      tags: args.tags,
    },
    { ...opts, protect },
  );
  const { username, password, host, port, database } = args;
  const value = declare(
    SecretVersion,
    `${name}-value`,
    {
      secretId: secret.id,
      secretString: pulumi.secret(
        pulumi.jsonStringify({ engine: "postgres", host, port, dbname: database, username, password }),
      ),
    },
    { ...opts },
  );
  return value.arn;
}
