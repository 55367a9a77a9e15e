import type { DeclaredResource } from "../access/declared-resource";
import { endProblem, forgottenProblem, loginProblem, passwordProblem, providerProblem } from "./access";
import { BOUNDARY, type RuleRow } from "./boundary";
import {
  cascadeProblem,
  finalSnapshotProblem,
  forceSslProblem,
  harmfulProblem,
  parameterProblem,
  protectProblem,
  recoveryProblem,
  replicaProblem,
  retentionProblem,
  secretKeyProblem,
  switchProblem,
} from "./data";
import { loginNameProblem, tagProblem } from "./names";
import { ingressProblem, machineProblem } from "./network";
import { topicProblem } from "./topic";

/** What must hold for every resource of some types. */
export interface SafetyRule {
  /** Name in reports and in the policy pack's config. */
  readonly name: string;
  /** What must hold, in one sentence. */
  readonly description: string;
  /** Whether it is a row of boundary.ts: it stops every stack, whichever data it has of its own. */
  readonly isBoundary: boolean;
  /** Whether the rule looks at resources of a type. */
  appliesTo(type: string): boolean;
  /** What is wrong and what to do, without any secret; undefined when nothing is, or when it cannot be known yet. */
  problem(resource: DeclaredResource): string | undefined;
}

const INSTANCE = "aws:rds/instance:Instance";
const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";
const KEY = "aws:kms/key:Key";
const SECRET = "aws:secretsmanager/secret:Secret";
const READ_POLICY = "aws:iam/policy:Policy";
const DATABASE = "postgresql:index/database:Database";
const SCHEMA = "postgresql:index/schema:Schema";
const EXTENSION = "postgresql:index/extension:Extension";
const ROLE = "postgresql:index/role:Role";
const PROVIDER = "pulumi:providers:postgresql";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const MACHINE = "aws:ec2/instance:Instance";
const PROFILE = "aws:iam/instanceProfile:InstanceProfile";
const TOPIC = "aws:sns/topic:Topic";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";

/** Every AWS type of the stacks that takes tags. */
const TAGGED = [
  ...[
    INSTANCE,
    PARAMETERS,
    KEY,
    SECRET,
    READ_POLICY,
    GROUP,
    INGRESS,
    EGRESS,
    "aws:rds/subnetGroup:SubnetGroup",
  ],
  ...[
    MACHINE,
    PROFILE,
    "aws:iam/role:Role",
    TOPIC,
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:rds/eventSubscription:EventSubscription",
  ],
  "aws:cloudwatch/logGroup:LogGroup",
];

/** What must hold besides the boundary: name, what must hold, for which types, and what finds the problem. */
// biome-ignore format: one rule a line
const OTHERS: readonly RuleRow[] = [
  ["protected-in-prod", "What holds data or access in prod has Pulumi's protect.", [INSTANCE, DATABASE, KEY, SCHEMA, EXTENSION, ROLE, SECRET], protectProblem],
  ["no-cascade-in-prod", "Dropping a prod schema or extension never drops tables.", [SCHEMA, EXTENSION], cascadeProblem],
  ["storage-encrypted", "The instance's storage is encrypted.", [INSTANCE], switchProblem("storageEncrypted", true)],
  ["not-public", "The instance has no public address.", [INSTANCE], switchProblem("publiclyAccessible", false)],
  ["deletion-protection", "RDS refuses to delete the instance.", [INSTANCE], switchProblem("deletionProtection", true)],
  ["backups-retained", "Backups are kept for a day or more.", [INSTANCE], retentionProblem],
  ["final-snapshot", "Deleting the instance leaves a snapshot.", [INSTANCE], finalSnapshotProblem],
  ["force-ssl", "The server refuses connections without TLS.", [PARAMETERS], forceSslProblem],
  ["quiet-server", "The server's log holds no app's rows, and it keeps passwords as SCRAM verifiers.", [PARAMETERS], parameterProblem],
  ["harmless-parameters", "No parameter of the server takes something from every app, or stops each deploy.", [PARAMETERS], harmfulProblem],
  ["no-open-ingress", "No network wider than /8 reaches the instance.", [INGRESS, GROUP_RULE, GROUP], ingressProblem],
  ["closed-machine", "A machine has no public address, no SSH key, metadata by token alone and an encrypted disk.", [MACHINE], machineProblem],
  ["alarms-arrive", "The alarms' topic takes messages of its own account's AWS services, RDS among them, and of nobody else.", [TOPIC, TOPIC_POLICY], topicProblem],
  ["admin-not-superuser", "The provider does not take the admin for a superuser.", [PROVIDER], providerProblem],
  ["long-password", "Passwords are 32 letters and digits or more.", [PASSWORD, ROLE], passwordProblem],
  ["secret-with-own-key", "Secrets are encrypted with the stack's key.", [SECRET], secretKeyProblem],
  ["secret-in-one-region", "A secret has no copies in other regions.", [SECRET], replicaProblem],
  ["recoverable-in-prod", "A prod secret that is deleted can be restored for some days.", [SECRET], recoveryProblem],
  ["login-can-connect", "A login can log in: it has LOGIN, a connection or more, and no end in the past.", [ROLE], loginProblem],
  ["transactions-end", "A prod login that forgets a transaction is ended: it would keep every app's dead rows.", [ROLE], forgottenProblem],
  ["people-end", "A person's login in prod has an end.", [ROLE], endProblem],
  ["login-fits-owner", "A login is named for the schema whose owner it acts as.", [ROLE], loginNameProblem],
  ["tagged", "AWS resources carry the project's tags.", TAGGED, tagProblem],
];

function rulesOf(rows: readonly RuleRow[], isBoundary: boolean): SafetyRule[] {
  return rows.map(([name, description, types, problem]) => ({
    name,
    description,
    isBoundary,
    appliesTo: (type) => types === "any" || types.includes(type),
    problem,
  }));
}

/** What must hold for every resource that a stack declares. The policy pack and the review share it. */
export const SAFETY_RULES: readonly SafetyRule[] = [...rulesOf(OTHERS, false), ...rulesOf(BOUNDARY, true)];
