import { INSTANCE_ADDRESS } from "../helpers/answers";
import type { Overrides } from "../helpers/settings";
import { runStack, type StackRun } from "../helpers/stack-run";

const TAGS = { project: "portal-db", stack: "prod", environment: "prod" };

let run: StackRun;
beforeAll(async () => {
  run = await runStack("prod", {
    allowedSources: { apps: "10.0.0.0/16", office: "192.0.2.7/32", jobs: "sg-0a1b2c" },
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
