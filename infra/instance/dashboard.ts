import { PROJECT } from "../names";
import { type AlarmRule, METRIC_ID } from "./alarm-rules";
import { logGroupOf } from "./log-groups";
import type { AwsPlace } from "./topic-policy";

/** Name of the dashboard: letters, digits, hyphens and underscores, as CloudWatch takes it. */
export const DASHBOARD = `${PROJECT}-instance`;

/** Where people open it. */
export function dashboardUrl({ region }: AwsPlace): string {
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${DASHBOARD}`;
}

/** What is on the dashboard. */
export interface DashboardContent {
  /** Identifier of the instance. */
  readonly identifier: string;
  /** Where the instance and its alarms are. */
  readonly place: AwsPlace;
  /** The alarms, whose thresholds are lines in the graphs. */
  readonly rules: readonly AlarmRule[];
}

/** A graph: its title, its metrics, and those of a unit of its own, which have the axis on the right. */
type Graph = readonly [title: string, left: readonly string[], right?: readonly string[]];

/** Three in a row, in the order in which somebody who was woken looks. */
const GRAPHS: readonly Graph[] = [
  ["Connections", ["DatabaseConnections"]],
  ["CPU, percent; credits", ["CPUUtilization"], ["CPUCreditBalance"]],
  ["Memory and swap, bytes", ["FreeableMemory", "SwapUsage"]],
  ["Free storage, bytes", ["FreeStorageSpace"]],
  ["Oldest transaction ids not frozen", ["MaximumUsedTransactionIDs"]],
  [
    "WAL and what slots hold of it, bytes",
    ["TransactionLogsDiskUsage", "OldestReplicationSlotLag", "ReplicationSlotDiskUsage"],
  ],
  ["Disk operations a second; waiting", ["ReadIOPS", "WriteIOPS"], ["DiskQueueDepth"]],
  ["Disk latency, seconds", ["ReadLatency", "WriteLatency"]],
  ["Disk burst left, percent", ["EBSIOBalance%", "EBSByteBalance%"]],
];

/** Lines of the server's log that say why it is slow: title, and what is looked for. */
const LOGS: readonly (readonly [title: string, pattern: string])[] = [
  ["Slow statements", "duration: "],
  ["Lock waits and deadlocks", "still waiting for|deadlock detected"],
  ["Errors", "ERROR:|FATAL:|PANIC:"],
];

const WIDTH = 8;
const HEIGHT = 6;

/** The line of an alarm, on the axis of its metric. */
const line = ({ name, threshold }: AlarmRule, yAxis: "left" | "right") => ({
  label: `alarm ${name}`,
  value: threshold,
  yAxis,
});

function graphOf([title, left, right = []]: Graph, { identifier, place, rules }: DashboardContent) {
  const series = (metrics: readonly string[], yAxis: "left" | "right") =>
    metrics.map((metric) => ["AWS/RDS", metric, "DBInstanceIdentifier", identifier, { yAxis }]);
  const plain = rules.filter(({ expression }) => expression === undefined);
  const lines = (metrics: readonly string[], yAxis: "left" | "right") =>
    plain.filter(({ metricName }) => metrics.includes(metricName)).map((rule) => line(rule, yAxis));
  const horizontal = [...lines(left, "left"), ...lines(right, "right")];
  return {
    title,
    region: place.region,
    view: "timeSeries",
    stat: "Average",
    period: 300,
    metrics: [...series(left, "left"), ...series(right, "right")],
    yAxis: { left: { min: 0 }, right: { min: 0 } },
    ...(horizontal.length === 0 ? {} : { annotations: { horizontal } }),
  };
}

/** What an alarm with an expression of its own watches: it may fall below zero. */
function expressionOf(rule: AlarmRule, { identifier, place }: DashboardContent) {
  const { name, expression, metricName, periodSeconds } = rule;
  return {
    title: `What alarm ${name} watches`,
    region: place.region,
    view: "timeSeries",
    stat: "Average",
    period: periodSeconds,
    metrics: [
      [
        "AWS/RDS",
        metricName,
        "DBInstanceIdentifier",
        identifier,
        { id: METRIC_ID, period: periodSeconds, label: metricName },
      ],
      [{ expression, id: "watched", label: expression, period: periodSeconds }],
    ],
    annotations: { horizontal: [line(rule, "left")] },
  };
}

function logOf([title, pattern]: (typeof LOGS)[number], { identifier, place }: DashboardContent) {
  const query = [
    `SOURCE '${logGroupOf(identifier, "postgresql")}'`,
    "fields @timestamp, @message",
    `filter @message like /${pattern}/`,
    "sort @timestamp desc",
    "limit 50",
  ].join(" | ");
  return { title, region: place.region, view: "table", query };
}

/**
 * The instance at a glance, as CloudWatch takes it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody(content: DashboardContent): object {
  const { identifier, place, rules } = content;
  const { partition, region, account } = place;
  const alarms = {
    title: `Alarms of ${identifier}; what to do: docs/runbook.md`,
    alarms: rules.map(
      ({ name }) => `arn:${partition}:cloudwatch:${region}:${account}:alarm:${PROJECT}-${name}`,
    ),
  };
  const graphs = [
    ...GRAPHS.map((graph) => graphOf(graph, content)),
    ...rules.filter(({ expression }) => expression !== undefined).map((rule) => expressionOf(rule, content)),
  ];
  const below = 3 + HEIGHT * Math.ceil(graphs.length / 3);
  return {
    // Days, for what is reckoned by the day; the console has shorter ones a click away.
    start: "-P3D",
    periodOverride: "inherit",
    widgets: [
      { type: "alarm", x: 0, y: 0, width: 24, height: 3, properties: alarms },
      ...graphs.map((properties, at) => ({
        type: "metric",
        x: (at % 3) * WIDTH,
        y: 3 + Math.floor(at / 3) * HEIGHT,
        width: WIDTH,
        height: HEIGHT,
        properties,
      })),
      ...LOGS.map((log, at) => ({
        type: "log",
        x: 0,
        y: below + at * HEIGHT,
        width: 24,
        height: HEIGHT,
        properties: logOf(log, content),
      })),
    ],
  };
}
