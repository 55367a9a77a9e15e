import type { DBInstance } from "@aws-sdk/client-rds";
import { type Before, textIn } from "../../../local/engine/handler";
import type { Properties } from "../../../local/engine/values";
import { type AwsClients, unlessNamed } from "../../../local/providers/aws/clients";
import { type Reader, type Told, toldInputs } from "./found";

const GONE = [
  "ResourceNotFoundException",
  "NotFoundException",
  "NoSuchEntityException",
  "DBInstanceNotFound",
  "DBInstanceNotFoundFault",
  "DBSubnetGroupNotFoundFault",
  "DBParameterGroupNotFound",
  "DBParameterGroupNotFoundFault",
];

/** Performance Insights and the exported logs are not among them: the emulator forgets them. */
function instanceTells(instance: DBInstance): Record<string, Told> {
  return {
    identifier: [instance.DBInstanceIdentifier, undefined],
    engine: [instance.Engine, undefined],
    engineVersion: [instance.EngineVersion, undefined],
    instanceClass: [instance.DBInstanceClass, undefined],
    allocatedStorage: [instance.AllocatedStorage, undefined],
    maxAllocatedStorage: [instance.MaxAllocatedStorage, undefined],
    storageType: [instance.StorageType, undefined],
    storageEncrypted: [instance.StorageEncrypted, false],
    kmsKeyId: [instance.KmsKeyId, undefined],
    multiAz: [instance.MultiAZ, false],
    dbName: [instance.DBName, undefined],
    username: [instance.MasterUsername, undefined],
    backupRetentionPeriod: [instance.BackupRetentionPeriod, 0],
    deletionProtection: [instance.DeletionProtection, false],
    publiclyAccessible: [instance.PubliclyAccessible, false],
    dbSubnetGroupName: [instance.DBSubnetGroup?.DBSubnetGroupName, undefined],
    parameterGroupName: [instance.DBParameterGroups?.[0]?.DBParameterGroupName, undefined],
  };
}

/** Readers of what lives in the emulator; what is only recorded has none, and is as it was recorded. */
export function awsReaders(aws: AwsClients): Readonly<Record<string, Reader>> {
  /** There, when an answer comes; gone, when the service does not know it. */
  const whenAnswered =
    (ask: (before: Before) => Promise<unknown>): Reader =>
    async (before) => {
      const answer = await unlessNamed(GONE, () => ask(before));
      return answer === undefined || answer === false ? undefined : { inputs: {} };
    };
  return {
    "aws:secretsmanager/secret:Secret": async (before) => {
      const client = await aws.secrets();
      const found = await unlessNamed(GONE, () => client.describeSecret({ SecretId: before.id }));
      if (found === undefined || found.DeletedDate !== undefined) return undefined;
      const told = { description: [found.Description, ""], kmsKeyId: [found.KmsKeyId, undefined] } as const;
      return { inputs: toldInputs(before.inputs, told) };
    },
    "aws:secretsmanager/secretVersion:SecretVersion": async (before) => {
      const client = await aws.secrets();
      const which = {
        SecretId: textIn(before.inputs, "secretId"),
        VersionId: textIn(before.outputs, "versionId"),
      };
      const found = await unlessNamed(GONE, () => client.getSecretValue(which));
      return (
        found && { inputs: toldInputs(before.inputs, { secretString: [found.SecretString, undefined] }) }
      );
    },
    "aws:kms/key:Key": async (before) => {
      const client = await aws.kms();
      const found = await unlessNamed(GONE, () => client.describeKey({ KeyId: before.id }));
      if (found === undefined || found.KeyMetadata?.DeletionDate !== undefined) return undefined;
      return { inputs: toldInputs(before.inputs, { description: [found.KeyMetadata?.Description, ""] }) };
    },
    "aws:kms/alias:Alias": async (before) => {
      const { Aliases = [] } = await (await aws.kms()).listAliases({});
      const found = Aliases.find(({ AliasName }) => AliasName === before.id);
      return found && { inputs: toldInputs(before.inputs, { targetKeyId: [found.TargetKeyId, undefined] }) };
    },
    "aws:iam/policy:Policy": whenAnswered(async ({ id }) => (await aws.iam()).getPolicy({ PolicyArn: id })),
    "aws:iam/role:Role": whenAnswered(async ({ id }) => (await aws.iam()).getRole({ RoleName: id })),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": whenAnswered(async ({ inputs }) => {
      const client = await aws.iam();
      const { AttachedPolicies = [] } = await client.listAttachedRolePolicies({
        RoleName: textIn(inputs, "role"),
      });
      return AttachedPolicies.some(({ PolicyArn }) => PolicyArn === textIn(inputs, "policyArn"));
    }),
    "aws:rds/subnetGroup:SubnetGroup": whenAnswered(async ({ id }) =>
      (await aws.rds()).describeDBSubnetGroups({ DBSubnetGroupName: id }),
    ),
    "aws:rds/parameterGroup:ParameterGroup": whenAnswered(async ({ id }) =>
      (await aws.rds()).describeDBParameterGroups({ DBParameterGroupName: id }),
    ),
    "aws:rds/instance:Instance": async (before) => {
      const client = await aws.rds();
      const DBInstanceIdentifier = textIn(before.inputs, "identifier") || before.id;
      const found = await unlessNamed(GONE, () => client.describeDBInstances({ DBInstanceIdentifier }));
      const instance = found?.DBInstances?.[0];
      return instance && { ...wayTo(instance), inputs: toldInputs(before.inputs, instanceTells(instance)) };
    },
  };
}

/** What only an instance itself knows: its id and its address. */
function wayTo({ DbiResourceId, DBInstanceArn, Endpoint }: DBInstance): { id: string; outputs: Properties } {
  const { Address: address = "", Port: port = 5432 } = Endpoint ?? {};
  const outputs = {
    arn: DBInstanceArn,
    address,
    port,
    endpoint: `${address}:${port}`,
    resourceId: DbiResourceId,
  };
  return { id: DbiResourceId ?? "", outputs };
}
