import { ADMIN_RESERVE, maxConnections, memoryGib } from "../config/budget";

/** One CloudWatch alarm on the instance. */
export interface AlarmRule {
  /** Last part of the alarm's name. */
  readonly name: string;
  /** Metric of `AWS/RDS`. */
  readonly metricName: string;
  readonly comparisonOperator: "GreaterThanThreshold" | "LessThanThreshold";
  /** In the metric's own unit: percent, bytes or connections. */
  readonly threshold: number;
  readonly description: string;
}

/** What the thresholds are parts of. */
export interface InstanceCapacity {
  readonly instanceClass: string;
  readonly allocatedStorageGib: number;
  /** `max_connections` where the stack's file sets it; otherwise that of the class. */
  readonly maxConnections?: number | undefined;
}

const GIB = 1024 ** 3;

/**
 * The alarms of an instance; of a class that is not known, those that need no figure of it.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 */
export function alarmRules(capacity: InstanceCapacity): AlarmRule[] {
  const memory = memoryGib(capacity.instanceClass);
  const most = capacity.maxConnections ?? maxConnections(capacity.instanceClass);
  const rules: AlarmRule[] = [
    {
      name: "cpu",
      metricName: "CPUUtilization",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 80,
      description: "CPU above 80 percent for 15 minutes",
    },
    {
      name: "free-storage",
      metricName: "FreeStorageSpace",
      comparisonOperator: "LessThanThreshold",
      threshold: Math.floor(capacity.allocatedStorageGib * GIB * 0.1),
      description: "less than a tenth of the allocated storage is free",
    },
  ];
  if (most !== undefined) {
    const connections = Math.floor((most - ADMIN_RESERVE) * 0.8);
    rules.push({
      name: "connections",
      metricName: "DatabaseConnections",
      comparisonOperator: "GreaterThanThreshold",
      threshold: connections,
      description: `more than ${connections} connections, four fifths of what logins may use together`,
    });
  }
  if (memory !== undefined) {
    rules.push({
      name: "freeable-memory",
      metricName: "FreeableMemory",
      comparisonOperator: "LessThanThreshold",
      threshold: Math.floor(memory * GIB * 0.1),
      description: "less than a tenth of the memory is freeable",
    });
  }
  return rules;
}
