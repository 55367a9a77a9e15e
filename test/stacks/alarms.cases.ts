import { type AlarmRule, alarmRules, alarmText } from "../../infra/instance/alarm-rules";
import { topicPolicy } from "../../infra/instance/topic-policy";
import { runStack, type StackRun } from "../helpers/stack-run";

const TAGS = { project: "portal-db", stack: "prod", environment: "prod" };
const TOPIC = "arn:aws:sns:us-east-1:123456789012:portal-db-alarms";
const RULES = alarmRules({ instanceClass: "db.t4g.medium", allocatedStorageGib: 50 });
const OF_INSTANCE = { namespace: "AWS/RDS", dimensions: { DBInstanceIdentifier: "ecomos-prod" } };

let run: StackRun;
beforeAll(async () => {
  run = await runStack("prod", { alarmEmails: ["ops@example.com", "db@example.com"] });
});

const inputsOfType = (type: string) => run.ofType(type).map((r) => r.inputs);
const alarms = () => inputsOfType("aws:cloudwatch/metricAlarm:MetricAlarm");
const ruleOf = (name: string) => RULES.find((rule) => rule.name === name) as AlarmRule;

test("there is an alarm for each rule, and each tells the topic when it starts and ends", () => {
  expect(
    alarms().map(
      ({ name, alarmDescription, comparisonOperator, threshold, alarmActions, okActions, tags }) => ({
        ...{ name, alarmDescription, comparisonOperator, threshold, alarmActions, okActions, tags },
      }),
    ),
  ).toEqual(
    RULES.map((rule) => ({
      name: `portal-db-${rule.name}`,
      alarmDescription: alarmText(rule),
      comparisonOperator: rule.comparisonOperator,
      threshold: rule.threshold,
      alarmActions: [TOPIC],
      okActions: [TOPIC],
      tags: TAGS,
    })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
});

test("an alarm of a metric watches this instance", () => {
  expect(alarms().find(({ name }) => name === "portal-db-cpu")).toEqual({
    name: "portal-db-cpu",
    alarmDescription: alarmText(ruleOf("cpu")),
    ...OF_INSTANCE,
    metricName: "CPUUtilization",
    statistic: "Average",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 80,
    period: 300,
    evaluationPeriods: 3,
    treatMissingData: "missing",
    alarmActions: [TOPIC],
    okActions: [TOPIC],
    tags: TAGS,
  });
});

test("an alarm of an expression has the metric in its queries, and the expression alone is watched", () => {
  expect(alarms().find(({ name }) => name === "portal-db-storage-days")).toEqual({
    name: "portal-db-storage-days",
    alarmDescription: alarmText(ruleOf("storage-days")),
    metricQueries: [
      {
        id: "metric",
        metric: { ...OF_INSTANCE, metricName: "FreeStorageSpace", stat: "Average", period: 86_400 },
      },
      {
        id: "watched",
        expression: "metric + 4 * DIFF(metric)",
        returnData: true,
      },
    ],
    comparisonOperator: "LessThanThreshold",
    threshold: 0,
    evaluationPeriods: 2,
    datapointsToAlarm: 1,
    treatMissingData: "missing",
    alarmActions: [TOPIC],
    okActions: [TOPIC],
    tags: TAGS,
  });
});

test("without a replication slot nobody is woken by one", () => {
  const slot = alarms().find(({ name }) => name === "portal-db-slot-lag");
  expect(slot?.treatMissingData).toBe("notBreaching");
});

test("each address hears of the topic by mail; the topic is not encrypted, since RDS could send nothing to it", () => {
  expect(inputsOfType("aws:sns/topic:Topic")).toEqual([{ name: "portal-db-alarms", tags: TAGS }]);
  expect(inputsOfType("aws:sns/topicSubscription:TopicSubscription")).toEqual([
    { topic: TOPIC, protocol: "email", endpoint: "db@example.com" },
    { topic: TOPIC, protocol: "email", endpoint: "ops@example.com" },
  ]);
});

test("RDS tells the topic of the instance's own events, once it may", () => {
  expect(run.the("alarms-topic-policy").inputs).toEqual({
    arn: TOPIC,
    policy: JSON.stringify(topicPolicy(TOPIC, "ecomos-prod")),
  });
  const events = run.the("alarms-events");
  expect(events.inputs).toEqual({
    name: "portal-db-events",
    snsTopic: TOPIC,
    sourceType: "db-instance",
    sourceIds: ["ecomos-prod"],
    eventCategories: [
      ...["availability", "configuration change", "deletion", "failover", "failure"],
      ...["low storage", "maintenance", "notification", "recovery"],
    ],
    tags: TAGS,
  });
  expect(events.dependencies.map((urn) => urn.split("::").at(-1))).toContain("alarms-topic-policy");
});

test("an address keeps its subscription when the one before it goes", async () => {
  const subscriptions = (of: StackRun) =>
    Object.fromEntries(
      of.ofType("aws:sns/topicSubscription:TopicSubscription").map((r) => [r.inputs.endpoint, r.name]),
    );
  const later = await runStack("prod", { alarmEmails: ["db@example.com"] });
  expect(subscriptions(run)).toMatchObject(subscriptions(later));
});
