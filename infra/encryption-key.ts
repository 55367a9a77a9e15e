import { Alias, Key } from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";
import { ageLabel } from "./age-label";
import { declare } from "./declare";
import { lifecycleOf } from "./lifecycle";
import { PROJECT } from "./names";

/** A KMS key of the project. */
export interface EncryptionKeyArgs {
  /** Alias without `alias/`, e.g. `portal-db-prod-secrets`. */
  alias: string;
  /** What it encrypts. */
  description: string;
  /** Days until a deleted key is gone, 7 to 30. */
  deletionDays: number;
  /** Tags of the key. */
  tags: Record<string, string>;
}

/** A KMS key that AWS rotates each year, with an alias that people recognise. */
export function declareEncryptionKey(
  name: string,
  args: EncryptionKeyArgs,
  opts: pulumi.CustomResourceOptions,
): Key {
  const key = declare(
    Key,
    name,
    {
      description: args.description,
      enableKeyRotation: true,
      deletionWindowInDays: args.deletionDays,
      tags: args.tags,
    },
    opts,
  );
  declare(
    Alias,
    `${name}-alias`,
    { name: `alias/${args.alias}`, targetKeyId: key.keyId },
    { parent: opts.parent },
  );
  return key;
}

/** The key of a stack's secrets. */
export interface StackKeyArgs {
  /** Stack that owns the key. */
  stack: string;
  /** Environment that decides how hard the key is to lose. */
  environment: string;
  /** Tags of the key. */
  tags: Record<string, string>;
}

/**
 * The key that encrypts every secret of a stack.
 * @returns its ARN
 */
export function declareStackKey(name: string, args: StackKeyArgs): pulumi.Output<string> {
  const { protect, keyDeletionDays } = lifecycleOf(args.environment);
  const age = ageLabel(args.stack, new Date());
  return declareEncryptionKey(
    name,
    {
      alias: `${PROJECT}-${args.stack}`,
      description: `Secrets of the stack ${args.stack} of ${PROJECT}`,
      deletionDays: keyDeletionDays,
      tags: { ...args.tags, ...age?.tags },
    },
    { protect, ...(age === undefined ? {} : { ignoreChanges: age.ignoreChanges }) },
  ).arn;
}
