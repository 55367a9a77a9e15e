import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { RDS } from "@aws-sdk/client-rds";
import { parse } from "yaml";
import { runVerb } from "../helpers/ops-platform";
import { TestPlatform } from "../helpers/platform";
import { comparedParameterCases } from "./compared-parameters.cases";
import { parameterCases } from "./parameters.cases";

jest.setTimeout(120_000);

/** Credentials that the emulator takes, and where it answers instead of AWS. */
const NAMES = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD"] as const;
const before = NAMES.map((name) => [name, process.env[name]] as const);

let platform: TestPlatform;
let rds: RDS;

beforeAll(async () => {
  platform = await TestPlatform.make();
  const { network, emulatorPort } = await platform.startRds("Master1");
  const endpoint = `http://127.0.0.1:${emulatorPort}`;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  rds = new RDS({ endpoint, region: "us-east-1", credentials });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    PGPASSWORD: "Master1",
  });
  platform.configure("prod", {
    adoptInstance: "old-world",
    vpcId: network.vpcId,
    subnetIds: network.subnetIds,
  });
  await makeOldWorld(network.subnetIds);
});

afterAll(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rds?.destroy();
  await platform?.remove();
});

/** An instance as somebody made it by hand years ago. */
async function makeOldWorld(subnetIds: readonly string[]): Promise<void> {
  await rds.createDBParameterGroup({
    DBParameterGroupName: "tuned",
    DBParameterGroupFamily: "postgres17",
    Description: "by hand",
  });
  await rds.modifyDBParameterGroup({
    DBParameterGroupName: "tuned",
    Parameters: [
      ["max_connections", "400"],
      ["work_mem", "65536"],
      ["log_statement", "all"],
      ["rds.force_ssl", "0"],
    ].map(([ParameterName, ParameterValue]) => ({
      ParameterName,
      ParameterValue,
      ApplyMethod: "pending-reboot" as const,
    })),
  });
  await rds.createDBSubnetGroup({
    DBSubnetGroupName: "by-hand",
    DBSubnetGroupDescription: "by hand",
    SubnetIds: [...subnetIds],
  });
  await rds.createDBInstance({
    DBInstanceIdentifier: "old-world",
    Engine: "postgres",
    EngineVersion: "17.5",
    DBInstanceClass: "db.m5.large",
    AllocatedStorage: 300,
    StorageType: "gp2",
    MasterUsername: "postgres",
    MasterUserPassword: "Present1",
    EnableIAMDatabaseAuthentication: true,
    BackupRetentionPeriod: 30,
    MultiAZ: true,
    PubliclyAccessible: true,
    StorageEncrypted: false,
    DBParameterGroupName: "tuned",
    DBSubnetGroupName: "by-hand",
    Port: 5432,
    Tags: [
      { Key: "backup", Value: "daily" },
      { Key: "project", Value: "shop" },
    ],
  });
}

/** Runs it where no database can be reached: what it says of the instance comes before. */
async function adopt() {
  const bundle = resolve(platform.dir, "bundle.pem");
  writeFileSync(bundle, "-----BEGIN CERTIFICATE-----\n");
  const server = ["--endpoint", "localhost:1", "--server-name", "old-world.example", "--ca-bundle", bundle];
  const ended = await runVerb(["adopt", "--aws", ...server, "--config-dir", platform.dir]);
  expect({ status: ended.status, stderr: ended.stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^error: no connection to localhost:1\/postgres \(ECONNREFUSED\)/),
  });
  return ended.stdout;
}

test("an instance made by hand: what would fail comes first, then what would change for the worse, each with its line", async () => {
  const { DBInstances } = await rds.describeDBInstances({ DBInstanceIdentifier: "old-world" });
  const [group] = DBInstances?.[0]?.VpcSecurityGroups ?? [];
  expect(await adopt()).toBe(
    `The instance old-world: the deploy would fail
  300 GiB of storage and maxAllocatedStorageGib 200: fails in the deploy
      portal-db:allocatedStorageGib: "300"
      portal-db:maxAllocatedStorageGib: "330"
  it is not encrypted, which stays: the policy pack stops the deploy
      policy/exceptions.json: {"storage-encrypted": "advisory"}
  its master user is postgres, not ecomos_admin: would be replaced
      portal-db:masterUsername: "postgres"

The instance old-world: what the deploy would change for the worse
  class db.m5.large becomes db.t4g.medium: restarts in the maintenance window
      portal-db:instanceClass: "db.m5.large"
  backups of 30 days become those of 14: the older ones are lost
      portal-db:backupRetentionDays: "30"
  its master user gets a generated password: who has the present one is shut out
      npx pulumi config set --stack prod --secret masterPassword
  IAM database authentication is switched off: who logs in by it is shut out
      portal-db:iamDatabaseAuthentication: "true"
  it is public, and becomes private: who is outside the VPC is cut off
      open a way in first: bastion, then npm run ops -- tunnel --stack prod
${
  group === undefined
    ? ""
    : `  its security groups are replaced: whom they let in is cut off, unless named
      portal-db:allowedSources names each of them, a CIDR block or a group's id:
      aws ec2 describe-security-group-rules --filters Name=group-id,Values=${group.VpcSecurityGroupId}
`
}  log_statement all is lost: the policy pack lets no stack set it so
  rds.force_ssl goes from off to on: who has no TLS is shut out
  parameters of its group are lost: max_connections, work_mem
      portal-db:parameters:
        "max_connections": "400"
        "work_mem": "65536"
  tags are lost, and what goes by them: backup
      portal-db:instanceTags:
        "backup": "daily"
  tag project shop becomes portal-db; no setting keeps it
`,
  );
});

test("with the lines that it printed in the file, what they cure is not said any more", async () => {
  const lines = (await adopt()).split("\n").filter((line) => /^ {6}( {2}|portal-db:\w+:( "|$))/.test(line));
  const printed = parse(lines.map((line) => line.slice(6)).join("\n")) as Readonly<Record<string, unknown>>;
  const settings = Object.entries(printed).map(([key, value]) => [key.replace("portal-db:", ""), value]);
  platform.configure("prod", Object.fromEntries(settings));
  const left = (await adopt()).split("\n").filter((line) => /^ {2}\S/.test(line));
  expect(left.filter((line) => !/security groups/.test(line))).toEqual([
    "  it is not encrypted, which stays: the policy pack stops the deploy",
    "  its master user gets a generated password: who has the present one is shut out",
    "  it is public, and becomes private: who is outside the VPC is cut off",
    "  log_statement all is lost: the policy pack lets no stack set it so",
    "  rds.force_ssl goes from off to on: who has no TLS is shut out",
    "  tag project shop becomes portal-db; no setting keeps it",
  ]);
});

test("an identifier that is nobody's, and an AWS that does not answer", async () => {
  platform.configure("prod", { adoptInstance: "nowhere" });
  expect(await adopt()).toBe(`The instance nowhere: the deploy would fail
  there is no instance nowhere on AWS us-east-1: nothing can be imported
      portal-db:adoptInstance: "the identifier of the one that is there"
`);
});

parameterCases(() => platform);
comparedParameterCases(() => platform);

test("docs/iam lets a role read what adopt asks for", () => {
  const text = readFileSync(resolve(__dirname, "../../docs/iam/permissions/read.json"), "utf8");
  for (const action of ["rds:DescribeDBInstances", "rds:DescribeDBParameters"])
    expect(text).toContain(`"${action}"`);
});
