import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { architectureOf } from "../../../infra/instance/settings";
import { type Handler, textIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { REGION } from "../../servers/aws-emulator";
import { ACCOUNT } from "./clients";
import { samePolicyIn } from "./policy-document";
import { tagOutputs } from "./tags";

/** What stands in the state of a type that no server plays, and which changes of it replace. */
interface Form extends Pick<Handler, "replaceOn" | "replacesIf" | "sets" | "defaults" | "same"> {
  /** Service and kind of its ARN, which ends in its own part. */
  readonly arn: string;
  /** What its own part begins with when it is drawn; undefined: it is the name. */
  readonly drawn?: string;
  /** Whether the ARN is the id. */
  readonly arnIsId?: true;
  /** The input that is its id, of what has no ARN of its own among its outputs. */
  readonly idInput?: string;
}

/** What a rule lets in or out: another kind of it is another rule; internal/service/ec2/vpc_security_group_ingress_rule.go. */
const RULE: Form = {
  arn: "ec2:security-group-rule/",
  drawn: "sgr-",
  replaceOn: ["securityGroupId"],
  replacesIf: (before, after) =>
    ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"].filter(
      (source) => (before[source] === undefined) !== (after[source] === undefined),
    ),
};

/** Each with its file in the provider, under internal/service. */
const FORMS: Readonly<Record<string, Form>> = {
  // ec2/vpc_security_group.go
  "aws:ec2/securityGroup:SecurityGroup": {
    arn: "ec2:security-group/",
    drawn: "sg-",
    replaceOn: ["name", "namePrefix", "description", "vpcId"],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": RULE,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": RULE,
  // ec2/ec2_instance.go
  "aws:ec2/instance:Instance": {
    arn: "ec2:instance/",
    drawn: "i-",
    replaceOn: [
      "ami",
      "associatePublicIpAddress",
      "availabilityZone",
      "keyName",
      "rootBlockDevice.encrypted",
      "rootBlockDevice.kmsKeyId",
      "subnetId",
    ],
    replacesIf: (before, after) => (machineOf(before) === machineOf(after) ? [] : ["instanceType"]),
    sets: ["vpcSecurityGroupIds"],
  },
  // iam/instance_profile.go
  "aws:iam/instanceProfile:InstanceProfile": {
    arn: "iam:instance-profile/",
    replaceOn: ["name", "namePrefix", "path"],
    defaults: { path: "/" },
  },
  // cloudwatch/metric_alarm.go
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    arn: "cloudwatch:alarm:",
    replaceOn: ["name"],
    sets: ["alarmActions", "insufficientDataActions", "metricQueries", "okActions"],
    defaults: { actionsEnabled: true, treatMissingData: "missing" },
  },
  // cloudwatch/dashboard.go
  "aws:cloudwatch/dashboard:Dashboard": {
    arn: "",
    idInput: "dashboardName",
    replaceOn: ["dashboardName"],
    same: sameJsonIn("dashboardBody"),
  },
  // sns/topic.go, sns/topic_policy.go, sns/topic_subscription.go
  "aws:sns/topic:Topic": { arn: "sns:", arnIsId: true, replaceOn: ["name", "namePrefix", "fifoTopic"] },
  "aws:sns/topicPolicy:TopicPolicy": {
    arn: "",
    idInput: "arn",
    replaceOn: ["arn"],
    same: samePolicyIn("policy"),
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    arn: "sns:subscription:",
    drawn: "",
    arnIsId: true,
    replaceOn: ["topic", "protocol", "endpoint"],
  },
};

/** Whether a text is the same JSON, as the provider compares it. */
function sameJsonIn(input: string): NonNullable<Handler["same"]> {
  return (name, before, after) => {
    if (name !== input) return false;
    try {
      return isDeepStrictEqual(JSON.parse(textIn(before, name)), JSON.parse(textIn(after, name)));
    } catch {
      return false;
    }
  };
}

function machineOf(inputs: Properties): string {
  return architectureOf(textIn(inputs, "instanceType"));
}

/** Types that stand in the state alone: no server plays network, machines, alarms or topics. */
export const RECORDED_TYPES: readonly string[] = Object.keys(FORMS);

/** The handler of a type that is only recorded; undefined for every other type. */
export function recordedHandler(type: string): Handler | undefined {
  const form = FORMS[type];
  if (form === undefined) return undefined;
  const { arn: kind, drawn, arnIsId, idInput, ...rules } = form;
  if (idInput !== undefined) {
    return {
      ...rules,
      home: "record",
      create: async (inputs) => ({ id: textIn(inputs, idInput), outputs: inputs }),
      update: async ({ id }, inputs) => ({ id, outputs: inputs }),
    };
  }
  return {
    ...rules,
    home: "record",
    create: async (inputs, call) => {
      const random = createHash("sha256").update(call.seed).digest("hex").slice(0, 17);
      const name = textIn(inputs, "name") || call.name;
      const own = drawn === undefined ? name : `${drawn}${random}`;
      const at = kind.indexOf(":");
      const arn = `arn:aws:${kind.slice(0, at)}:${REGION}:${ACCOUNT}:${kind.slice(at + 1)}${own}`;
      return { id: arnIsId === true ? arn : own, outputs: { ...inputs, ...tagOutputs(inputs), name, arn } };
    },
    update: async ({ id, outputs: { name, arn } }, inputs) => ({
      id,
      outputs: { name, arn, ...inputs, ...tagOutputs(inputs) },
    }),
  };
}
