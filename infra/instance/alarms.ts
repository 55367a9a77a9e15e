import { Dashboard, MetricAlarm, type MetricAlarmArgs } from "@pulumi/aws/cloudwatch";
import { EventSubscription } from "@pulumi/aws/rds";
import { Topic, TopicPolicy, TopicSubscription } from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { declare } from "../declare";
import { PROJECT } from "../names";
import { type AlarmRule, alarmText, METRIC_ID } from "./alarm-rules";
import { DASHBOARD, dashboardBody, dashboardUrl } from "./dashboard";
import { EVENTS, placeOfArn, TOPIC, topicPolicy } from "./topic-policy";

/**
 * Events of the instance that a person has to hear of. Left out are backups, each day's, and what somebody has just done
 * by hand (creation, restoration, read replicas).
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 */
const EVENT_CATEGORIES = [
  "availability",
  "configuration change",
  "deletion",
  "failover",
  "failure",
  "low storage",
  "maintenance",
  "notification",
  "recovery",
] as const;

/** Who hears of an instance in trouble, and when. */
export interface InstanceAlarmsArgs {
  /** Identifier of the instance that is watched. */
  instanceIdentifier: pulumi.Input<string>;
  /** Alarms and their thresholds. */
  rules: readonly AlarmRule[];
  /** Addresses that get a mail; each has to confirm it once. */
  emails: readonly string[];
  /** Tags of the topic, the alarms and the subscription to events. */
  tags: Record<string, string>;
}

/** What an alarm watches: a metric of the instance, or what an expression makes of it. */
function watched(
  { expression, metricName, periodSeconds: period }: AlarmRule,
  instanceIdentifier: pulumi.Input<string>,
): Partial<MetricAlarmArgs> {
  const metric = {
    namespace: "AWS/RDS",
    metricName,
    dimensions: { DBInstanceIdentifier: instanceIdentifier },
  };
  if (expression === undefined) return { ...metric, statistic: "Average", period };
  return {
    metricQueries: [
      { id: METRIC_ID, metric: { ...metric, stat: "Average", period } },
      { id: "watched", expression, returnData: true },
    ],
  };
}

/**
 * CloudWatch alarms on one instance, RDS's own events of it, the SNS topic that both go to, and the dashboard to look at.
 * The topic is not encrypted: RDS sends no events to one that AWS's own key encrypts, and there is nothing of the data in
 * them.
 */
export class InstanceAlarms extends pulumi.ComponentResource {
  /** Where the dashboard is opened. */
  public readonly dashboardUrl: pulumi.Output<string>;

  constructor(name: string, args: InstanceAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:InstanceAlarms", name, {}, opts);
    const { rules, tags } = args;
    const child = { parent: this };
    const topic = declare(Topic, `${name}-topic`, { name: TOPIC, tags }, child);
    // Named by the address: by its place, one that moves up would be subscribed again, which SNS answers with the
    // subscription that it has, and the same deploy then deletes that one under its old name.
    for (const [index, endpoint] of args.emails.entries()) {
      declare(
        TopicSubscription,
        `${name}-email-${endpoint}`,
        { topic: topic.arn, protocol: "email", endpoint },
        { ...child, aliases: [{ name: `${name}-email-${index + 1}` }] },
      );
    }
    for (const rule of rules) {
      declare(
        MetricAlarm,
        `${name}-${rule.name}`,
        {
          name: `${PROJECT}-${rule.name}`,
          alarmDescription: alarmText(rule),
          ...watched(rule, args.instanceIdentifier),
          comparisonOperator: rule.comparisonOperator,
          threshold: rule.threshold,
          evaluationPeriods: rule.periods,
          ...(rule.periodsToAlarm === undefined ? {} : { datapointsToAlarm: rule.periodsToAlarm }),
          treatMissingData: rule.missingIsGood ? "notBreaching" : "missing",
          alarmActions: [topic.arn],
          okActions: [topic.arn],
          tags,
        },
        child,
      );
    }
    const known = pulumi.all([topic.arn, args.instanceIdentifier]);
    const policy = declare(
      TopicPolicy,
      `${name}-topic-policy`,
      { arn: topic.arn, policy: known.apply((both) => JSON.stringify(topicPolicy(...both))) },
      child,
    );
    declare(
      EventSubscription,
      `${name}-events`,
      {
        name: EVENTS,
        snsTopic: topic.arn,
        sourceType: "db-instance",
        sourceIds: [args.instanceIdentifier],
        eventCategories: [...EVENT_CATEGORIES],
        tags,
      },
      // RDS tries whether it may send when the subscription is made.
      { ...child, dependsOn: policy },
    );
    declare(
      Dashboard,
      `${name}-dashboard`,
      {
        dashboardName: DASHBOARD,
        dashboardBody: known.apply(([arn, identifier]) =>
          JSON.stringify(dashboardBody({ identifier, place: placeOfArn(arn), rules })),
        ),
      },
      child,
    );
    this.dashboardUrl = topic.arn.apply((arn) => dashboardUrl(placeOfArn(arn)));
    this.registerOutputs({ dashboardUrl: this.dashboardUrl });
  }
}
