import { createHash } from "node:crypto";
import type { InstanceArgs } from "@pulumi/aws/rds";
import type { OwnerConfig } from "../config/config";
import { DATABASE } from "../names";

/** Identifier of the instance when none is adopted. */
const INSTANCE_IDENTIFIER = "ecomos-prod";

/** Identifier of the stack's instance; names of what belongs to it derive from it. */
export function instanceIdentifier({
  adoptInstance,
}: {
  readonly adoptInstance?: string | undefined;
}): string {
  return adoptInstance ?? INSTANCE_IDENTIFIER;
}

/** Letters that IAM lets a role's name have. */
const MOST_OF_ROLE = 64;

/**
 * The name of a role that belongs to the instance. An identifier may have 63 letters: one that is too long for the end is
 * cut, and a part of its hash keeps two of them apart.
 */
export function roleNameOf(identifier: string, end: string): string {
  const whole = `${identifier}${end}`;
  if (whole.length <= MOST_OF_ROLE) return whole;
  const hash = createHash("sha256").update(identifier).digest("hex").slice(0, 8);
  return `${identifier.slice(0, MOST_OF_ROLE - end.length - hash.length - 1)}-${hash}${end}`;
}

/** End of the name of enhanced monitoring's role. */
export const MONITORING_END = "-monitoring";

/** End of the names of the bastion, its role and its profile: no other machine has theirs. */
export const BASTION_END = "-bastion";

/** Architecture of an EC2 instance type: Graviton's have a `g` after the generation, as in `t4g.nano` and `c7gn.medium`. */
export function architectureOf(instanceType: string): "arm64" | "x86_64" {
  return /^[a-z]+\d+g/.test(instanceType) ? "arm64" : "x86_64";
}

/** Postgres's port, inside the VPC. */
export const POSTGRES_PORT = 5432;

/**
 * What the instance uses, and whose name changes with what it is made of: the new one is made beside it, and the old one
 * goes when the instance has moved. Left to itself the provider deletes first whatever a program names, which AWS refuses.
 */
export const IN_USE = { deleteBeforeReplace: false } as const;

/** Seconds between enhanced monitoring's samples. */
const MONITORING_INTERVAL_SECONDS = 60;

/** Days of Performance Insights that RDS keeps free of charge. */
const INSIGHTS_RETENTION_DAYS = 7;

/** Logs that go to CloudWatch. */
export const EXPORTED_LOGS = ["postgresql", "upgrade"] as const;

/** Days for which logs are kept where neither the stack's file nor a group that is there says more. */
export const DEFAULT_LOG_RETENTION_DAYS = 90;

/**
 * Inputs that an adopted instance keeps as they are: a change would replace it (storage encryption and its
 * key, the database it was first made with) or move it to another network.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
 */
const KEPT_WHEN_ADOPTED = ["dbName", "dbSubnetGroupName", "kmsKeyId", "storageEncrypted"] as const;

/**
 * What an adopted instance keeps. An import reads the whole version (17.9): the major one alone (17) would be a
 * change to RDS's default minor version, an upgrade or a refused downgrade, so it counts in a major upgrade alone.
 */
export function keptWhenAdopted(allowMajorVersionUpgrade: boolean): string[] {
  return allowMajorVersionUpgrade ? [...KEPT_WHEN_ADOPTED] : [...KEPT_WHEN_ADOPTED, "engineVersion"];
}

/** Parameter group family of a Postgres major version, e.g. `postgres17`. */
export function parameterFamily(engineVersion: string): string {
  return `postgres${engineVersion}`;
}

/** Lets RDS's enhanced monitoring write to CloudWatch. */
export const MONITORING_TRUST = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "monitoring.rds.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
} as const;

/** AWS's own policy for that role. */
export const MONITORING_POLICY_ARN = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole";

/**
 * AWS's own policy for a machine that Session Manager opens sessions on, without the account's parameters, which
 * AmazonSSMManagedInstanceCore reads. Not one of ours: whoever deploys would have to be let write what a role may do.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSSMManagedEC2InstanceDefaultPolicy.html
 */
export const SESSION_POLICY_ARN = "arn:aws:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy";

/**
 * The instance's arguments that config and this project decide alone. Encryption, privacy, backups and protection are
 * among them as constants: a setting could turn them off.
 */
export function instanceArguments(config: OwnerConfig) {
  return {
    identifier: instanceIdentifier(config),
    engine: "postgres",
    engineVersion: config.engineVersion,
    allowMajorVersionUpgrade: config.allowMajorVersionUpgrade,
    autoMinorVersionUpgrade: true,
    instanceClass: config.instanceClass,
    allocatedStorage: config.allocatedStorageGib,
    maxAllocatedStorage: config.maxAllocatedStorageGib,
    storageType: "gp3",
    storageEncrypted: true,
    multiAz: config.multiAz,
    dbName: DATABASE,
    port: POSTGRES_PORT,
    username: config.masterUsername,
    publiclyAccessible: false,
    backupRetentionPeriod: config.backupRetentionDays,
    copyTagsToSnapshot: true,
    deletionProtection: true,
    skipFinalSnapshot: false,
    monitoringInterval: MONITORING_INTERVAL_SECONDS,
    performanceInsightsEnabled: true,
    performanceInsightsRetentionPeriod: INSIGHTS_RETENTION_DAYS,
    databaseInsightsMode: "standard",
    enabledCloudwatchLogsExports: [...EXPORTED_LOGS],
    // Said only where it is on: an instance that has never had it has no such input.
    ...(config.iamDatabaseAuthentication ? { iamDatabaseAuthenticationEnabled: true } : {}),
  } satisfies InstanceArgs;
}
