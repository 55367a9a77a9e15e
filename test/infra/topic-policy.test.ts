import { topicPolicy } from "../../infra/instance/topic-policy";
import { allows, type RequestContext, type Statement } from "../helpers/iam-evaluation";

const OWN = "123456789012";
const OTHER = "999999999999";
const TOPIC = `arn:aws:sns:us-east-1:${OWN}:portal-db-alarms`;
const alarm = (account: string, name: string) => `arn:aws:cloudwatch:us-east-1:${account}:alarm:${name}`;
const rds = (account: string, name: string) => `arn:aws:rds:us-east-1:${account}:${name}`;

const statements = topicPolicy(TOPIC, "ecomos-prod").Statement as readonly Statement[];

/** Whether a service may do something with the topic, sent by what has this ARN in its account. */
function mayBySource(service: string, source: string, action = "sns:Publish", resource = TOPIC): boolean {
  const account = source.split(":")[4] ?? "";
  const context: RequestContext = { "aws:SourceArn": source, "aws:SourceAccount": account };
  const ofService = statements.filter(({ Principal }) => Principal?.Service === service);
  return allows(ofService, action, resource, context);
}

const ALARMS = "cloudwatch.amazonaws.com";
const EVENTS = "events.rds.amazonaws.com";

test.each<readonly [string, string]>([
  [ALARMS, alarm(OWN, "portal-db-cpu")],
  [ALARMS, alarm(OWN, "portal-db-transaction-ids-critical")],
  [EVENTS, rds(OWN, "db:ecomos-prod")],
  [EVENTS, rds(OWN, "es:portal-db-events")],
])("%s may publish for %s", (service, source) => {
  expect(mayBySource(service, source)).toBe(true);
});

test.each<readonly [string, string]>([
  [ALARMS, alarm(OTHER, "portal-db-cpu")],
  [ALARMS, alarm(OWN, "another-cpu")],
  [ALARMS, rds(OWN, "db:ecomos-prod")],
  [EVENTS, rds(OTHER, "db:ecomos-prod")],
  [EVENTS, rds(OWN, "db:ecomos-prod-restored")],
  [EVENTS, rds(OWN, "db:another")],
  [EVENTS, rds(OWN, "es:another")],
  [EVENTS, alarm(OWN, "portal-db-cpu")],
  ["s3.amazonaws.com", alarm(OWN, "portal-db-cpu")],
])("%s may not publish for %s", (service, source) => {
  expect(mayBySource(service, source)).toBe(false);
});

test("RDS has to send for this account, whatever ARN it names", () => {
  const events = statements.filter(({ Principal }) => Principal?.Service === EVENTS);
  const forAccount = (account: string) =>
    allows(events, "sns:Publish", TOPIC, {
      "aws:SourceArn": rds(OWN, "db:ecomos-prod"),
      "aws:SourceAccount": account,
    });
  expect([forAccount(OWN), forAccount(OTHER)]).toEqual([true, false]);
});

test("a service that does not say for whom publishes nothing, and none does more than publish", () => {
  expect(allows(statements, "sns:Publish", TOPIC)).toBe(false);
  const source = alarm(OWN, "portal-db-cpu");
  expect(
    ["sns:Subscribe", "sns:SetTopicAttributes", "sns:DeleteTopic", "sns:Receive"].map((action) =>
      mayBySource(ALARMS, source, action),
    ),
  ).toEqual([false, false, false, false]);
  expect(mayBySource(ALARMS, source, "sns:Publish", `${TOPIC}-2`)).toBe(false);
  expect(statements.map(({ Principal }) => Principal)).toEqual([{ Service: ALARMS }, { Service: EVENTS }]);
});
