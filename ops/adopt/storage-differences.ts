import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CHECKOUT } from "../../cli/checkout";
import { LEAST_STORAGE_GIB, MOST_STORAGE_GIB } from "../../infra/config/shape";
import { parsedJson } from "../../infra/config/stack-file";
import { instanceArguments } from "../../infra/instance/settings";
import { type Compared, type InstanceDifference, KEPT_BY_NONE, setting } from "./difference";

/**
 * The least storage that is not too near: RDS changes storage by a tenth or more, and wants as much between it and the most
 * that it may grow to. In whole numbers: 100 * 1.1 is more than 110.
 */
const leastAbove = (gib: number): number => Math.min(Math.ceil((gib * 11) / 10), MOST_STORAGE_GIB);

/** Storage, its encryption and its backups. */
export function storageDifferences({ instance, config }: Compared): InstanceDifference[] {
  const found: InstanceDifference[] = [];
  const add = (what: string, ...cure: string[]) => found.push({ what, cure });
  const stop = (what: string, ...cure: string[]) => found.push({ what, cure, stops: true });
  const { AllocatedStorage: is = config.allocatedStorageGib, MaxAllocatedStorage: most = 0 } = instance;
  const { allocatedStorageGib: wanted, maxAllocatedStorageGib: limit } = config;
  // The file may not say less than the stacks' disks have.
  const keep = is < LEAST_STORAGE_GIB ? [] : [setting("allocatedStorageGib", is)];
  const least = leastAbove(Math.max(is, wanted));
  if (limit < least)
    stop(
      `${Math.max(is, wanted)} GiB of storage and maxAllocatedStorageGib ${limit}: fails in the deploy`,
      ...(is > wanted ? keep : []),
      setting("maxAllocatedStorageGib", Math.max(most, least)),
    );
  else if (most > limit)
    add(
      `storage may grow to ${most} GiB, and then to ${limit} alone: it is full earlier`,
      setting("maxAllocatedStorageGib", most),
    );
  if (wanted > is && wanted * 10 < is * 11)
    stop(`storage grows from ${is} to ${wanted} GiB, by less than a tenth: fails in the deploy`, ...keep);
  else if (wanted > is) add(`storage grows from ${is} to ${wanted} GiB, and cannot shrink again`, ...keep);
  const { storageType, backupRetentionPeriod } = instanceArguments(config);
  if (/^io\d$/.test(instance.StorageType ?? ""))
    add(
      `${instance.StorageType} with ${instance.Iops} IOPS becomes ${storageType}: loses them; ${KEPT_BY_NONE}`,
    );
  if (instance.StorageType === "standard")
    add(`magnetic storage becomes ${storageType}: is down for a moment; ${KEPT_BY_NONE}`);
  if (instance.DedicatedLogVolume === true)
    add(`its dedicated log volume is switched off: restarts; ${KEPT_BY_NONE}`);
  if (instance.StorageEncrypted === false && !hasException("storage-encrypted"))
    stop(
      "it is not encrypted, which stays: the policy pack stops the deploy",
      'policy/exceptions.json: {"storage-encrypted": "advisory"}',
    );
  const { BackupRetentionPeriod: days = backupRetentionPeriod } = instance;
  if (days > backupRetentionPeriod)
    add(
      `backups of ${days} days become those of ${backupRetentionPeriod}: the older ones are lost`,
      setting("backupRetentionDays", days),
    );
  if (days === 0) add("it has no backups: switching them on is a short outage");
  return found;
}

/** Whether people have turned a rule of the policy pack down already. */
function hasException(rule: string): boolean {
  const text = readFileSync(resolve(CHECKOUT, "policy/exceptions.json"), "utf8");
  return Object.hasOwn(Object(parsedJson(text)), rule);
}
