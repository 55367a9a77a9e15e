import { kindOf } from "../../ops/review/kind";
import { messageOf, problemsOf } from "../helpers/config-problems";
import { runStack, type StackRun } from "../helpers/stack-run";
import { verdict } from "../policy/verdict";

const TAGS = { project: "portal-db", stack: "prod", environment: "prod" };
const SETTINGS = { subnetId: "subnet-0a1b2c3d4e5f60711", instanceType: "t4g.nano" };
const GROUP = "id of ecomos-prod-bastion";
const DATABASE_GROUP = "id of ecomos-prod-postgres";

let off: StackRun;
let on: StackRun;
beforeAll(async () => {
  off = await runStack("prod");
  on = await runStack("prod", { bastion: SETTINGS });
});

/** How the newest image is looked for. */
const imageOf = (architecture: string) => [
  "aws:ssm/getParameter:getParameter",
  { name: `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}` },
];

/** A rule for one port; both directions look alike. */
const rule = (securityGroupId: string, port: number, description: string, peer: Record<string, string>) => ({
  securityGroupId,
  description,
  ...peer,
  ipProtocol: "tcp",
  fromPort: port,
  toPort: port,
  tags: TAGS,
});

test("it is off unless a stack asks for it, and then exactly these are more; nothing else changes", () => {
  const { bastion, ...rest } = Object.fromEntries(
    Object.entries({ ...on.identitiesByParent }).map(([parent, list]) => [
      parent === "portal-db:index:Bastion::bastion" ? "bastion" : parent,
      list.filter((identity) => identity !== "portal-db:index:Bastion::bastion"),
    ]),
  );
  expect(rest).toEqual(off.identitiesByParent);
  expect(bastion).toEqual([
    "aws:ec2/instance:Instance::bastion",
    "aws:ec2/securityGroup:SecurityGroup::bastion-security-group",
    "aws:iam/instanceProfile:InstanceProfile::bastion-profile",
    "aws:iam/role:Role::bastion-role",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment::bastion-role-sessions",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::bastion-egress-https",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::bastion-egress-postgres",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::bastion-ingress-database",
  ]);
  const inputsOf = (run: StackRun) => run.byName(({ inputs }) => inputs);
  expect(inputsOf(on)).toMatchObject(inputsOf(off));
  expect(on.invokes).toEqual([...off.invokes, imageOf("arm64")]);
  expect(off.outputs).not.toHaveProperty("bastionInstanceId");
  expect(on.outputs).toEqual({ ...off.outputs, bastionInstanceId: "id of bastion" });
});

test("the machine is private, encrypted and keyless, and newer images do not replace it", () => {
  const { inputs, ignoreChanges, dependencies } = on.the("bastion");
  expect(inputs).toEqual({
    ami: "image of /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    instanceType: "t4g.nano",
    subnetId: "subnet-0a1b2c3d4e5f60711",
    associatePublicIpAddress: false,
    vpcSecurityGroupIds: [GROUP],
    iamInstanceProfile: "ecomos-prod-bastion",
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    rootBlockDevice: { encrypted: true, volumeType: "gp3", tags: TAGS },
    tags: { ...TAGS, Name: "ecomos-prod-bastion" },
  });
  expect(ignoreChanges).toEqual(["ami"]);
  expect(dependencies).toEqual(
    expect.arrayContaining([
      "aws:iam/instanceProfile:InstanceProfile::bastion-profile",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment::bastion-role-sessions",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::bastion-egress-https",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::bastion-egress-postgres",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::bastion-ingress-database",
    ]),
  );
});

test("nothing is let in; out go AWS's endpoints and the database, which lets it in", () => {
  expect(on.the("bastion-security-group").inputs).toEqual({
    name: "ecomos-prod-bastion",
    description: "Bastion: lets nothing in",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    tags: TAGS,
  });
  const https = rule(GROUP, 443, "AWS's endpoints, for the SSM agent", { cidrIpv4: "0.0.0.0/0" });
  const postgres = rule(GROUP, 5432, "The database", { referencedSecurityGroupId: DATABASE_GROUP });
  expect(on.ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").map((r) => r.inputs)).toEqual([
    https,
    postgres,
  ]);
  const ingress = on.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
  expect(ingress.filter((r) => r.inputs.securityGroupId !== DATABASE_GROUP)).toEqual([]);
  expect(on.the("bastion-ingress-database").inputs).toEqual(
    rule(DATABASE_GROUP, 5432, "Postgres from the bastion", { referencedSecurityGroupId: GROUP }),
  );
});

test("its role is for EC2, and may be managed by Session Manager and nothing more", () => {
  const { assumeRolePolicy, ...role } = on.the("bastion-role").inputs;
  expect(role).toEqual({
    name: "ecomos-prod-bastion",
    description: "Session Manager on the bastion of ecomos-prod",
    tags: TAGS,
  });
  expect(JSON.parse(String(assumeRolePolicy))).toEqual({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  expect(on.the("bastion-role-sessions").inputs).toEqual({
    role: "ecomos-prod-bastion",
    policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy",
  });
  const policies = on.ofType("aws:iam/policy:Policy").map((r) => r.name);
  expect(policies).toEqual(off.ofType("aws:iam/policy:Policy").map((r) => r.name));
});

test("a new private instance gets its bastion together with it, before it can be reached", async () => {
  const run = await runStack("prod", { bastion: SETTINGS, instanceOnly: true, adoptInstance: null });
  expect(run.outputs).toMatchObject({ bastionInstanceId: "id of bastion" });
});

test("the safety rules have nothing against it", () => {
  const problems = on.resources.map((declared) => verdict({ ...declared, stack: "prod" }));
  expect(problems.filter((found) => Object.keys(found).length > 0)).toEqual([]);
});

test("the review knows every type of it", () => {
  const unknown = on.resources.filter(({ type, inputs }) => kindOf({ type, inputs }) === "unknown type");
  expect(unknown).toEqual([]);
});

test.each([
  ["t4g.nano", "arm64"],
  ["c7gn.medium", "arm64"],
  ["m8gd.large", "arm64"],
  ["t3.nano", "x86_64"],
  ["g5.xlarge", "x86_64"],
])("%s starts from an image for %s", async (instanceType, architecture) => {
  const run = await runStack("prod", { bastion: { ...SETTINGS, instanceType } });
  expect(run.invokes).toEqual([...off.invokes, imageOf(architecture)]);
});

test.each([
  ["true", ["bastion: must be a map with subnetId and instanceType"]],
  ["yes", ["bastion: must be a map with subnetId and instanceType"]],
  [
    {},
    [
      "bastion.subnetId: must be a subnet's id (subnet-…)",
      "bastion.instanceType: must be an EC2 instance type, such as t4g.nano",
    ],
  ],
  [{ ...SETTINGS, subnetId: "vpc-1" }, ["bastion.subnetId: must be a subnet's id (subnet-…)"]],
  [
    { ...SETTINGS, instanceType: "nano" },
    ["bastion.instanceType: must be an EC2 instance type, such as t4g.nano"],
  ],
  [{ ...SETTINGS, keyName: "mine" }, ["bastion.keyName: unknown setting; see the README"]],
])("the setting %j is refused", (bastion, problems) => {
  expect(problemsOf("prod", { bastion })).toEqual(problems);
});

test("dev and ephemeral stacks have none", () => {
  expect(messageOf("dev", { bastion: SETTINGS })).toMatch(/portal-db:bastion: unknown setting/);
});
