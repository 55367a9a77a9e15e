import { parseOwnerConfig } from "../../infra/config/config";
import type { PresentLogGroup } from "../../infra/instance/log-groups";
import { declareProd } from "../../stacks/prod";
import { INSTANCE_ADDRESS } from "../helpers/answers";
import { type Overrides, settingsOf } from "../helpers/settings";
import { runProgram, runStack, type StackRun } from "../helpers/stack-run";

const TAGS = { project: "portal-db", stack: "prod", environment: "prod" };

let adopted: StackRun;
let created: StackRun;
beforeAll(async () => {
  adopted = await runStack("prod");
  created = await runStack("prod", { adoptInstance: null, masterPassword: "Configured1" });
});

/** What no stack's file may set otherwise. */
const FORCED = { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" };

/** What it may. */
const DEFAULTS = [
  { name: "idle_session_timeout", value: "86400000", applyMethod: "immediate" },
  { name: "log_autovacuum_min_duration", value: "5000", applyMethod: "immediate" },
  { name: "log_connections", value: "1", applyMethod: "immediate" },
  { name: "log_disconnections", value: "1", applyMethod: "immediate" },
  { name: "log_lock_waits", value: "1", applyMethod: "immediate" },
  { name: "log_min_duration_statement", value: "1000", applyMethod: "immediate" },
  { name: "log_parameter_max_length", value: "0", applyMethod: "immediate" },
  { name: "log_parameter_max_length_on_error", value: "0", applyMethod: "immediate" },
  { name: "log_temp_files", value: "10240", applyMethod: "immediate" },
  { name: "temp_file_limit", value: "10485760", applyMethod: "immediate" },
  { name: "track_io_timing", value: "1", applyMethod: "pending-reboot" },
];

/** The instance's inputs, but for the password. */
const INSTANCE = {
  identifier: "ecomos-prod",
  engine: "postgres",
  engineVersion: "17",
  allowMajorVersionUpgrade: false,
  autoMinorVersionUpgrade: true,
  instanceClass: "db.t4g.medium",
  allocatedStorage: 50,
  maxAllocatedStorage: 200,
  storageType: "gp3",
  storageEncrypted: true,
  kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/instance-key",
  multiAz: true,
  dbName: "portal_db",
  port: 5432,
  username: "ecomos_admin",
  publiclyAccessible: false,
  dbSubnetGroupName: "ecomos-prod-subnets",
  vpcSecurityGroupIds: ["id of ecomos-prod-postgres"],
  parameterGroupName: "ecomos-prod-postgres17",
  backupRetentionPeriod: 14,
  copyTagsToSnapshot: true,
  deletionProtection: true,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: "ecomos-prod-final-0123abcd",
  monitoringInterval: 60,
  monitoringRoleArn: "arn:aws:iam::123456789012:role/ecomos-prod-monitoring",
  performanceInsightsEnabled: true,
  performanceInsightsRetentionPeriod: 7,
  databaseInsightsMode: "standard",
  enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
  tags: TAGS,
};

test("the instance is encrypted, private, backed up and watched", () => {
  expect(adopted.the("instance").inputs).toEqual({
    ...INSTANCE,
    password: "Generatedmasterpassword000000000",
  });
});

test("an adopted instance is imported, and keeps what would replace or move it", () => {
  const { importId, ignoreChanges } = adopted.the("instance");
  expect({ importId, ignoreChanges }).toEqual({
    importId: "ecomos-prod",
    ignoreChanges: ["dbName", "dbSubnetGroupName", "kmsKeyId", "storageEncrypted", "engineVersion"],
  });
  expect(adopted.byName((r) => r.importId || undefined)).toEqual({
    instance: "ecomos-prod",
    "deployers-database": "portal_db",
  });
});

test("an adopted instance takes another version in a major upgrade alone", async () => {
  const run = await runStack("prod", { engineVersion: "18", allowMajorVersionUpgrade: "true" });
  const { inputs, importId, ignoreChanges } = run.the("instance");
  expect({ version: inputs.engineVersion, importId, ignoreChanges }).toEqual({
    version: "18",
    importId: "ecomos-prod",
    ignoreChanges: ["dbName", "dbSubnetGroupName", "kmsKeyId", "storageEncrypted"],
  });
});

test("a created instance is imported from nowhere, and nothing about it is ignored", () => {
  const { importId, ignoreChanges } = created.the("instance");
  expect({ importId, ignoreChanges }).toEqual({ importId: "", ignoreChanges: [] });
  expect(created.the("instance").inputs).toEqual({ ...INSTANCE, password: "Configured1" });
  expect(created.identities).not.toContain("random:index/randomPassword:RandomPassword::master-password");
});

test("another identifier names everything that belongs to the instance", async () => {
  const run = await runStack("prod", { adoptInstance: "other-db" });
  const names = run.byName((r) =>
    r.name.startsWith("instance") ? (r.inputs.identifier ?? r.inputs.name) : undefined,
  );
  expect(names).toEqual({
    instance: "other-db",
    "instance-key-alias": "alias/other-db",
    "instance-logs-postgresql": "/aws/rds/instance/other-db/postgresql",
    "instance-logs-upgrade": "/aws/rds/instance/other-db/upgrade",
    "instance-monitoring": "other-db-monitoring",
    "instance-network-security-group": "other-db-postgres",
    "instance-network-subnets": "other-db-subnets",
    "instance-parameters": "other-db-postgres17",
  });
  expect(run.the("instance").importId).toBe("other-db");
  expect(run.the("instance").inputs.finalSnapshotIdentifier).toBe("other-db-final-0123abcd");
});

test("the way in stands before an adopted instance moves to its security group", () => {
  expect(adopted.the("instance").dependencies).toEqual(
    expect.arrayContaining(
      adopted.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((r) => r.identity),
    ),
  );
});

test("clients use TLS, whatever their settings; a major version has a group of its own", async () => {
  const group = (major: string, connections = "1") => ({
    name: `ecomos-prod-postgres${major}`,
    description: "Managed by Pulumi",
    family: `postgres${major}`,
    parameters: [
      FORCED,
      ...DEFAULTS.map((row) => (row.name === "log_connections" ? { ...row, value: connections } : row)),
    ],
    tags: TAGS,
  });
  expect(adopted.the("instance-parameters").inputs).toEqual(group("17"));
  const upgraded = await runStack("prod", { engineVersion: "18" });
  expect(upgraded.the("instance-parameters").inputs).toEqual(
    group("18", "receipt,authentication,authorization"),
  );
});

test("the parameters of the stack's file follow the project's own, those that need one with a reboot", async () => {
  const parameters = { work_mem: "64MB", log_lock_waits: false, "rds.logical_replication": true };
  const run = await runStack("prod", { parameters, maxConnections: 400 });
  const defaults = DEFAULTS.filter(({ name }) => name !== "log_lock_waits");
  const rows = [
    ...defaults,
    { name: "log_lock_waits", value: "0", applyMethod: "immediate" },
    { name: "max_connections", value: "400", applyMethod: "pending-reboot" },
    { name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" },
    { name: "work_mem", value: "65536", applyMethod: "immediate" },
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(run.the("instance-parameters").inputs.parameters).toEqual([FORCED, ...rows]);
});

test("IAM database authentication and tags of its own stay on an instance whose file says so", async () => {
  const run = await runStack("prod", {
    iamDatabaseAuthentication: true,
    instanceTags: { backup: "daily" },
    masterPassword: "Configured1",
  });
  expect(run.the("instance").inputs).toEqual({
    ...INSTANCE,
    iamDatabaseAuthenticationEnabled: true,
    tags: { backup: "daily", ...TAGS },
    password: "Configured1",
  });
  expect(run.the("instance-parameters").inputs.tags).toEqual(TAGS);
});

test("an identifier that is too long for a role's name is cut there, and only there", async () => {
  const longest = "e".repeat(53);
  const fits = await runStack("prod", { adoptInstance: longest });
  expect(fits.the("instance-monitoring").inputs.name).toBe(`${longest}-monitoring`);
  const bastion = { subnetId: "subnet-0a1b2c3d4e5f60711", instanceType: "t4g.nano" };
  const names = [];
  for (const last of ["a", "b"]) {
    const run = await runStack("prod", { adoptInstance: `${"e".repeat(62)}${last}`, bastion });
    names.push(run.the("instance-monitoring").inputs.name, run.the("bastion-role").inputs.name);
    expect(run.the("instance").inputs.identifier).toBe(`${"e".repeat(62)}${last}`);
  }
  expect(names).toEqual([
    expect.stringMatching(/^e{44}-[0-9a-f]{8}-monitoring$/),
    expect.stringMatching(/^e{47}-[0-9a-f]{8}-bastion$/),
    expect.stringMatching(/^e{44}-[0-9a-f]{8}-monitoring$/),
    expect.stringMatching(/^e{47}-[0-9a-f]{8}-bastion$/),
  ]);
  expect(new Set(names).size).toBe(4);
});

test("enhanced monitoring has a role that RDS alone takes, and its policy before the instance", () => {
  expect(adopted.the("instance-monitoring").inputs).toEqual({
    name: "ecomos-prod-monitoring",
    description: "Enhanced monitoring of ecomos-prod",
    assumeRolePolicy:
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"monitoring.rds.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
    tags: TAGS,
  });
  expect(adopted.the("instance-monitoring-policy").inputs).toEqual({
    role: "ecomos-prod-monitoring",
    policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
  });
  expect(adopted.the("instance").dependencies).toContain(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment::instance-monitoring-policy",
  );
});

test.each([
  ["master", "postgres", "ecomos_admin", "Generatedmasterpassword000000000"],
  ["admin", "portal_db", "portal_db_admin", "Generateddeployersadminpassword0"],
  ["dev-admin", "portal_db", "portal_db_dev_admin", "Generateddeployersdevadminpassword"],
])(
  "the secret of the %s holds the instance's own address and its own password",
  (who, dbname, username, password) => {
    const { secretId, secretString } = adopted.the(`${who}-secret-value`).inputs;
    expect(secretId).toBe(`arn:aws:secretsmanager:us-east-1:123456789012:secret:portal-db/${who}`);
    expect(JSON.parse(String(secretString))).toEqual({
      engine: "postgres",
      host: INSTANCE_ADDRESS,
      port: 5432,
      dbname,
      username,
      password,
    });
  },
);

/** What is declared of the log groups, where some are there. */
async function logGroups(overrides: Overrides, present: readonly PresentLogGroup[] = []) {
  const settings = settingsOf("prod", overrides);
  const run = await runProgram("prod", settings, () => declareProd(parseOwnerConfig(settings), [], present));
  const declared = run.ofType("aws:cloudwatch/logGroup:LogGroup");
  expect(declared.map(({ retainOnDelete, ignoreChanges }) => [retainOnDelete, ignoreChanges])).toEqual([
    [true, ["kmsKeyId"]],
    [true, ["kmsKeyId"]],
  ]);
  return declared.map(({ importId, inputs }) => [inputs.name, importId, inputs.retentionInDays, inputs.tags]);
}

const LOGS = "/aws/rds/instance/ecomos-prod/postgresql";
const UPGRADES = "/aws/rds/instance/ecomos-prod/upgrade";

test("the logs have groups of their own, which are there before RDS would make them", async () => {
  expect(await logGroups({ adoptInstance: null })).toEqual([
    [LOGS, "", 90, TAGS],
    [UPGRADES, "", 90, TAGS],
  ]);
  expect(created.the("instance").dependencies).toEqual(
    expect.arrayContaining([
      "aws:cloudwatch/logGroup:LogGroup::instance-logs-postgresql",
      "aws:cloudwatch/logGroup:LogGroup::instance-logs-upgrade",
    ]),
  );
});

test("a group that is there is imported, with others' tags, and keeps its logs as long as it did unless the file says", async () => {
  const tags = { team: "ops", project: "theirs", "aws:made-by": "somebody" };
  const present = (days: number) => [{ name: LOGS, retentionInDays: days, tags }];
  const both = { team: "ops", ...TAGS };
  for (const [setting, days, kept] of [
    [null, 0, 0],
    [null, 365, 365],
    [null, 7, 90],
    ["30", 365, 30],
    ["0", 7, 0],
  ] as const)
    expect(await logGroups({ logRetentionDays: setting }, present(days))).toEqual([
      [LOGS, LOGS, kept, both],
      [UPGRADES, "", setting === null ? 90 : Number(setting), TAGS],
    ]);
});
