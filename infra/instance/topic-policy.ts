import { PROJECT } from "../names";

/** Name of the topic that everything about the instance goes to. */
export const TOPIC = `${PROJECT}-alarms`;

/** Name of the subscription to RDS's own events. */
export const EVENTS = `${PROJECT}-events`;

/** Where an ARN is: what other names in the same account and region begin with. */
export interface AwsPlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The place that an ARN names. */
export function placeOfArn(arn: string): AwsPlace {
  const [, partition = "", , region = "", account = ""] = arn.split(":");
  return { partition, region, account };
}

/**
 * Who may send to the topic: this account's alarms, and RDS about the instance and about the subscription itself. A policy
 * stands in place of the topic's first one, which let alarms in, too. People come in by their own IAM policies.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
export function topicPolicy(topicArn: string, identifier: string) {
  const { partition, region, account } = placeOfArn(topicArn);
  const sourceOf = (service: string, kind: string, name: string) =>
    `arn:${partition}:${service}:${region}:${account}:${kind}:${name}`;
  const publish = (sid: string, service: string, condition: object) => ({
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: condition,
  });
  return {
    Version: "2012-10-17",
    Statement: [
      // As AWS writes it for alarms, whose ARN has the account in it.
      publish("Alarms", "cloudwatch.amazonaws.com", {
        ArnLike: { "aws:SourceArn": sourceOf("cloudwatch", "alarm", `${PROJECT}-*`) },
      }),
      publish("Events", "events.rds.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": [sourceOf("rds", "db", identifier), sourceOf("rds", "es", EVENTS)] },
      }),
    ],
  };
}
