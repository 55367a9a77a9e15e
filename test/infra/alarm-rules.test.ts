import { type AlarmRule, alarmRules, alarmText, METRIC_ID } from "../../infra/instance/alarm-rules";

const GIB = 1024 ** 3;
const PROD = { instanceClass: "db.t4g.medium", allocatedStorageGib: 50 };

/** Each alarm in a word: metric, side and threshold. */
const brief = (rules: readonly AlarmRule[]) =>
  Object.fromEntries(
    rules.map(({ name, metricName, comparisonOperator, threshold }) => [
      name,
      `${metricName} ${comparisonOperator === "GreaterThanThreshold" ? ">" : "<"} ${threshold}`,
    ]),
  );

const UNKNOWN_CLASS = {
  cpu: "CPUUtilization > 80",
  "disk-operations": "EBSIOBalance% < 10",
  "disk-bytes": "EBSByteBalance% < 10",
  "free-storage": "FreeStorageSpace < 2147483648",
  "storage-days": "FreeStorageSpace < 0",
  "slot-lag": "OldestReplicationSlotLag > 2147483648",
  wal: "TransactionLogsDiskUsage > 8589934592",
  "transaction-ids": "MaximumUsedTransactionIDs > 500000000",
  "transaction-ids-critical": "MaximumUsedTransactionIDs > 1000000000",
};

test("prod's instance has these alarms, in percent, bytes, connections, credits and transactions", () => {
  expect(brief(alarmRules(PROD))).toEqual({
    ...UNKNOWN_CLASS,
    "cpu-credits": "CPUCreditBalance < 5",
    "free-storage": "FreeStorageSpace < 5368709120",
    "slot-lag": "OldestReplicationSlotLag > 5368709120",
    wal: "TransactionLogsDiskUsage > 10737418240",
    connections: "DatabaseConnections > 308",
    "freeable-memory": "FreeableMemory < 429496729",
  });
});

test("max_connections of the stack's file stands before that of the class", () => {
  const rules = alarmRules({ ...PROD, maxConnections: 120 });
  expect(brief(rules).connections).toBe("DatabaseConnections > 80");
});

test("of a class that is not known, only what needs no figure of it is watched; other classes have no credits", () => {
  const unknown = { instanceClass: "db.z1d.large", allocatedStorageGib: 20 };
  expect(brief(alarmRules(unknown))).toEqual(UNKNOWN_CLASS);
  expect(brief(alarmRules({ ...unknown, maxConnections: 520 }))).toEqual({
    ...UNKNOWN_CLASS,
    connections: "DatabaseConnections > 400",
  });
  const large = alarmRules({ instanceClass: "db.m7g.large", allocatedStorageGib: 20 });
  expect(large.map(({ name }) => name)).not.toContain("cpu-credits");
});

test.each([
  [{}, 500_000_000, 1_000_000_000],
  [{ autovacuum_freeze_max_age: "200000000" }, 500_000_000, 1_000_000_000],
  [{ autovacuum_freeze_max_age: "750000000" }, 750_000_000, 1_000_000_000],
  [{ autovacuum_freeze_max_age: "1500000000" }, 1_500_000_000, 1_600_000_000],
  [{ autovacuum_freeze_max_age: "2000000000" }, 1_500_000_000, 1_600_000_000],
  [{ autovacuum_freeze_max_age: "{DBInstanceClassMemory/2}" }, 500_000_000, 1_000_000_000],
])(
  "with the parameters %j transactions are old from %d on, and very old from %d",
  (parameters, ...expected) => {
    const rules = alarmRules({ ...PROD, parameters });
    expect(
      rules
        .filter(({ metricName }) => metricName === "MaximumUsedTransactionIDs")
        .map(({ threshold }) => threshold),
    ).toEqual(expected);
  },
);

test("values that not every instance has are good ones where they are missing", () => {
  expect(
    alarmRules(PROD)
      .filter(({ missingIsGood }) => missingIsGood)
      .map(({ name }) => name),
  ).toEqual(["disk-operations", "disk-bytes", "slot-lag"]);
});

/**
 * What CloudWatch takes: its API's limits for names, texts, periods and how far back an alarm looks.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
test("CloudWatch takes each of them, and each says what it is and what to do first", () => {
  for (const rule of alarmRules(PROD)) {
    const { name, periodSeconds, periods, periodsToAlarm = periods, expression } = rule;
    expect([name, periodSeconds % 60]).toEqual([name, 0]);
    const most = periodSeconds < 3600 ? 86_400 : 604_800;
    expect([name, periodSeconds * periods <= most]).toEqual([name, true]);
    expect([name, periodsToAlarm <= periods]).toEqual([name, true]);
    expect(alarmText(rule).length).toBeLessThanOrEqual(1024);
    expect(alarmText(rule)).toMatch(
      new RegExp(`^.+\\. First: .+\\. Then docs/runbook\\.md, "Alarm: ${name}"\\.$`),
    );
    // Ids begin with a small letter, and functions are in capitals.
    expect(expression ?? METRIC_ID).toMatch(/^[a-z]\w*(?: [-+*] (?:\d+|[A-Z_]+\([a-z]\w*\)))*$/);
  }
});

type Series = readonly (number | undefined)[];

/**
 * The values of a sum of products, as CloudWatch reckons it: a value that is missing counts as 0, and the first one has no
 * difference to the one before.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function valuesOf(expression: string, metric: Series): number[] {
  const factor = (text: string): Series => {
    if (/^\d+$/.test(text)) return metric.map(() => Number(text));
    if (text === METRIC_ID) return metric;
    if (text !== `DIFF(${METRIC_ID})`) throw new Error(`no test knows ${text}`);
    return metric.map((value, at) => {
      const before = metric[at - 1];
      return value === undefined || before === undefined ? undefined : value - before;
    });
  };
  const products = expression
    .split(" + ")
    .map((term) => term.split(" * ").map(factor))
    .map((factors) => metric.map((_, at) => factors.reduce((product, one) => product * (one[at] ?? 0), 1)));
  return metric.map((_, at) => products.reduce((sum, one) => sum + (one[at] ?? 0), 0));
}

/** Whether the alarm goes off, of free GiB a day. */
function goesOff(rule: AlarmRule, freeGib: readonly number[]): boolean {
  const values = valuesOf(
    rule.expression ?? METRIC_ID,
    freeGib.map((gib) => gib * GIB),
  ).slice(-rule.periods);
  const past = values.filter((value) =>
    rule.comparisonOperator === "LessThanThreshold" ? value < rule.threshold : value > rule.threshold,
  );
  return past.length >= (rule.periodsToAlarm ?? rule.periods);
}

test.each<readonly [string, readonly number[], boolean]>([
  ["loses 6 GiB a day of the 20 that are left", [32, 26, 20], true],
  ["loses 5.1 GiB a day of the 20 that are left", [30.2, 25.1, 20], true],
  ["loses 4.9 GiB a day of the 20 that are left", [29.8, 24.9, 20], false],
  ["grew by itself yesterday, for a day longer", [20, 6, 60], true],
  ["has grown by itself, and two days have passed", [6, 60, 58], false],
  ["stays as it is", [20, 20, 20], false],
  ["gets emptier", [20, 24, 30], false],
  ["is nearly full, and stays so", [1, 1, 1], false],
  ["has one day behind it", [20], false],
])("storage-days: a disk that %s", (_, freeGib, expected) => {
  const rule = alarmRules(PROD).find(({ name }) => name === "storage-days");
  expect(rule && goesOff(rule, freeGib)).toBe(expected);
});
