import { topicPolicy } from "../../infra/instance/topic-policy";
import { resource, TAGS, UNKNOWN_TEXT, verdict } from "./verdict";

const OWN = "123456789012";
const TOPIC = `arn:aws:sns:us-east-1:${OWN}:portal-db-alarms`;

const verdictOf = (policy: unknown) =>
  verdict(resource("aws:sns/topicPolicy:TopicPolicy", { inputs: { arn: TOPIC, policy } }));
const allowing = (statement: object) =>
  verdictOf(JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", ...statement } }));
const refused = (what: string) => ({
  "alarms-arrive": `lets in ${what}: a topic takes messages of AWS services alone; people have IAM policies`,
});
const UNTIED = {
  "alarms-arrive":
    "takes messages of any account's services: set aws:SourceArn or aws:SourceAccount to this one's",
};
const publish = {
  Principal: { Service: "events.rds.amazonaws.com" },
  Action: "sns:Publish",
  Resource: TOPIC,
};
const from = (operator: string, value: unknown, key = "aws:SourceAccount") => ({
  ...publish,
  Condition: { [operator]: { [key]: value } },
});

describe("the alarms' topic", () => {
  it("may have the policy that the stacks make, as text or as an object, or one that is not known yet", () => {
    const own = topicPolicy(TOPIC, "ecomos-prod");
    expect([verdictOf(own), verdictOf(JSON.stringify(own)), verdictOf(UNKNOWN_TEXT)]).toEqual([{}, {}, {}]);
  });

  it("may refuse anybody, and take a service's messages of its own account", () => {
    expect([
      allowing({ ...publish, Effect: "Deny", Principal: "*", Action: "*" }),
      allowing(from("StringEquals", OWN)),
      allowing(from("ArnLike", `arn:aws:rds:us-east-1:${OWN}:db:*`, "aws:SourceArn")),
    ]).toEqual([{}, {}, {}]);
  });

  // biome-ignore format: one case a line
  it.each<readonly [object, Record<string, string>]>([
    [{ ...from("StringEquals", OWN), Principal: "*" }, refused("*")],
    [{ ...from("StringEquals", OWN), Principal: { AWS: "*" } }, refused("*")],
    [{ ...from("StringEquals", OWN), Principal: { AWS: `arn:aws:iam::${OWN}:root` } }, refused(`arn:aws:iam::${OWN}:root`)],
    [{ ...from("StringEquals", OWN), Principal: { Service: "*" } }, refused("*")],
    [{ ...from("StringEquals", OWN), Principal: undefined }, refused("*")],
    [{ ...from("StringEquals", OWN), Action: ["sns:Publish", "sns:Subscribe"] }, refused("sns:Subscribe")],
    [{ ...from("StringEquals", OWN), Action: "sns:*" }, refused("sns:*")],
    [{ ...from("StringEquals", OWN), Action: undefined, NotAction: "sns:DeleteTopic" }, refused("what NotAction leaves")],
    [publish, UNTIED],
    [from("StringEquals", "999999999999"), UNTIED],
    [from("StringEquals", [OWN, "999999999999"]), UNTIED],
    [from("StringNotEquals", OWN), UNTIED],
    [from("StringEqualsIfExists", OWN), UNTIED],
    [from("StringLike", "*"), UNTIED],
    [from("ArnLike", "arn:aws:rds:us-east-1:*:db:ecomos-prod", "aws:SourceArn"), UNTIED],
    [from("ArnLike", `arn:aws:rds:us-east-1:*:db:${OWN}`, "aws:SourceArn"), UNTIED],
    [from("StringEquals", OWN, "aws:PrincipalAccount"), UNTIED],
  ])("may not have a policy with %j", (statement, problem) => {
    expect(allowing(statement)).toEqual(problem);
  });

  it("has a policy that is JSON", () => {
    expect(verdictOf("{")).toEqual({ "alarms-arrive": "has a policy that is no JSON: write it as one" });
  });

  it("is not encrypted: RDS could send no events to it", () => {
    const topic = (inputs: object) =>
      verdict(
        resource("aws:sns/topic:Topic", { inputs: { name: "portal-db-alarms", tags: TAGS, ...inputs } }),
      );
    const encrypted = {
      "alarms-arrive":
        "is encrypted, and RDS sends no events to it without a right on the key: leave kmsMasterKeyId out",
    };
    expect([
      topic({}),
      topic({ kmsMasterKeyId: "alias/aws/sns" }),
      topic({ kmsMasterKeyId: UNKNOWN_TEXT }),
    ]).toEqual([{}, encrypted, encrypted]);
    const policy = JSON.stringify({ Statement: { Effect: "Allow", ...publish, Principal: "*" } });
    expect(topic({ policy })).toEqual(refused("*"));
  });
});
