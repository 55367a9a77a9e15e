import type { CreateDBInstanceCommandInput, DBInstance } from "@aws-sdk/client-rds";
import { flagIn, type Handler, textIn, wholeIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AwsClients, unlessNamed } from "./clients";
import type { ServerBehind } from "./server-behind";
import { awsTags, tagOutputs } from "./tags";

/** Inputs by the API's names for them. */
const API_NAMES: Readonly<Record<string, string>> = {
  engineVersion: "EngineVersion",
  instanceClass: "DBInstanceClass",
  allocatedStorage: "AllocatedStorage",
  maxAllocatedStorage: "MaxAllocatedStorage",
  storageType: "StorageType",
  multiAz: "MultiAZ",
  port: "Port",
  password: "MasterUserPassword",
  publiclyAccessible: "PubliclyAccessible",
  dbSubnetGroupName: "DBSubnetGroupName",
  vpcSecurityGroupIds: "VpcSecurityGroupIds",
  parameterGroupName: "DBParameterGroupName",
  backupRetentionPeriod: "BackupRetentionPeriod",
  copyTagsToSnapshot: "CopyTagsToSnapshot",
  deletionProtection: "DeletionProtection",
  monitoringInterval: "MonitoringInterval",
  monitoringRoleArn: "MonitoringRoleArn",
  autoMinorVersionUpgrade: "AutoMinorVersionUpgrade",
  performanceInsightsEnabled: "EnablePerformanceInsights",
};
/** Inputs that only a new instance can have. */
const FIXED: Readonly<Record<string, string>> = {
  engine: "Engine",
  dbName: "DBName",
  username: "MasterUsername",
  storageEncrypted: "StorageEncrypted",
  kmsKeyId: "KmsKeyId",
};

function translated(inputs: Properties, names: Readonly<Record<string, string>>): Properties {
  const known = Object.entries(names).filter(([key]) => inputs[key] !== undefined);
  return Object.fromEntries(known.map(([key, name]) => [name, inputs[key]]));
}

function made(inputs: Properties, instance: DBInstance | undefined) {
  const address = instance?.Endpoint?.Address ?? "";
  const port = wholeIn(inputs, "port", instance?.Endpoint?.Port ?? 5432);
  const id = instance?.DbiResourceId ?? textIn(inputs, "identifier");
  const arn = instance?.DBInstanceArn ?? "";
  const engineVersionActual = instance?.EngineVersion ?? textIn(inputs, "engineVersion");
  const endpoint = `${address}:${port}`;
  const where = { arn, address, port, endpoint, engineVersionActual, resourceId: id, status: "available" };
  return { id, outputs: { ...inputs, ...tagOutputs(inputs), ...where } };
}

/**
 * `aws:rds/instance:Instance`: an instance in the emulator, and the local server as the instance behind it, with the
 * declared master user and database.
 */
export function instanceHandler(aws: AwsClients, server: ServerBehind): Handler {
  const declared = (inputs: Properties) => ({
    username: textIn(inputs, "username"),
    password: textIn(inputs, "password"),
    database: textIn(inputs, "dbName"),
  });
  const find = async (identifier: string) => {
    const client = await aws.rds();
    const found = await unlessNamed(["DBInstanceNotFound", "DBInstanceNotFoundFault"], () =>
      client.describeDBInstances({ DBInstanceIdentifier: identifier }),
    );
    return found?.DBInstances?.[0];
  };
  const modify = async (inputs: Properties) => {
    const client = await aws.rds();
    const { DBPort: _port, ...changes } = translated(inputs, API_NAMES);
    const DBInstanceIdentifier = textIn(inputs, "identifier");
    const { Port: _same, ...rest } = changes;
    await client.modifyDBInstance({ DBInstanceIdentifier, ApplyImmediately: true, ...rest });
    return made(inputs, await find(DBInstanceIdentifier));
  };
  return {
    home: "emulator",
    replaceOn: [
      "identifier",
      "identifierPrefix",
      "engine",
      "dbName",
      "username",
      "storageEncrypted",
      "kmsKeyId",
    ],
    sets: ["vpcSecurityGroupIds", "enabledCloudwatchLogsExports"],
    create: async (inputs, call) => {
      await server.ensure(declared(inputs));
      const identifier = textIn(inputs, "identifier");
      if ((await find(identifier)) !== undefined) return modify(inputs);
      const client = await aws.rds();
      await aws.seed(call.seed);
      const { DBInstance: created } = await client.createDBInstance({
        DBInstanceIdentifier: identifier,
        ...translated(inputs, { ...API_NAMES, ...FIXED }),
        Tags: awsTags(inputs),
      } as CreateDBInstanceCommandInput);
      return made(inputs, created);
    },
    update: async (_before, inputs) => {
      await server.ensure(declared(inputs));
      return modify(inputs);
    },
    remove: async (before) => {
      const client = await aws.rds();
      const DBInstanceIdentifier = textIn(before.inputs, "identifier");
      await unlessNamed(["DBInstanceNotFound", "DBInstanceNotFoundFault"], async () => {
        if (!flagIn(before.inputs, "deletionProtection")) {
          await client.modifyDBInstance({ DBInstanceIdentifier, DeletionProtection: false });
        }
        await client.deleteDBInstance({ DBInstanceIdentifier, SkipFinalSnapshot: true });
      });
      await server.drop(declared(before.inputs));
    },
  };
}
