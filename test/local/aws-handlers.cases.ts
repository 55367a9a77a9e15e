import type { Resource } from "../../local/engine/state";
import type { Properties } from "../../local/engine/values";
import type { AwsClients } from "../../local/providers/aws/clients";
import { changeCases, declared, type HandlerStand, KEYS } from "./handler-stand";

const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const tags = { app: "wms", environment: "dev" };
const id = (resource: Resource): unknown => resource.id;
const trust = (service: string | string[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
const reads = (Action: string[], Resource: string | string[]) => ({ Effect: "Allow", Action, Resource });

/** Which versions of a secret there are, by their labels. */
async function versions(stand: HandlerStand): Promise<Record<string, string | undefined>> {
  const secrets = await stand.providers.aws.secrets();
  const SecretId = stand.ids.get("oneSecret");
  const at = async (VersionStage: string) =>
    (await secrets.getSecretValue({ SecretId, VersionStage })).SecretString;
  return { now: await at("AWSCURRENT"), before: await at("AWSPREVIOUS") };
}

/** What the official AWS provider replaces, and what it changes in place: asked of version 5.100, by its plans. */
export function awsCases(get: () => HandlerStand): void {
  changeCases(get, {
    type: "aws:secretsmanager/secret:Secret",
    inputs: { name: "portal-db/dev/wms", description: "of wms", recoveryWindowInDays: 0, tags },
    drawn: id,
    rows: [
      [{ description: "of WMS" }, "in place"],
      [{ kmsKeyId: `${KEYS}$oneKey` }, "in place"],
      [{ tags: { app: "WMS" } }, "in place"],
      [{ tags: {} }, "in place"],
      [{ name: "portal-db/dev/fcc" }, "replaced"],
      // Last: it keeps its name for that long.
      [{ recoveryWindowInDays: 7 }, "in place"],
    ],
  });
  changeCases(get, {
    type: "aws:kms/key:Key",
    inputs: { description: "of dev", enableKeyRotation: true, deletionWindowInDays: 7, tags },
    drawn: id,
    rows: [
      [{ keyUsage: "ENCRYPT_DECRYPT", isEnabled: true }, "no change"],
      [{ description: "of prod" }, "in place"],
      [{ enableKeyRotation: false }, "in place"],
      [{ deletionWindowInDays: 8 }, "in place"],
      [{ tags: { app: "WMS" } }, "in place"],
      [{ multiRegion: true }, "replaced"],
    ],
  });
  changeCases(get, {
    type: "aws:kms/alias:Alias",
    inputs: { name: "alias/portal-db-dev", targetKeyId: "$oneKey" },
    rows: [
      [{ targetKeyId: "$otherKey" }, "in place"],
      [{ name: "alias/portal-db-prod" }, "replaced"],
    ],
  });
  changeCases(get, {
    type: "aws:iam/policy:Policy",
    inputs: {
      name: "wms-dev-read",
      description: "reads",
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [reads(["kms:a", "kms:b"], "*")] }),
      tags,
    },
    drawn: ({ outputs }) => outputs.policyId,
    rows: [
      [
        {
          policy: JSON.stringify({ Statement: reads(["kms:b", "kms:a"], ["*"]), Version: "2012-10-17" }),
          path: "/",
        },
        "no change",
      ],
      [{ policy: JSON.stringify({ Version: "2012-10-17", Statement: [reads(["kms:a"], "*")] }) }, "in place"],
      [{ tags: { app: "WMS" } }, "in place"],
      [{ description: "reads more" }, "replaced"],
      [{ name: "fcc-dev-read" }, "replaced"],
      [{ path: "/apps/" }, "replaced"],
    ],
  });
  changeCases(get, {
    type: "aws:iam/role:Role",
    inputs: { name: "bastion", description: "of it", assumeRolePolicy: trust("ec2.amazonaws.com"), tags },
    drawn: ({ outputs }) => outputs.uniqueId,
    rows: [
      [{ assumeRolePolicy: trust(["ec2.amazonaws.com"]) }, "no change"],
      [{ assumeRolePolicy: trust("monitoring.rds.amazonaws.com") }, "in place"],
      [{ description: "of another" }, "in place"],
      [{ tags: { app: "WMS" } }, "in place"],
      [{ name: "other-bastion" }, "replaced"],
      [{ path: "/apps/" }, "replaced"],
    ],
  });
  changeCases(get, {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    inputs: { role: "one", policyArn: READ_ONLY },
    drawn: id,
    rows: [
      [{ role: "other" }, "replaced"],
      [{ policyArn: "arn:aws:iam::aws:policy/IAMFullAccess" }, "replaced"],
    ],
  });
  changeCases(get, {
    type: "aws:rds/subnetGroup:SubnetGroup",
    inputs: { name: "subnets", description: "of it", subnetIds: ["$oneSubnet", "$otherSubnet"], tags },
    drawn: id,
    rows: [
      [{ subnetIds: ["$otherSubnet", "$oneSubnet"] }, "no change"],
      [{ subnetIds: ["$oneSubnet"] }, "in place"],
      [{ description: "of another" }, "in place"],
      [{ tags: { app: "WMS" } }, "in place"],
      [{ name: "other-subnets" }, "replaced"],
    ],
  });
  // In the order of the wire, which is not that of the answers.
  const parameter = (name: string, value: string) => ({ applyMethod: "immediate", name, value });
  changeCases(get, {
    type: "aws:rds/parameterGroup:ParameterGroup",
    inputs: {
      name: "ecomos-postgres17",
      family: "postgres17",
      parameters: [parameter("rds.force_ssl", "1"), parameter("work_mem", "4096")],
      tags,
    },
    rows: [
      [{ parameters: [parameter("work_mem", "4096"), parameter("rds.force_ssl", "1")] }, "no change"],
      [{ description: "Managed by Pulumi" }, "no change"],
      [{ parameters: [parameter("rds.force_ssl", "0"), parameter("work_mem", "4096")] }, "in place"],
      [{ tags: { app: "WMS" } }, "in place"],
      [{ description: "of it" }, "replaced"],
      [{ name: "ecomos-postgres18", family: "postgres18" }, "replaced"],
    ],
  });
  changeCases(get, {
    type: "aws:rds/eventSubscription:EventSubscription",
    inputs: {
      name: "events",
      snsTopic: "arn:aws:sns:us-east-1:123456789012:alarms",
      sourceType: "db-instance",
      sourceIds: ["one"],
      eventCategories: ["failure", "low storage"],
      tags,
    },
    rows: [
      [{ eventCategories: ["low storage", "failure"], enabled: true }, "no change"],
      [{ eventCategories: ["failure"] }, "in place"],
      [{ sourceIds: ["other"] }, "in place"],
      [{ snsTopic: "arn:aws:sns:us-east-1:123456789012:other" }, "in place"],
      [{ enabled: false }, "in place"],
      [{ tags: { app: "WMS" } }, "in place"],
      [{ name: "other-events" }, "replaced"],
    ],
  });
  changeCases(get, {
    type: "aws:cloudwatch/logGroup:LogGroup",
    inputs: { name: "/aws/rds/instance/it/postgresql", retentionInDays: 90, tags },
    rows: [
      [{ retentionInDays: 365 }, "in place"],
      [{ retentionInDays: 0 }, "in place"],
      [{ tags: {} }, "in place"],
      [{ logGroupClass: "STANDARD" }, "no change"],
      [{ name: "/aws/rds/instance/other/postgresql" }, "replaced"],
    ],
  });
  test("a log group that RDS made is taken over, and one that is retained stays", async () => {
    const { providers } = get();
    const type = "aws:cloudwatch/logGroup:LogGroup";
    const name = "/aws/rds/instance/it/upgrade";
    await providers.aws.logs("CreateLogGroup", { logGroupName: name, tags: { team: "ops" } });
    const inputs = { name, retentionInDays: 30, tags: { ...tags, team: "ops" } };
    await get().deploy(declared(type, inputs, { importId: name, retainOnDelete: true }));
    expect(await get().deploy(declared(type, inputs, { importId: name, retainOnDelete: true }))).toEqual({
      it: "no change",
    });
    await get().deploy();
    const { logGroups } = await providers.aws.logs("DescribeLogGroups", { logGroupNamePrefix: name });
    expect(logGroups).toEqual([expect.objectContaining({ logGroupName: name, retentionInDays: 30 })]);
    await providers.aws.logs("DeleteLogGroup", { logGroupName: name });
    await expect(
      get().deploy(declared(type, inputs, { importId: "/aws/rds/instance/it/nowhere" })),
    ).rejects.toThrow("cannot be imported: /aws/rds/instance/it/nowhere does not exist");
    await get().deploy();
  });
  test("another text is another version of a secret, current at once; the one before stays, and so does the last one", async () => {
    const stand = get();
    const version = (secretString: string) =>
      declared(
        "aws:secretsmanager/secretVersion:SecretVersion",
        stand.filled({ secretId: "$oneSecret", secretString }),
      );
    await stand.deploy(version('{"a":"1","b":"2"}'));
    const first = stand.known();
    // Not a document to the provider: another order is another text.
    expect(await stand.deploy(version('{"b":"2","a":"1"}'))).toEqual({ it: "replaced" });
    const second = stand.known();
    expect(second.id).not.toBe(first.id);
    expect(await stand.read(second)).toEqual({});
    expect(await versions(stand)).toEqual({ now: '{"b":"2","a":"1"}', before: '{"a":"1","b":"2"}' });
    expect(await stand.deploy(version('{"b":"2","a":"1"}'))).toEqual({ it: "no change" });
    await stand.deploy();
    expect(await versions(stand)).toEqual({ now: '{"b":"2","a":"1"}', before: '{"a":"1","b":"2"}' });
  });

  test("of what a killed run was making everything is told", async () => {
    const stand = get();
    await stand.deploy(
      declared("aws:secretsmanager/secret:Secret", { name: "made", recoveryWindowInDays: 0 }),
    );
    const it = stand.known();
    const told = { arn: it.id, id: it.id, tags: {}, tagsAll: {} };
    expect(await stand.read({ ...it, outputs: it.inputs })).toEqual(told);
    await stand.deploy();
  });

  test.each<[string, Properties, (aws: AwsClients, id: string) => Promise<unknown>, Properties | undefined]>([
    [
      "aws:secretsmanager/secret:Secret",
      { name: "told", description: "of it", recoveryWindowInDays: 0 },
      async (aws, SecretId) => (await aws.secrets()).updateSecret({ SecretId, Description: "of another" }),
      { description: "of another" },
    ],
    [
      "aws:secretsmanager/secret:Secret",
      { name: "waiting", recoveryWindowInDays: 0 },
      async (aws, SecretId) => (await aws.secrets()).deleteSecret({ SecretId, RecoveryWindowInDays: 7 }),
      undefined,
    ],
    [
      "aws:secretsmanager/secretVersion:SecretVersion",
      { secretId: "$oneSecret", secretString: "a" },
      async (aws) => (await aws.secrets()).putSecretValue({ SecretId: "one", SecretString: "b" }),
      { versionStages: ["AWSPREVIOUS"] },
    ],
    [
      "aws:kms/key:Key",
      { enableKeyRotation: true },
      async (aws, KeyId) => (await aws.kms()).disableKeyRotation({ KeyId }),
      { enableKeyRotation: false },
    ],
    [
      "aws:kms/key:Key",
      { description: "waiting for its end" },
      async (aws, KeyId) => (await aws.kms()).scheduleKeyDeletion({ KeyId }),
      undefined,
    ],
    [
      "aws:iam/role:Role",
      { name: "told", assumeRolePolicy: trust("ec2.amazonaws.com"), tags },
      async (aws, RoleName) => (await aws.iam()).untagRole({ RoleName, TagKeys: ["app"] }),
      { tags: { environment: "dev" }, tagsAll: { environment: "dev" } },
    ],
    [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { role: "one", policyArn: READ_ONLY },
      async (aws) => (await aws.iam()).detachRolePolicy({ RoleName: "one", PolicyArn: READ_ONLY }),
      undefined,
    ],
    [
      "aws:rds/eventSubscription:EventSubscription",
      { name: "told", snsTopic: "arn:aws:sns:us-east-1:123456789012:alarms", sourceType: "db-instance" },
      async (aws, SubscriptionName) => (await aws.rds()).deleteEventSubscription({ SubscriptionName }),
      undefined,
    ],
  ])("what somebody changed of a %s %j is told", async (type, inputs, change, found) => {
    const stand = get();
    await stand.deploy(declared(type, stand.filled(inputs)));
    const it = stand.known();
    await change(stand.providers.aws, it.id);
    expect(await stand.read(it)).toEqual(found);
    await stand.deploy();
  });
}
