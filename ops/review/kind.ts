import { inputOf, isOn, textOf } from "../../access/declared-resource";
import type { PreviewedResource, ResourceState } from "./resource";

/** What a type is for a reviewer: its noun, and the input that names it. */
const KIND_BY_TYPE = {
  "aws:rds/instance:Instance": ["instance", "identifier"],
  "aws:rds/parameterGroup:ParameterGroup": ["parameter group", "name"],
  "aws:rds/subnetGroup:SubnetGroup": ["subnet group", "name"],
  "aws:ec2/instance:Instance": ["bastion", ""],
  "aws:ec2/securityGroup:SecurityGroup": ["security group", "name"],
  "aws:ec2/securityGroupRule:SecurityGroupRule": ["network rule", ""],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["network rule", ""],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["outgoing rule", ""],
  "aws:kms/key:Key": ["key", "description"],
  "aws:kms/alias:Alias": ["key alias", "name"],
  "aws:secretsmanager/secret:Secret": ["secret", "name"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secret value", ""],
  "aws:iam/policy:Policy": ["read policy", "name"],
  "aws:iam/role:Role": ["IAM role", "name"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["policy attachment", ""],
  "aws:iam/instanceProfile:InstanceProfile": ["policy attachment", "name"],
  "aws:sns/topic:Topic": ["alarm topic", "name"],
  "aws:sns/topicSubscription:TopicSubscription": ["alarm subscription", ""],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["alarm", "name"],
  "postgresql:index/database:Database": ["database", "name"],
  "postgresql:index/schema:Schema": ["schema", "name"],
  "postgresql:index/role:Role": ["role", "name"],
  "postgresql:index/grant:Grant": ["grant", ""],
  "postgresql:index/grantRole:GrantRole": ["membership", ""],
  "postgresql:index/defaultPrivileges:DefaultPrivileges": ["default privileges", ""],
  "postgresql:index/extension:Extension": ["extension", "name"],
  "random:index/randomPassword:RandomPassword": ["password", ""],
  "random:index/randomId:RandomId": ["random id", ""],
  "pulumi:providers:postgresql": ["provider", ""],
  "pulumi:providers:aws": ["provider", ""],
  "pulumi:providers:random": ["provider", ""],
  "pulumi:pulumi:StackReference": ["stack reference", ""],
} as const;

/** What a resource is. A role that logs in is a `login`; a component has nothing but children. */
export type Kind =
  | (typeof KIND_BY_TYPE)[keyof typeof KIND_BY_TYPE][0]
  | "login"
  | "component"
  | "unknown type";

function entryOf(type: string): (typeof KIND_BY_TYPE)[keyof typeof KIND_BY_TYPE] | undefined {
  return Object.hasOwn(KIND_BY_TYPE, type) ? KIND_BY_TYPE[type as keyof typeof KIND_BY_TYPE] : undefined;
}

/** What a resource is; a type that nobody has put down here is `unknown type`, which is never taken for safe. */
export function kindOf({
  type,
  custom,
  inputs,
}: Pick<ResourceState, "custom" | "inputs"> & { readonly type: string }): Kind {
  const known = entryOf(type);
  if (known === undefined) return custom ? "unknown type" : "component";
  return known[0] === "role" && isOn(inputOf(inputs, "login")) ? "login" : known[0];
}

/** What a resource is, as far as either side of the change says. */
export function kindOfResource({ type, before, after }: PreviewedResource): Kind {
  const state = after ?? before;
  return kindOf({
    type,
    custom: state?.custom ?? !type.startsWith("portal-db:"),
    inputs: state?.inputs ?? {},
  });
}

/** The name that people know a resource by: in Postgres or AWS, otherwise the logical one. */
export function subjectOf({ type, name, before, after }: PreviewedResource): string {
  const key = entryOf(type)?.[1] ?? "";
  return (key === "" ? undefined : textOf((after ?? before)?.inputs ?? {}, key)) ?? name;
}

/** Kind and name, e.g. `schema wms_prod`. */
export function whatOf(resource: PreviewedResource): string {
  return `${kindOfResource(resource)} ${subjectOf(resource)}`;
}
