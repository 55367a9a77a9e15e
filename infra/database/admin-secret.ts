import { Secret, SecretVersion } from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import { declare } from "../declare";
import { lifecycleOf } from "../lifecycle";
import { ADMIN_SECRET, DATABASE } from "../names";

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
