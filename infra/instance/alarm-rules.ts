import { ADMIN_RESERVE, maxConnections, memoryGib } from "../config/budget";

/** One CloudWatch alarm on the instance. */
export interface AlarmRule {
  /** Last part of the alarm's name, and its place in the runbook. */
  readonly name: string;
  /** Metric of `AWS/RDS`. */
  readonly metricName: string;
  /** What is watched in the metric's place: CloudWatch's metric math, in which the metric is {@link METRIC_ID}. */
  readonly expression?: string;
  readonly comparisonOperator: "GreaterThanThreshold" | "LessThanThreshold";
  /** In the metric's own unit: percent, bytes, connections, transactions or credits. */
  readonly threshold: number;
  /** Seconds that each value is an average of. */
  readonly periodSeconds: number;
  /** Values that are looked at. */
  readonly periods: number;
  /** How many of them have to be past the threshold; all of them where it is not said. */
  readonly periodsToAlarm?: number;
  /** Whether a value that is not there is a good one: of metrics that not every instance has. */
  readonly missingIsGood?: true;
  /** What has happened. */
  readonly meaning: string;
  /** What to look at first; the runbook has the rest. */
  readonly first: string;
}

/** What the thresholds are parts of. */
export interface InstanceCapacity {
  readonly instanceClass: string;
  readonly allocatedStorageGib: number;
  /** `max_connections` where the stack's file sets it; otherwise that of the class. */
  readonly maxConnections?: number | undefined;
  /** Parameters of the server that the stack's file sets. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What a rule's expression calls its metric. */
export const METRIC_ID = "metric";

/** Days ahead that `storage-days` looks: from a Friday night to a Tuesday. */
export const DAYS_AHEAD = 4;

const GIB = 1024 ** 3;
const DAY_SECONDS = 86_400;
const FIVE_MINUTES = 300;
const QUARTER_HOUR = { periodSeconds: FIVE_MINUTES, periods: 3 } as const;
const above = { ...QUARTER_HOUR, comparisonOperator: "GreaterThanThreshold" } as const;
const below = { ...QUARTER_HOUR, comparisonOperator: "LessThanThreshold" } as const;

const INSPECT = "npm run ops -- inspect prod --aws";

/** Where RDS itself begins to hurry autovacuum, unless the server's own parameter says a later one. */
const OLD_TRANSACTIONS = 500_000_000;

/** Half of what Postgres has, after which it takes no more writes. */
const VERY_OLD_TRANSACTIONS = 1_000_000_000;

/** The latest that an alarm may wait for, whatever the server's parameter says: half a thousand million are left to act in. */
const LATEST_TRANSACTIONS = 1_600_000_000;

/** WAL that a server without any slot may well have. */
const USUAL_WAL_GIB = 8;

/**
 * Transactions that no vacuum has frozen.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Autovacuum.html
 */
function transactionRules({ parameters = {} }: InstanceCapacity): AlarmRule[] {
  // A formula or nonsense is RDS's to refuse: the rules go by its own figure then.
  const begins = Number(parameters.autovacuum_freeze_max_age) || 0;
  const margin = VERY_OLD_TRANSACTIONS / 10;
  const old = Math.min(Math.max(OLD_TRANSACTIONS, begins), LATEST_TRANSACTIONS - margin);
  const veryOld = Math.max(VERY_OLD_TRANSACTIONS, old + margin);
  const metricName = "MaximumUsedTransactionIDs";
  return [
    {
      ...above,
      name: "transaction-ids",
      metricName,
      threshold: old,
      meaning: `over ${old / 1e6} million transactions that no vacuum has frozen: autovacuum does not keep up`,
      first: `end the longest transaction, drop a slot that nobody uses (${INSPECT})`,
    },
    {
      ...above,
      name: "transaction-ids-critical",
      metricName,
      threshold: veryOld,
      meaning: `${veryOld / 1e6} of the 2100 million transaction ids are used up: at the end Postgres takes no more writes, of any app`,
      first: `end what holds the vacuum back (${INSPECT}), then vacuum by hand, today`,
    },
  ];
}

/**
 * WAL that the server keeps. Without a slot there is no lag, or none to report; WAL itself there always is.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 */
function walRules({ allocatedStorageGib }: InstanceCapacity): AlarmRule[] {
  const held = Math.floor(allocatedStorageGib * GIB * 0.1);
  const all = Math.max(Math.floor(allocatedStorageGib * GIB * 0.2), USUAL_WAL_GIB * GIB);
  const shown = (bytes: number) => `${Math.round((bytes / GIB) * 10) / 10} GiB`;
  return [
    {
      ...above,
      name: "slot-lag",
      metricName: "OldestReplicationSlotLag",
      threshold: held,
      missingIsGood: true,
      meaning: `a replication slot holds back more than ${shown(held)} of WAL: its reader is slow, or gone`,
      first: `see which slot it is, and whether somebody reads it (${INSPECT})`,
    },
    {
      ...above,
      name: "wal",
      metricName: "TransactionLogsDiskUsage",
      threshold: all,
      meaning: `WAL takes more than ${shown(all)} of the disk: something holds it, or somebody writes a lot`,
      first: `look at slots, then at who writes (${INSPECT})`,
    },
  ];
}

/**
 * What is left of the disk. RDS makes it larger by itself up to `maxAllocatedStorageGib`, at most every six hours, and
 * CloudWatch knows no instance's allocated storage: what is reckoned with is the disk as it is.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
 */
function storageRules({ allocatedStorageGib }: InstanceCapacity): AlarmRule[] {
  const metricName = "FreeStorageSpace";
  return [
    {
      ...below,
      name: "free-storage",
      metricName,
      threshold: Math.floor(allocatedStorageGib * GIB * 0.1),
      meaning: "less than a tenth of the allocated storage is free",
      first: `see whether RDS is making it larger, and what grew (${INSPECT})`,
    },
    {
      ...below,
      name: "storage-days",
      metricName,
      // A day is compared with the one before, so two are asked for: of one alone there is no difference.
      expression: `${METRIC_ID} + ${DAYS_AHEAD} * DIFF(${METRIC_ID})`,
      periodSeconds: DAY_SECONDS,
      periods: 2,
      periodsToAlarm: 1,
      threshold: 0,
      meaning: `as fast as in the last day, the disk as it is now is full within ${DAYS_AHEAD} days; RDS makes it larger up to maxAllocatedStorageGib, and no further`,
      first: `see what grew, and whether it should (${INSPECT})`,
    },
  ];
}

/**
 * The processor, and what a small class has in credits. Those of `db.t3` and `db.t4g` cost money once they are used up,
 * and slow nothing down; those of the disk do.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html
 */
function speedRules({ instanceClass }: InstanceCapacity): AlarmRule[] {
  const rules: AlarmRule[] = [
    {
      ...above,
      name: "cpu",
      metricName: "CPUUtilization",
      threshold: 80,
      meaning: "CPU above 80 percent for 15 minutes",
      first: `see which app works, and on what (${INSPECT})`,
    },
  ];
  if (/^db\.t\d/.test(instanceClass)) {
    rules.push({
      ...below,
      name: "cpu-credits",
      metricName: "CPUCreditBalance",
      threshold: 5,
      periods: 12,
      meaning:
        "CPU credits used up for an hour: it is no slower for that, but AWS bills what is above the baseline",
      first: "nothing tonight; by day find what works so much, or take a larger class",
    });
  }
  const disk = {
    ...below,
    threshold: 10,
    missingIsGood: true,
    first: `see who reads or writes so much (${INSPECT})`,
  } as const;
  return [
    ...rules,
    {
      ...disk,
      name: "disk-operations",
      metricName: "EBSIOBalance%",
      meaning: "less than a tenth of the burst of disk operations is left: at none everything slows down",
    },
    {
      ...disk,
      name: "disk-bytes",
      metricName: "EBSByteBalance%",
      meaning: "less than a tenth of the burst of disk throughput is left: at none everything slows down",
    },
  ];
}

/**
 * The alarms of an instance; of a class that is not known, those that need no figure of it. Swap, the disk's queue and
 * latency are on the dashboard alone: on a small server they pass any fixed line without anybody noticing.
 */
export function alarmRules(capacity: InstanceCapacity): AlarmRule[] {
  const memory = memoryGib(capacity.instanceClass);
  const most = capacity.maxConnections ?? maxConnections(capacity.instanceClass);
  const rules = [
    ...speedRules(capacity),
    ...storageRules(capacity),
    ...walRules(capacity),
    ...transactionRules(capacity),
  ];
  if (most !== undefined) {
    const connections = Math.floor((most - ADMIN_RESERVE) * 0.8);
    rules.push({
      ...above,
      name: "connections",
      metricName: "DatabaseConnections",
      threshold: connections,
      meaning: `more than ${connections} connections, four fifths of what logins may use together`,
      first: `see which app holds them (${INSPECT})`,
    });
  }
  if (memory !== undefined) {
    rules.push({
      ...below,
      name: "freeable-memory",
      metricName: "FreeableMemory",
      threshold: Math.floor(memory * GIB * 0.1),
      meaning: "less than a tenth of the memory is freeable",
      first: `see how many connections there are, and who works (${INSPECT})`,
    });
  }
  return rules;
}

/** What stands in an alarm's mail: what it is, what to do first, and where the rest is said. */
export function alarmText({ name, meaning, first }: AlarmRule): string {
  return `${meaning}. First: ${first}. Then docs/runbook.md, "Alarm: ${name}".`;
}
