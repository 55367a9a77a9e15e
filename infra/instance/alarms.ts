import { MetricAlarm } from "@pulumi/aws/cloudwatch";
import { Topic, TopicSubscription } from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { declare } from "../declare";
import { PROJECT } from "../names";
import type { AlarmRule } from "./alarm-rules";

const PERIOD_SECONDS = 300;
const PERIODS = 3;

/** Who hears of an instance in trouble, and when. */
export interface InstanceAlarmsArgs {
  /** Identifier of the instance that is watched. */
  instanceIdentifier: pulumi.Input<string>;
  /** Alarms and their thresholds. */
  rules: readonly AlarmRule[];
  /** Addresses that get a mail; each has to confirm it once. */
  emails: readonly string[];
  /** Tags of the topic and the alarms. */
  tags: Record<string, string>;
}

/** CloudWatch alarms on one instance, and the SNS topic that they go to. */
export class InstanceAlarms extends pulumi.ComponentResource {
  /** ARN of the topic, for further subscriptions. */
  public readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: InstanceAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:InstanceAlarms", name, {}, opts);
    const { tags } = args;
    const topic = declare(Topic, `${name}-topic`, { name: `${PROJECT}-alarms`, tags }, { parent: this });
    // Named by the address: by its place, one that moves up would be subscribed again, which SNS answers with the
    // subscription that it has, and the same deploy then deletes that one under its old name.
    for (const [index, endpoint] of args.emails.entries()) {
      declare(
        TopicSubscription,
        `${name}-email-${endpoint}`,
        { topic: topic.arn, protocol: "email", endpoint },
        { parent: this, aliases: [{ name: `${name}-email-${index + 1}` }] },
      );
    }
    for (const rule of args.rules) {
      declare(
        MetricAlarm,
        `${name}-${rule.name}`,
        {
          name: `${PROJECT}-${rule.name}`,
          alarmDescription: rule.description,
          namespace: "AWS/RDS",
          metricName: rule.metricName,
          dimensions: { DBInstanceIdentifier: args.instanceIdentifier },
          statistic: "Average",
          comparisonOperator: rule.comparisonOperator,
          threshold: rule.threshold,
          period: PERIOD_SECONDS,
          evaluationPeriods: PERIODS,
          treatMissingData: "missing",
          alarmActions: [topic.arn],
          okActions: [topic.arn],
          tags,
        },
        { parent: this },
      );
    }
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}
