/**
 * The one list of types that somebody has judged: what each is for a reader, its noun, and the input that names it. A
 * type that is not here blocks, in the policy pack and in the review, until it is added with a row of
 * `ops/review/class-table.ts` for its noun and, where it can cross a boundary, one of `policy/boundary.ts`.
 */
export const KIND_BY_TYPE = {
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
  "aws:kms/keyPolicy:KeyPolicy": ["resource policy", ""],
  "aws:kms/grant:Grant": ["key grant", "name"],
  "aws:secretsmanager/secret:Secret": ["secret", "name"],
  "aws:secretsmanager/secretPolicy:SecretPolicy": ["resource policy", ""],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secret value", ""],
  "aws:iam/policy:Policy": ["read policy", "name"],
  "aws:iam/role:Role": ["IAM role", "name"],
  "aws:iam/rolePolicy:RolePolicy": ["inline policy", "name"],
  "aws:iam/userPolicy:UserPolicy": ["inline policy", "name"],
  "aws:iam/groupPolicy:GroupPolicy": ["inline policy", "name"],
  "aws:iam/policyAttachment:PolicyAttachment": ["policy attachment", "name"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["policy attachment", ""],
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": ["policy attachment", ""],
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": ["policy attachment", ""],
  "aws:iam/instanceProfile:InstanceProfile": ["policy attachment", "name"],
  "aws:sns/topic:Topic": ["alarm topic", "name"],
  "aws:sns/topicPolicy:TopicPolicy": ["alarm topic policy", ""],
  "aws:sns/topicSubscription:TopicSubscription": ["alarm subscription", ""],
  "aws:rds/eventSubscription:EventSubscription": ["event subscription", "name"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["alarm", "name"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboard", "dashboardName"],
  "aws:cloudwatch/logGroup:LogGroup": ["log group", "name"],
  "postgresql:index/database:Database": ["database", "name"],
  "postgresql:index/schema:Schema": ["schema", "name"],
  "postgresql:index/role:Role": ["role", "name"],
  "postgresql:index/grant:Grant": ["grant", ""],
  "postgresql:index/grantRole:GrantRole": ["membership", ""],
  "postgresql:index/defaultPrivileges:DefaultPrivileges": ["default privileges", ""],
  "postgresql:index/extension:Extension": ["extension", "name"],
  "postgresql:index/function:Function": ["function", "name"],
  "random:index/randomPassword:RandomPassword": ["password", ""],
  "random:index/randomId:RandomId": ["random id", ""],
  "pulumi:providers:postgresql": ["provider", ""],
  "pulumi:providers:aws": ["provider", ""],
  "pulumi:providers:random": ["provider", ""],
  "pulumi:pulumi:StackReference": ["stack reference", ""],
  "pulumi:pulumi:Stack": ["component", ""],
  "portal-db:index:AppSchema": ["component", ""],
  "portal-db:index:Visitor": ["component", ""],
  "portal-db:index:Bastion": ["component", ""],
  "portal-db:index:DatabaseAccess": ["component", ""],
  "portal-db:index:DatabaseInstance": ["component", ""],
  "portal-db:index:Deployers": ["component", ""],
  "portal-db:index:InstanceAlarms": ["component", ""],
  "portal-db:index:InstanceNetwork": ["component", ""],
} as const;

type KnownType = keyof typeof KIND_BY_TYPE;

/** Noun of a type, and the input that names it; undefined for one that nobody has judged. */
export function kindEntry(type: string): (typeof KIND_BY_TYPE)[KnownType] | undefined {
  return Object.hasOwn(KIND_BY_TYPE, type) ? KIND_BY_TYPE[type as KnownType] : undefined;
}

/** Nothing unknown is safe: a type that nobody has judged stops until somebody has. */
export function unknownTypeProblem({ type }: { readonly type: string }): string | undefined {
  if (kindEntry(type) !== undefined) return undefined;
  return `is of the type ${type}, which nobody has judged: leave it out, or add it to KIND_BY_TYPE in policy/resource-types.ts`;
}
