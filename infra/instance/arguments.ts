import type { InstanceArgs } from "@pulumi/aws/rds";
import type { OwnerConfig } from "../config/config";
import { DATABASE } from "../names";
import {
  EXPORTED_LOGS,
  INSIGHTS_RETENTION_DAYS,
  instanceIdentifier,
  MONITORING_INTERVAL_SECONDS,
  POSTGRES_PORT,
} from "./settings";

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
    username: config.adminUsername,
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
  } satisfies InstanceArgs;
}
