import { INSTANCE_ADDRESS } from "../helpers/answers";
import type { Overrides } from "../helpers/settings";
import { runStack, type StackRun } from "../helpers/stack-run";

const TAGS = { project: "portal-db", stack: "prod", environment: "prod" };
const TOPIC = "arn:aws:sns:us-east-1:123456789012:portal-db-alarms";

let run: StackRun;
beforeAll(async () => {
  run = await runStack("prod", {
    allowedSources: { apps: "10.0.0.0/16", office: "192.0.2.7/32", jobs: "sg-0a1b2c" },
    alarmEmails: ["ops@example.com", "db@example.com"],
  });
});

const inputsOfType = (type: string) => run.ofType(type).map((r) => r.inputs);

test("the security group has one ingress rule a named source, and nothing else opens it", () => {
  const rule = (source: string, address: Record<string, string>) => ({
    securityGroupId: "id of ecomos-prod-postgres",
    description: `Postgres from ${source}`,
    ipProtocol: "tcp",
    fromPort: 5432,
    toPort: 5432,
    ...address,
    tags: TAGS,
  });
  expect(inputsOfType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")).toEqual([
    rule("apps", { cidrIpv4: "10.0.0.0/16" }),
    rule("jobs", { referencedSecurityGroupId: "sg-0a1b2c" }),
    rule("office", { cidrIpv4: "192.0.2.7/32" }),
  ]);
  expect(inputsOfType("aws:ec2/securityGroup:SecurityGroup")).toEqual([
    {
      name: "ecomos-prod-postgres",
      description: "Named sources that reach Postgres on ecomos-prod",
      vpcId: "vpc-0a1b2c3d4e5f60718",
      tags: TAGS,
    },
  ]);
});

test("the instance stands in the configured subnets", () => {
  expect(inputsOfType("aws:rds/subnetGroup:SubnetGroup")).toEqual([
    {
      name: "ecomos-prod-subnets",
      description: "Private subnets of ecomos-prod",
      subnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
      tags: TAGS,
    },
  ]);
});

test("each alarm watches this instance, and tells the topic when it starts and ends", () => {
  const alarm = (name: string, metricName: string, above: boolean, threshold: number, text: string) => ({
    name: `portal-db-${name}`,
    alarmDescription: text,
    namespace: "AWS/RDS",
    metricName,
    dimensions: { DBInstanceIdentifier: "ecomos-prod" },
    statistic: "Average",
    comparisonOperator: above ? "GreaterThanThreshold" : "LessThanThreshold",
    threshold,
    period: 300,
    evaluationPeriods: 3,
    treatMissingData: "missing",
    alarmActions: [TOPIC],
    okActions: [TOPIC],
    tags: TAGS,
  });
  const connections = "more than 308 connections, four fifths of what logins may use together";
  const storage = "less than a tenth of the allocated storage is free";
  expect(inputsOfType("aws:cloudwatch/metricAlarm:MetricAlarm")).toEqual([
    alarm("connections", "DatabaseConnections", true, 308, connections),
    alarm("cpu", "CPUUtilization", true, 80, "CPU above 80 percent for 15 minutes"),
    alarm("free-storage", "FreeStorageSpace", false, 5_368_709_120, storage),
    alarm(
      "freeable-memory",
      "FreeableMemory",
      false,
      429_496_729,
      "less than a tenth of the memory is freeable",
    ),
  ]);
});

test("each address hears of the topic by mail", () => {
  expect(inputsOfType("aws:sns/topic:Topic")).toEqual([{ name: "portal-db-alarms", tags: TAGS }]);
  expect(inputsOfType("aws:sns/topicSubscription:TopicSubscription")).toEqual([
    { topic: TOPIC, protocol: "email", endpoint: "db@example.com" },
    { topic: TOPIC, protocol: "email", endpoint: "ops@example.com" },
  ]);
});

test("an address keeps its subscription when the one before it goes", async () => {
  const subscriptions = (of: StackRun) =>
    Object.fromEntries(
      of.ofType("aws:sns/topicSubscription:TopicSubscription").map((r) => [r.inputs.endpoint, r.name]),
    );
  const later = await runStack("prod", { alarmEmails: ["db@example.com"] });
  expect(subscriptions(run)).toMatchObject(subscriptions(later));
});

test("the instance and the secrets have a key each, which AWS rotates", () => {
  const key = (description: string) => ({
    description,
    enableKeyRotation: true,
    deletionWindowInDays: 30,
    tags: TAGS,
  });
  expect(inputsOfType("aws:kms/key:Key")).toEqual([
    key("Storage of ecomos-prod"),
    key("Secrets of the stack prod of portal-db"),
  ]);
  expect(inputsOfType("aws:kms/alias:Alias")).toEqual([
    { name: "alias/ecomos-prod", targetKeyId: "instance-key-key-id" },
    { name: "alias/portal-db-prod", targetKeyId: "secrets-key-key-id" },
  ]);
});

const PROVIDER = {
  host: INSTANCE_ADDRESS,
  port: "5432",
  username: "portal_db_admin",
  password: "Generateddeployersadminpassword0",
  database: "portal_db",
  superuser: "false",
  connectTimeout: "15",
  sslmode: "require",
};

test.each<readonly [string, Overrides, Record<string, unknown>]>([
  ["encrypts, and does not verify without the CA bundle", {}, PROVIDER],
  [
    "verifies with the CA bundle",
    { adminCaBundle: "/etc/ssl/rds.pem" },
    { ...PROVIDER, sslmode: "verify-full", sslrootcert: "/etc/ssl/rds.pem" },
  ],
  [
    "goes through the admin endpoint, whose name no certificate has",
    {
      adminEndpoint: "localhost:6543",
      masterUsername: "boss",
      masterPassword: "Configured1",
      adminCaBundle: "/ca",
    },
    {
      ...PROVIDER,
      host: "localhost",
      port: "6543",
      sslrootcert: "/ca",
    },
  ],
  ["uses no TLS where the stack has none", { sslmode: "disable" }, { ...PROVIDER, sslmode: "disable" }],
])("the providers are the master and the admin, no superusers, and each %s", async (_, overrides, inputs) => {
  const declared = await runStack("prod", overrides);
  expect(declared.the("admin").inputs).toEqual(inputs);
  expect(declared.the("master").inputs).toEqual({
    ...inputs,
    database: "postgres",
    username: overrides.masterUsername ?? "ecomos_admin",
    password: overrides.masterPassword ?? "Generatedmasterpassword000000000",
  });
});
