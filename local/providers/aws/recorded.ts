import { createHash } from "node:crypto";
import { type Handler, textIn } from "../../engine/handler";
import { REGION } from "../../servers/aws-emulator";
import { ACCOUNT } from "./clients";
import { tagOutputs } from "./tags";

/** How the id and the ARN of a recorded type are formed: `{}` stands for the name, or for a random part. */
interface Form {
  readonly id: "random" | "name" | "arn";
  readonly prefix: string;
  readonly arn: string;
  readonly replaceOn: readonly string[];
}

const FORMS: Readonly<Record<string, Form>> = {
  "aws:ec2/securityGroup:SecurityGroup": {
    id: "random",
    prefix: "sg-",
    arn: "ec2:security-group/",
    replaceOn: ["name", "description", "vpcId"],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    id: "random",
    prefix: "sgr-",
    arn: "ec2:security-group-rule/",
    replaceOn: ["securityGroupId"],
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    id: "random",
    prefix: "sgr-",
    arn: "ec2:security-group-rule/",
    replaceOn: ["securityGroupId"],
  },
  "aws:ec2/instance:Instance": {
    id: "random",
    prefix: "i-",
    arn: "ec2:instance/",
    replaceOn: ["ami", "subnetId", "associatePublicIpAddress"],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    id: "name",
    prefix: "",
    arn: "iam:instance-profile/",
    replaceOn: ["name"],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    id: "name",
    prefix: "",
    arn: "cloudwatch:alarm:",
    replaceOn: ["name"],
  },
  "aws:sns/topic:Topic": { id: "arn", prefix: "", arn: "sns:", replaceOn: ["name"] },
  "aws:sns/topicSubscription:TopicSubscription": {
    id: "arn",
    prefix: "",
    arn: "sns:subscription:",
    replaceOn: ["topic", "protocol", "endpoint"],
  },
};

/** Types that stand in the state alone: no server plays network, machines, alarms or topics. */
export const RECORDED_TYPES: readonly string[] = Object.keys(FORMS);

/** The handler of a type that is only recorded; undefined for every other type. */
export function recordedHandler(type: string): Handler | undefined {
  const form = FORMS[type];
  if (form === undefined) return undefined;
  return {
    home: "record",
    replaceOn: form.replaceOn,
    create: async (inputs, call) => {
      const random = createHash("sha256").update(call.seed).digest("hex").slice(0, 17);
      const name = textIn(inputs, "name") || call.name;
      const own = form.id === "random" ? `${form.prefix}${random}` : name;
      const at = form.arn.indexOf(":");
      const arn = `arn:aws:${form.arn.slice(0, at)}:${REGION}:${ACCOUNT}:${form.arn.slice(at + 1)}${own}`;
      return { id: form.id === "arn" ? arn : own, outputs: { ...inputs, ...tagOutputs(inputs), name, arn } };
    },
  };
}
