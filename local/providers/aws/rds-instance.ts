import type { CreateDBInstanceCommandInput, DBInstance } from "@aws-sdk/client-rds";
import { type Before, flagIn, type Handler, textIn, told, wholeIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AwsClients, unlessNamed } from "./clients";
import { bringTags, rdsTags } from "./rds-tags";
import type { ServerBehind } from "./server-behind";
import { awsTags, tagOutputs } from "./tags";

const GONE = ["DBInstanceNotFound", "DBInstanceNotFoundFault"];

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
  availabilityZone: "AvailabilityZone",
};

function translated(inputs: Properties, names: Readonly<Record<string, string>>): Properties {
  const known = Object.entries(names).filter(([key]) => inputs[key] !== undefined);
  return Object.fromEntries(known.map(([key, name]) => [name, inputs[key]]));
}

/** What every instance has, declared or not. */
function givenByAws(instance: DBInstance | undefined) {
  const { DbiResourceId: id = "", DBInstanceArn: arn = "", Endpoint } = instance ?? {};
  const { Address: address = "", Port: port = 5432 } = Endpoint ?? {};
  const engineVersionActual = instance?.EngineVersion ?? "";
  const endpoint = `${address}:${port}`;
  return { id, arn, address, port, endpoint, engineVersionActual, resourceId: id, status: "available" };
}

/** Where the program says nothing of these, nothing changes. */
const LEFT_TO_AWS: readonly string[] = [...Object.keys(givenByAws(undefined)), "availabilityZone", "tagsAll"];

function made(inputs: Properties, instance: DBInstance | undefined) {
  const given = givenByAws(instance);
  return { id: given.id, outputs: { ...inputs, ...tagOutputs(inputs), ...given } };
}

/** What the emulator says of an instance, under the names of inputs and outputs. */
function described(instance: DBInstance): Properties {
  const same = Object.entries({ ...API_NAMES, ...FIXED }).map(([key, name]) => [
    key,
    instance[name as keyof DBInstance],
  ]);
  return {
    ...Object.fromEntries(same),
    ...givenByAws(instance),
    identifier: instance.DBInstanceIdentifier,
    dbSubnetGroupName: instance.DBSubnetGroup?.DBSubnetGroupName,
    vpcSecurityGroupIds: instance.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
    parameterGroupName: instance.DBParameterGroups?.[0]?.DBParameterGroupName,
  };
}

/**
 * `aws:rds/instance:Instance`: an instance in the emulator, and the local server as the instance behind it, with the
 * declared master user and database. Another identifier renames it; internal/service/rds/instance.go of the provider.
 */
export function instanceHandler(aws: AwsClients, server: ServerBehind): Handler {
  const declared = (inputs: Properties) => ({
    username: textIn(inputs, "username"),
    password: textIn(inputs, "password"),
    database: textIn(inputs, "dbName"),
  });
  const find = async (identifier: string) => {
    const client = await aws.rds();
    const found = await unlessNamed(GONE, () =>
      client.describeDBInstances({ DBInstanceIdentifier: identifier }),
    );
    return found?.DBInstances?.[0];
  };
  const findBefore = ({ id, inputs }: Before) => find(textIn(inputs, "identifier") || id);
  const modify = async (present: DBInstance | undefined, before: Properties, inputs: Properties) => {
    const client = await aws.rds();
    const wanted = textIn(inputs, "identifier");
    // An interrupted run may have renamed it already.
    const DBInstanceIdentifier = present?.DBInstanceIdentifier ?? wanted;
    const rename = DBInstanceIdentifier === wanted ? {} : { NewDBInstanceIdentifier: wanted };
    const { Port: _notByThatName, ...changes } = translated(inputs, API_NAMES);
    await client.modifyDBInstance({ DBInstanceIdentifier, ...rename, ApplyImmediately: true, ...changes });
    const modified = await find(wanted);
    await bringTags(client, modified?.DBInstanceArn ?? "", before, inputs);
    return made(inputs, modified);
  };
  return {
    home: "emulator",
    replaceOn: [
      "availabilityZone",
      "identifierPrefix",
      "engine",
      "dbName",
      "username",
      "storageEncrypted",
      "kmsKeyId",
    ],
    sets: ["vpcSecurityGroupIds", "enabledCloudwatchLogsExports"],
    defaults: {
      autoMinorVersionUpgrade: true,
      copyTagsToSnapshot: false,
      monitoringInterval: 0,
      performanceInsightsEnabled: false,
      publiclyAccessible: false,
      skipFinalSnapshot: false,
    },
    same: (name, before, after) =>
      (LEFT_TO_AWS.includes(name) && after[name] === undefined) ||
      // What has grown by itself is not to shrink.
      (name === "allocatedStorage" &&
        wholeIn(before, name, 0) > wholeIn(after, name, 0) &&
        wholeIn(after, "maxAllocatedStorage", 0) > wholeIn(after, name, 0)),
    create: async (inputs, call) => {
      const identifier = textIn(inputs, "identifier");
      const present = await find(identifier);
      // Its identifier is no name to the bridge, so that the old one is still there, as on AWS.
      if (present !== undefined && present.DbiResourceId === call.replaces)
        throw new Error(`DB instance ${identifier} already exists: a new one needs another identifier`);
      await server.ensure(declared(inputs));
      if (present !== undefined) return modify(present, {}, inputs);
      const client = await aws.rds();
      await aws.seed(call.seed);
      const { DBInstance: created } = await client.createDBInstance({
        DBInstanceIdentifier: identifier,
        ...translated(inputs, { ...API_NAMES, ...FIXED }),
        Tags: awsTags(inputs),
      } as CreateDBInstanceCommandInput);
      return made(inputs, created);
    },
    update: async (before, inputs) => {
      await server.ensure(declared(inputs));
      return modify(await findBefore(before), before.inputs, inputs);
    },
    read: async (before) => {
      const instance = await findBefore(before);
      if (instance === undefined) return undefined;
      const tags = await rdsTags(await aws.rds(), instance.DBInstanceArn);
      return told(before, { ...described(instance), ...tags }, { sets: ["vpcSecurityGroupIds"] });
    },
    remove: async (before) => {
      const client = await aws.rds();
      const DBInstanceIdentifier = textIn(before.inputs, "identifier");
      await unlessNamed(GONE, async () => {
        if (!flagIn(before.inputs, "deletionProtection")) {
          await client.modifyDBInstance({ DBInstanceIdentifier, DeletionProtection: false });
        }
        await client.deleteDBInstance({ DBInstanceIdentifier, SkipFinalSnapshot: true });
      });
      await server.drop(declared(before.inputs));
    },
  };
}
