import { isOn } from "../../access/declared-resource";
import { PROTECTION, valueIn } from "./changed";
import type { PreviewedResource } from "./resource";

/**
 * When RDS makes a change, by the provider's names: `waits` for the maintenance window unless the change is to be
 * applied immediately, which the stacks leave unset; the rest ignore that. Tags and the like change nothing that runs.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
 */
const TIMING: Readonly<Record<string, "waits" | "at once" | "reboot" | "restarts" | "nothing runs">> = {
  allocatedStorage: "waits",
  caCertIdentifier: "waits",
  dbSubnetGroupName: "waits",
  dedicatedLogVolume: "waits",
  domain: "waits",
  engineVersion: "waits",
  iamDatabaseAuthenticationEnabled: "waits",
  identifier: "waits",
  instanceClass: "waits",
  iops: "waits",
  licenseModel: "waits",
  multiAz: "waits",
  networkType: "waits",
  optionGroupName: "waits",
  storageThroughput: "waits",
  storageType: "waits",
  autoMinorVersionUpgrade: "at once",
  copyTagsToSnapshot: "at once",
  databaseInsightsMode: "at once",
  deletionProtection: "at once",
  enabledCloudwatchLogsExports: "at once",
  maintenanceWindow: "at once",
  maxAllocatedStorage: "at once",
  monitoringInterval: "at once",
  monitoringRoleArn: "at once",
  performanceInsightsEnabled: "at once",
  performanceInsightsRetentionPeriod: "at once",
  publiclyAccessible: "at once",
  backupWindow: "at once",
  password: "at once",
  vpcSecurityGroupIds: "at once",
  parameterGroupName: "reboot",
  port: "restarts",
  allowMajorVersionUpgrade: "nothing runs",
  applyImmediately: "nothing runs",
  deleteAutomatedBackups: "nothing runs",
  finalSnapshotIdentifier: "nothing runs",
  [PROTECTION]: "nothing runs",
  skipFinalSnapshot: "nothing runs",
  tags: "nothing runs",
  tagsAll: "nothing runs",
};

/** Days of backups wait alone where backups begin or end. */
function isBackupSwitch({ before, after }: PreviewedResource): boolean {
  const [old, now] = [before, after].map((state) => valueIn(state, "backupRetentionPeriod") ?? 0);
  return (old === 0) !== (now === 0);
}

/** When RDS makes a change to a setting of the instance; undefined where nothing that runs changes. */
export function timingOf(resource: PreviewedResource, key: string): string | undefined {
  const isWaiting = !isOn(valueIn(resource.after, "applyImmediately"));
  if (key === "backupRetentionPeriod")
    return isWaiting && isBackupSwitch(resource) ? "in the maintenance window" : "at once";
  switch (Object.hasOwn(TIMING, key) ? TIMING[key] : undefined) {
    case "waits":
      return isWaiting ? "in the maintenance window" : "at once";
    case "at once":
      return "at once";
    case "reboot":
      return "with the next reboot";
    case "restarts":
      return "at once, with a restart";
    case "nothing runs":
      return undefined;
    default:
      return resource.op === "replace" ? undefined : "at a time that the review does not know";
  }
}

/** The instance's weekly window, such as `wed:06:38-wed:07:08`, where the preview knows it. */
export function maintenanceWindowOf({ before, after }: PreviewedResource): string | undefined {
  const [window] = [after, before].map((state) => valueIn(state, "maintenanceWindow")).filter(Boolean);
  return typeof window === "string" ? window : undefined;
}
