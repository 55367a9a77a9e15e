import { z } from "zod";
import { alarmRules } from "../../infra/instance/alarm-rules";
import { DASHBOARD, dashboardBody, dashboardUrl } from "../../infra/instance/dashboard";

const place = { partition: "aws", region: "eu-west-1", account: "123456789012" };
const RULES = alarmRules({ instanceClass: "db.t4g.medium", allocatedStorageGib: 50 });

/**
 * What CloudWatch takes as a dashboard, as far as this one goes; whatever else stands in it is refused here.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
const region = z.literal("eu-west-1");
const yAxis = z.enum(["left", "right"]);
const axis = z.strictObject({ min: z.number().optional() });
const period = z.int().multipleOf(60);
const id = z.string().regex(/^[a-z]\w*$/);
const metric = z.tuple([
  z.literal("AWS/RDS"),
  z.string(),
  z.literal("DBInstanceIdentifier"),
  z.literal("ecomos-prod"),
  z.strictObject({ yAxis, id, period, label: z.string() }).partial(),
]);
const expression = z.tuple([z.strictObject({ expression: z.string(), id, label: z.string(), period })]);
const grid = {
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  width: z.int().min(1).max(24),
  height: z.int().min(1),
};
const widget = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("metric"),
    ...grid,
    properties: z.strictObject({
      title: z.string(),
      region,
      view: z.literal("timeSeries"),
      stat: z.literal("Average"),
      period,
      metrics: z.array(z.union([metric, expression])).min(1),
      yAxis: z.strictObject({ left: axis, right: axis }).optional(),
      annotations: z
        .strictObject({
          horizontal: z.array(z.strictObject({ label: z.string(), value: z.number(), yAxis })).min(1),
        })
        .optional(),
    }),
  }),
  z.strictObject({
    type: z.literal("log"),
    ...grid,
    properties: z.strictObject({
      title: z.string(),
      region,
      view: z.literal("table"),
      query: z.string().startsWith("SOURCE '/aws/rds/instance/ecomos-prod/postgresql' | fields "),
    }),
  }),
  z.strictObject({
    type: z.literal("alarm"),
    ...grid,
    properties: z.strictObject({ title: z.string(), alarms: z.array(z.string()).min(1).max(100) }),
  }),
]);
const dashboard = z.strictObject({
  start: z.string().regex(/^-P(\d+[DWM]|T\d+[HM])$/),
  periodOverride: z.enum(["auto", "inherit"]),
  widgets: z.array(widget).max(500),
});

const body = () =>
  dashboard.parse(
    JSON.parse(JSON.stringify(dashboardBody({ identifier: "ecomos-prod", place, rules: RULES }))),
  );
const widgets = () => body().widgets;

test("it is a dashboard as CloudWatch takes it, of no metric that RDS does not have", () => {
  const metrics = widgets().flatMap((one) =>
    one.type === "metric" ? one.properties.metrics.flatMap(([, name]) => name ?? []) : [],
  );
  expect([...new Set(metrics)].sort()).toEqual([
    ...["CPUCreditBalance", "CPUUtilization", "DatabaseConnections", "DiskQueueDepth", "EBSByteBalance%"],
    ...["EBSIOBalance%", "FreeStorageSpace", "FreeableMemory", "MaximumUsedTransactionIDs"],
    ...["OldestReplicationSlotLag", "ReadIOPS", "ReadLatency", "ReplicationSlotDiskUsage", "SwapUsage"],
    ...["TransactionLogsDiskUsage", "WriteIOPS", "WriteLatency"],
  ]);
});

test("no widget lies on another one, or reaches over the edge", () => {
  const taken = new Set<string>();
  for (const { x, y, width, height } of widgets()) {
    expect(x + width).toBeLessThanOrEqual(24);
    for (let column = x; column < x + width; column += 1)
      for (let row = y; row < y + height; row += 1) {
        expect(taken).not.toContain(`${column},${row}`);
        taken.add(`${column},${row}`);
      }
  }
});

test("the state of every alarm is shown first", () => {
  const [first] = widgets();
  expect(first?.type === "alarm" && [first.y, first.properties.alarms]).toEqual([
    0,
    RULES.map(({ name }) => `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:portal-db-${name}`),
  ]);
});

test("each alarm's threshold is a line beside its metric, or beside what it makes of it", () => {
  const lines = widgets().flatMap((one) => {
    if (one.type !== "metric") return [];
    const { metrics, annotations } = one.properties;
    const shown = metrics.map((series) => (series.length === 1 ? series[0].expression : series[1]));
    return (annotations?.horizontal ?? []).map(({ label, value }) => [label, value, shown] as const);
  });
  const found = Object.fromEntries(lines.map(([label, value]) => [label, value]));
  expect(found).toEqual(Object.fromEntries(RULES.map(({ name, threshold }) => [`alarm ${name}`, threshold])));
  expect(lines).toHaveLength(RULES.length);
  for (const { name, metricName, expression: watched = metricName } of RULES)
    expect(lines.find(([label]) => label === `alarm ${name}`)?.[2]).toContain(watched);
});

test("what the log says of slow statements, waits and errors stands below, by the words of Postgres", () => {
  const patterns = widgets().flatMap((one) =>
    one.type === "log" ? [/like \/(.*?)\/ \|/.exec(one.properties.query)?.[1] ?? ""] : [],
  );
  const lines = [
    "LOG:  duration: 5012.331 ms  statement: SELECT 1",
    "LOG:  process 27 still waiting for ShareLock on transaction 1234 after 1000.080 ms",
    "ERROR:  deadlock detected",
    'FATAL:  password authentication failed for user "portal_wms"',
  ];
  expect(lines.map((line) => patterns.findIndex((pattern) => new RegExp(pattern).test(line)))).toEqual([
    0, 1, 1, 2,
  ]);
});

test("it is opened in its region's console by its name", () => {
  expect(dashboardUrl(place)).toBe(
    `https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/${DASHBOARD}`,
  );
  expect(DASHBOARD).toMatch(/^[\w-]{1,255}$/);
});
