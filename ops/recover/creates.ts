import type { StateResource } from "./state";

/** What a create that was cut off may have left, by the type of the resource. */
export type Create =
  /** Made again, it is the same: nothing is taken in. */
  | { readonly by: "again" }
  /** A role of Postgres: the server says whether it is there, and whose. */
  | { readonly by: "postgres" }
  /** Something of AWS that has one name in the account. */
  | { readonly by: "aws" }
  /** It has no name by which it could be found, or nothing here asks for it. */
  | { readonly by: "hand"; readonly look: (inputs: Inputs) => string };

/** What the provider was given. */
export type Inputs = Readonly<Record<string, unknown>>;

const AGAIN: Create = { by: "again" };
const POSTGRES: Create = { by: "postgres" };
const AWS: Create = { by: "aws" };

/** Names and ids come out of the state, and end up in a line that somebody pastes into a shell. */
export const word = (value: unknown): string => {
  const text = String(value ?? "");
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
};

const tagOf = (inputs: Inputs, key: string): string =>
  word((inputs.tags as Readonly<Record<string, unknown>> | undefined)?.[key]);

const byHand = (look: (inputs: Inputs) => string): Create => ({ by: "hand", look });

const tagged = (kind: string, remove: string): Create =>
  byHand(
    (inputs) =>
      `aws resourcegroupstaggingapi get-resources --resource-type-filters ${kind} --tag-filters ` +
      `Key=project,Values=${tagOf(inputs, "project")} Key=stack,Values=${tagOf(inputs, "stack")} lists those of the stack; ` +
      `what the state does not have (npx pulumi stack --show-ids) goes with ${remove}`,
  );

const rule = byHand(
  ({ securityGroupId }) =>
    `aws ec2 describe-security-group-rules --filters Name=group-id,Values=${word(securityGroupId)} lists the group's; one ` +
    "that the state does not have stops the deploy (InvalidPermission.Duplicate), and goes with aws ec2 " +
    "revoke-security-group-ingress, or -egress, --security-group-rule-ids",
);

/** Every type that the stacks declare. A grant, a setting or a version that is made twice is there once. */
const CREATES: Readonly<Record<string, Create>> = {
  "postgresql:index/role:Role": POSTGRES,
  "postgresql:index/grantRole:GrantRole": AGAIN,
  // It is imported, and a schema or an extension that is there is taken as it is.
  "postgresql:index/database:Database": AGAIN,
  "postgresql:index/schema:Schema": AGAIN,
  "postgresql:index/extension:Extension": AGAIN,
  "postgresql:index/grant:Grant": AGAIN,
  "postgresql:index/defaultPrivileges:DefaultPrivileges": AGAIN,
  "random:index/randomPassword:RandomPassword": AGAIN,
  "random:index/randomId:RandomId": AGAIN,
  "aws:secretsmanager/secret:Secret": AWS,
  "aws:secretsmanager/secretVersion:SecretVersion": AGAIN,
  "aws:iam/policy:Policy": AWS,
  "aws:iam/role:Role": AWS,
  "aws:iam/instanceProfile:InstanceProfile": AWS,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": AGAIN,
  "aws:kms/alias:Alias": AWS,
  "aws:kms/key:Key": tagged("kms:key", "aws kms schedule-key-deletion --key-id"),
  "aws:rds/parameterGroup:ParameterGroup": AWS,
  "aws:rds/subnetGroup:SubnetGroup": AWS,
  "aws:rds/instance:Instance": AWS,
  "aws:rds/eventSubscription:EventSubscription": AWS,
  "aws:cloudwatch/metricAlarm:MetricAlarm": AGAIN,
  "aws:cloudwatch/dashboard:Dashboard": AGAIN,
  // The program looks for it, and imports what is there.
  "aws:cloudwatch/logGroup:LogGroup": AGAIN,
  "aws:sns/topic:Topic": AGAIN,
  "aws:sns/topicPolicy:TopicPolicy": AGAIN,
  "aws:sns/topicSubscription:TopicSubscription": AGAIN,
  "aws:ec2/instance:Instance": tagged("ec2:instance", "aws ec2 terminate-instances --instance-ids"),
  "aws:ec2/securityGroup:SecurityGroup": byHand(
    ({ name, vpcId }) =>
      `aws ec2 describe-security-groups --filters Name=group-name,Values=${word(name)} Name=vpc-id,Values=${word(vpcId)} ` +
      "shows it; it stops the deploy (InvalidGroup.Duplicate), and goes with aws ec2 delete-security-group --group-id",
  ),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule,
};

/** What becomes of the create of a resource; of a type that no stack declares a person has to look. */
export function createOf({ type }: StateResource): Create {
  if (type.startsWith("pulumi:")) return AGAIN;
  return CREATES[type] ?? byHand(() => "nothing here asks for this type; look for it where it is made");
}

/** Types that are known here; a test holds them against what the stacks declare. */
export const KNOWN_CREATES: readonly string[] = Object.keys(CREATES);
