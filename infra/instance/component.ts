import { Role, RolePolicyAttachment } from "@pulumi/aws/iam";
import { Instance, ParameterGroup } from "@pulumi/aws/rds";
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";
import type { OwnerConfig } from "../config/config";
import { declare } from "../declare";
import { declareEncryptionKey } from "../encryption-key";
import { lifecycleOf } from "../lifecycle";
import { requireSupported } from "../postgres-version";
import { declareLogGroups, type PresentLogGroup } from "./log-groups";
import { InstanceNetwork } from "./network";
import { parametersOf } from "./parameters";
import {
  IN_USE,
  instanceArguments,
  instanceIdentifier,
  keptWhenAdopted,
  MONITORING_END,
  MONITORING_POLICY_ARN,
  MONITORING_TRUST,
  parameterFamily,
  roleNameOf,
} from "./settings";

/** The instance and what belongs to it. */
export interface DatabaseInstanceArgs {
  /** The stack's settings: class, storage, network, backups, the identifier to adopt. */
  config: OwnerConfig;
  /** Password of the master user; a secret. */
  password: pulumi.Input<string>;
  /** Log groups of the instance that are there already. */
  logGroups: readonly PresentLogGroup[];
  /** Tags of every resource. */
  tags: Record<string, string>;
}

/**
 * The RDS instance, created or adopted, with its key, network, parameter group and monitoring.
 * Encrypted, private, backed up, protected; there is no setting that turns this off.
 */
export class DatabaseInstance extends pulumi.ComponentResource {
  public readonly identifier: pulumi.Output<string>;
  /** Host name alone; `endpoint` would carry the port. Of a version that is too old there is none. */
  public readonly address: pulumi.Output<string>;
  public readonly port: pulumi.Output<number>;
  public readonly arn: pulumi.Output<string>;
  /** Its `db-…`, by which IAM knows it. */
  public readonly resourceId: pulumi.Output<string>;
  /** Security group that says who reaches it. */
  public readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: DatabaseInstanceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:DatabaseInstance", name, {}, opts);
    const { config, tags } = args;
    const identifier = instanceIdentifier(config);
    const { protect, keyDeletionDays } = lifecycleOf("prod");
    const child = { parent: this };

    const key = declareEncryptionKey(
      `${name}-key`,
      { alias: identifier, description: `Storage of ${identifier}`, deletionDays: keyDeletionDays, tags },
      { ...child, protect },
    );
    const network = new InstanceNetwork(
      `${name}-network`,
      {
        identifier,
        vpcId: config.vpcId,
        subnetIds: config.subnetIds,
        allowedSources: config.allowedSources,
        tags,
      },
      child,
    );
    const family = parameterFamily(config.engineVersion);
    const parameterGroup = declare(
      ParameterGroup,
      `${name}-parameters`,
      // The family stands in the name: a major upgrade makes a new group beside the old one.
      { name: `${identifier}-${family}`, family, parameters: parametersOf(config), tags },
      { ...child, ...IN_USE },
    );
    const finalSnapshot = declare(
      RandomId,
      `${name}-final-snapshot`,
      { byteLength: 4, keepers: { identifier } },
      child,
    );

    const logGroups = declareLogGroups(
      `${name}-logs`,
      { identifier, retentionDays: config.logRetentionDays, present: args.logGroups, tags },
      child,
    );

    const instance = declare(
      Instance,
      name,
      {
        ...instanceArguments(config),
        password: args.password,
        kmsKeyId: key.arn,
        dbSubnetGroupName: network.subnetGroupName,
        vpcSecurityGroupIds: [network.securityGroupId],
        parameterGroupName: parameterGroup.name,
        finalSnapshotIdentifier: pulumi.interpolate`${identifier}-final-${finalSnapshot.hex}`,
        monitoringRoleArn: declareMonitoringRole(`${name}-monitoring`, { identifier, tags }, child),
        tags: { ...config.instanceTags, ...tags },
      },
      {
        ...child,
        protect,
        // The way in stands before an adopted instance moves to this security group, and goes after everything. A log
        // group that is not there yet is made before RDS makes it.
        dependsOn: [network, ...logGroups],
        ...(config.adoptInstance === undefined
          ? {}
          : { import: identifier, ignoreChanges: keptWhenAdopted(config.allowMajorVersionUpgrade) }),
      },
    );
    this.identifier = instance.identifier;
    this.arn = instance.arn;
    this.resourceId = instance.resourceId;
    const version = pulumi.output(instance.engineVersionActual);
    this.address = pulumi.all([instance.address, version]).apply(([address, actual]) => {
      requireSupported(actual);
      return address;
    });
    this.port = instance.port;
    this.securityGroupId = network.securityGroupId;
    this.registerOutputs({ identifier: this.identifier, address: this.address, port: this.port });
  }
}

/** The role of an instance's enhanced monitoring. */
export interface MonitoringRoleArgs {
  /** Identifier of the instance. */
  identifier: string;
  /** Tags of the role. */
  tags: Record<string, string>;
}

/**
 * The role in which RDS writes operating system metrics to CloudWatch.
 * @returns its ARN, known once its policy is attached: RDS tries the role when the instance is made
 */
function declareMonitoringRole(
  name: string,
  { identifier, tags }: MonitoringRoleArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const role = declare(
    Role,
    name,
    {
      name: roleNameOf(identifier, MONITORING_END),
      description: `Enhanced monitoring of ${identifier}`,
      assumeRolePolicy: JSON.stringify(MONITORING_TRUST),
      tags,
    },
    { ...opts, ...IN_USE },
  );
  const attachment = declare(
    RolePolicyAttachment,
    `${name}-policy`,
    { role: role.name, policyArn: MONITORING_POLICY_ARN },
    opts,
  );
  return pulumi.all([role.arn, attachment.id]).apply(([arn]) => arn);
}
