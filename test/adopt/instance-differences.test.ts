import type { DBInstance, Parameter } from "@aws-sdk/client-rds";
import { parse } from "yaml";
import { parseOwnerConfig } from "../../infra/config/config";
import { neighbourNamed } from "../../infra/config/neighbours";
import { instanceDifferences } from "../../ops/adopt/instance-differences";
import { settingsOf } from "../helpers/settings";

/** An instance that the committed file fits, but for its security groups. */
const FITTING: DBInstance = {
  DBInstanceIdentifier: "ecomos-prod",
  DBInstanceStatus: "available",
  Engine: "postgres",
  EngineVersion: "17.5",
  DBInstanceClass: "db.t4g.medium",
  AllocatedStorage: 50,
  MaxAllocatedStorage: 100,
  StorageType: "gp2",
  StorageEncrypted: true,
  MultiAZ: true,
  AutoMinorVersionUpgrade: true,
  MasterUsername: "ecomos_admin",
  Endpoint: { Address: "ecomos-prod.example", Port: 5432 },
  IAMDatabaseAuthenticationEnabled: false,
  PubliclyAccessible: false,
  DeletionProtection: false,
  BackupRetentionPeriod: 7,
  PreferredBackupWindow: "03:00-03:30",
  PreferredMaintenanceWindow: "sun:05:00-sun:05:30",
  CACertificateIdentifier: "rds-ca-rsa2048-g1",
  PerformanceInsightsEnabled: false,
  MonitoringInterval: 0,
  DBSubnetGroup: { DBSubnetGroupName: "default", VpcId: "vpc-0a1b2c3d4e5f60718" },
  DBParameterGroups: [{ DBParameterGroupName: "default.postgres17" }],
  TagList: [],
};

/** What the stack's deploy has put on an instance that is its own. */
const STACKS_TAGS = [
  { Key: "project", Value: "portal-db" },
  { Key: "stack", Value: "prod" },
];

/** The committed dev: its share is 160. */
const NEIGHBOURS = [neighbourNamed("dev", settingsOf("dev"))];

interface Case {
  readonly instance?: Partial<DBInstance>;
  readonly parameters?: readonly Parameter[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly hasMasterPassword?: boolean;
}

/** A line a difference, with `!` before what the deploy would fail by, and its cure below. */
function said({ instance = {}, parameters = [], settings = {}, hasMasterPassword = true }: Case): string[] {
  const config = parseOwnerConfig(settingsOf("prod", settings));
  const found = { instance: { ...FITTING, ...instance }, parameters };
  return instanceDifferences(found, config, hasMasterPassword, NEIGHBOURS).flatMap(
    ({ what, cure, stops }) => [`${stops === true ? "! " : ""}${what}`, ...cure.map((line) => `  ${line}`)],
  );
}

test("of an instance that the file fits nothing is said, whatever it switches on or keeps", () => {
  expect(said({})).toEqual([]);
});

const CASES: readonly (readonly [what: string, given: Case, lines: readonly string[]])[] = [
  [
    "another engine",
    { instance: { Engine: "mysql" } },
    ["! it runs mysql, not postgres: fails in the deploy"],
  ],
  [
    "a member of a cluster",
    { instance: { DBClusterIdentifier: "aurora-1" } },
    ["! it is a member of the cluster aurora-1: fails in the deploy"],
  ],
  [
    "a read replica",
    { instance: { ReadReplicaSourceDBInstanceIdentifier: "main" } },
    [
      "! it is a read replica of main: fails in the deploy",
      "  aws rds promote-read-replica --db-instance-identifier ecomos-prod",
    ],
  ],
  [
    "one that is stopped",
    { instance: { DBInstanceStatus: "stopped" } },
    [
      "! it is stopped: fails in the deploy",
      "  aws rds start-db-instance --db-instance-identifier ecomos-prod",
    ],
  ],
  [
    "one that is being changed",
    { instance: { DBInstanceStatus: "modifying" } },
    [
      "! it is in the state modifying, in which RDS changes nothing: fails in the deploy, until it is available",
      "  aws rds wait db-instance-available --db-instance-identifier ecomos-prod",
    ],
  ],
  [
    "one that does not come back by itself",
    { instance: { DBInstanceStatus: "storage-full" } },
    [
      "! it is in the state storage-full, which does not end by itself: see to that first",
      "  aws rds describe-events --source-type db-instance --source-identifier ecomos-prod --duration 20160",
    ],
  ],
  ["one whose storage is being moved", { instance: { DBInstanceStatus: "storage-optimization" } }, []],
  [
    "changes that wait",
    {
      instance: {
        PendingModifiedValues: {
          DBInstanceClass: "db.m5.large",
          MultiAZ: false,
          MasterUserPassword: "Secret1",
          ProcessorFeatures: [{ Name: "coreCount", Value: "2" }],
        },
      },
    },
    [
      "changes wait for its maintenance window, and come whatever the file says: DBInstanceClass db.m5.large, " +
        "MultiAZ false, MasterUserPassword, ProcessorFeatures",
    ],
  ],
  [
    "the green one of a blue/green deployment",
    { settings: { adoptInstance: "ecomos-prod-green-a1b2c3" } },
    [
      "! it is the green one of a blue/green deployment, and its name ends with the switchover: switch over first",
    ],
  ],
  [
    "the one that such a deployment leaves behind",
    { settings: { adoptInstance: "ecomos-prod-old1" } },
    [
      "a blue/green deployment leaves one of this name behind: apps use ecomos-prod",
      '  portal-db:adoptInstance: "ecomos-prod"',
    ],
  ],
  [
    "a class whose memory nobody knows here",
    { instance: { DBInstanceClass: "db.z1d.large" } },
    [
      "class db.z1d.large becomes db.t4g.medium: restarts in the maintenance window",
      '  portal-db:instanceClass: "db.z1d.large"',
      "with these lines the file is refused: instanceClass: the memory of db.z1d.large is not known here; set maxConnections, too",
      '  portal-db:maxConnections: "what SHOW max_connections says"',
    ],
  ],
  [
    "a class whose connections its group says",
    {
      instance: { DBInstanceClass: "db.z1d.large" },
      parameters: [{ ParameterName: "max_connections", ParameterValue: "800" }],
    },
    [
      "class db.z1d.large becomes db.t4g.medium: restarts in the maintenance window",
      '  portal-db:instanceClass: "db.z1d.large"',
      "parameters of its group are lost: max_connections",
      "  portal-db:parameters:",
      '    "max_connections": "800"',
    ],
  ],
  [
    "a class with too few connections for the shares",
    { instance: { DBInstanceClass: "db.t4g.micro" } },
    [
      "class db.t4g.micro becomes db.t4g.medium: restarts in the maintenance window",
      '  portal-db:instanceClass: "db.t4g.micro"',
      "with these lines the file is refused: connectionShare: 200, 160 of dev and the admin's reserve of 20 are above " +
        "max_connections of db.t4g.micro, 101; lower a share or take a larger class",
    ],
  ],
  [
    "buffers for which its own class has the memory",
    {
      instance: { DBInstanceClass: "db.m5.2xlarge" },
      parameters: [{ ParameterName: "shared_buffers", ParameterValue: "1048576" }],
    },
    [
      "class db.m5.2xlarge becomes db.t4g.medium: restarts in the maintenance window",
      '  portal-db:instanceClass: "db.m5.2xlarge"',
      "parameters of its group are lost: shared_buffers",
      "  portal-db:parameters:",
      '    "shared_buffers": "1048576"',
    ],
  ],
  [
    "a version that is too old",
    { instance: { EngineVersion: "15.4" } },
    ["! version 15.4, and 16 is the oldest one that works: fails in the deploy"],
  ],
  [
    "an older version than the file's",
    { instance: { EngineVersion: "16.4" } },
    ["! version 16.4, and engineVersion is 17: fails in the deploy", '  portal-db:engineVersion: "16"'],
  ],
  [
    "a newer one",
    { instance: { EngineVersion: "18.1" }, settings: { allowMajorVersionUpgrade: true } },
    [
      "! version 18.1, and engineVersion is 17: fails in the deploy",
      '  portal-db:engineVersion: "18"',
      '  portal-db:allowMajorVersionUpgrade: "false"',
    ],
  ],
  [
    "an upgrade that the file lets through",
    { instance: { EngineVersion: "16.4" }, settings: { allowMajorVersionUpgrade: true } },
    [
      "version 16.4 becomes 17: restarts, and is down meanwhile",
      '  portal-db:engineVersion: "16"',
      '  portal-db:allowMajorVersionUpgrade: "false"',
    ],
  ],
  [
    "a standby that goes",
    { settings: { multiAz: false } },
    ["its standby goes: a failure is an outage then", '  portal-db:multiAz: "true"'],
  ],
  [
    "minor versions that nobody wants by themselves",
    { instance: { AutoMinorVersionUpgrade: false } },
    ["minor versions come by themselves: restarts in the maintenance window; no setting keeps it"],
  ],
  [
    "storage within a tenth of the most that it may be",
    { instance: { AllocatedStorage: 190, MaxAllocatedStorage: 1000 } },
    [
      "! 190 GiB of storage and maxAllocatedStorageGib 200: fails in the deploy",
      '  portal-db:allocatedStorageGib: "190"',
      '  portal-db:maxAllocatedStorageGib: "1000"',
    ],
  ],
  ["storage that has grown by itself", { instance: { AllocatedStorage: 120 } }, []],
  [
    "storage that could grow further",
    { instance: { MaxAllocatedStorage: 1000 } },
    [
      "storage may grow to 1000 GiB, and then to 200 alone: it is full earlier",
      '  portal-db:maxAllocatedStorageGib: "1000"',
    ],
  ],
  [
    "storage that grows",
    { instance: { AllocatedStorage: 20 } },
    ["storage grows from 20 to 50 GiB, and cannot shrink again", '  portal-db:allocatedStorageGib: "20"'],
  ],
  [
    "storage that grows by too little",
    { instance: { AllocatedStorage: 48 } },
    [
      "! storage grows from 48 to 50 GiB, by less than a tenth: fails in the deploy",
      '  portal-db:allocatedStorageGib: "48"',
    ],
  ],
  [
    "storage that may grow by a tenth to the GiB",
    {
      instance: { AllocatedStorage: 100 },
      settings: { allocatedStorageGib: 100, maxAllocatedStorageGib: 110 },
    },
    [],
  ],
  [
    "storage that may grow by a GiB less",
    {
      instance: { AllocatedStorage: 100 },
      settings: { allocatedStorageGib: 100, maxAllocatedStorageGib: 109 },
    },
    [
      "! 100 GiB of storage and maxAllocatedStorageGib 109: fails in the deploy",
      '  portal-db:maxAllocatedStorageGib: "110"',
    ],
  ],
  [
    "storage that grows by a tenth to the GiB",
    { instance: { AllocatedStorage: 100 }, settings: { allocatedStorageGib: 110 } },
    ["storage grows from 100 to 110 GiB, and cannot shrink again", '  portal-db:allocatedStorageGib: "100"'],
  ],
  [
    "storage that grows by a GiB less",
    { instance: { AllocatedStorage: 100 }, settings: { allocatedStorageGib: 109 } },
    [
      "! storage grows from 100 to 109 GiB, by less than a tenth: fails in the deploy",
      '  portal-db:allocatedStorageGib: "100"',
    ],
  ],
  [
    "more storage than leaves a tenth below the most that there is",
    { instance: { AllocatedStorage: 60000 } },
    [
      "! 60000 GiB of storage and maxAllocatedStorageGib 200: fails in the deploy",
      '  portal-db:allocatedStorageGib: "60000"',
      '  portal-db:maxAllocatedStorageGib: "65536"',
    ],
  ],
  [
    "less storage than the file may say",
    { instance: { AllocatedStorage: 10, StorageType: "standard" } },
    [
      "storage grows from 10 to 50 GiB, and cannot shrink again",
      "magnetic storage becomes gp3: is down for a moment; no setting keeps it",
    ],
  ],
  [
    "provisioned operations",
    { instance: { StorageType: "io1", Iops: 3000 } },
    ["io1 with 3000 IOPS becomes gp3: loses them; no setting keeps it"],
  ],
  [
    "a log volume of its own",
    { instance: { DedicatedLogVolume: true } },
    ["its dedicated log volume is switched off: restarts; no setting keeps it"],
  ],
  [
    "no backups",
    { instance: { BackupRetentionPeriod: 0 } },
    ["it has no backups: switching them on is a short outage"],
  ],
  [
    "a password that RDS keeps, and one that is not set",
    { instance: { MasterUserSecret: { SecretArn: "arn:x" } }, hasMasterPassword: false },
    [
      "RDS keeps the master's password in a secret of its own, which goes",
      "  npx pulumi config set --stack prod --secret masterPassword",
    ],
  ],
  [
    "a domain",
    { instance: { DomainMemberships: [{ Domain: "d-1" }] } },
    ["it leaves the domain d-1: its logins by Kerberos are shut out; no setting keeps it"],
  ],
  [
    "another port",
    { instance: { Endpoint: { Port: 6000 } } },
    ["port 6000 becomes 5432: restarts, and every URL with it fails; no setting keeps it"],
  ],
  [
    "another VPC",
    {
      instance: {
        DBSubnetGroup: {
          VpcId: "vpc-9",
          Subnets: [{ SubnetIdentifier: "subnet-2" }, { SubnetIdentifier: "subnet-1" }],
        },
      },
    },
    [
      "! it stands in vpc-9, not in vpc-0a1b2c3d4e5f60718: fails in the deploy",
      '  portal-db:vpcId: "vpc-9"',
      "  portal-db:subnetIds: [subnet-1, subnet-2]",
    ],
  ],
  [
    "a CA that has run out",
    { instance: { CACertificateIdentifier: "rds-ca-2019" } },
    [
      "its certificate is of rds-ca-2019, which has expired: verify-full is refused",
      "  aws rds modify-db-instance --db-instance-identifier ecomos-prod --ca-certificate-identifier rds-ca-rsa2048-g1",
    ],
  ],
  [
    "what is collected of it",
    {
      instance: {
        PerformanceInsightsRetentionPeriod: 731,
        MonitoringInterval: 15,
        DatabaseInsightsMode: "advanced",
        EnabledCloudwatchLogsExports: ["postgresql", "iam-db-auth-error"],
      },
    },
    [
      "Performance Insights keep 7 days, not 731: the older ones are lost; no setting keeps it",
      "enhanced monitoring measures each 60 seconds, not each 15; no setting keeps it",
      "advanced Database Insights are switched off; no setting keeps it",
      "logs go to CloudWatch no more: iam-db-auth-error; no setting keeps it",
      "CloudWatch keeps its logs as long as it does now: for ever, where RDS made their groups and nobody has set an end; " +
        "this line sets one, and what is older is deleted",
      '  portal-db:logRetentionDays: "90"',
    ],
  ],
  [
    "exported logs of which the file says how long they are kept",
    {
      instance: { EnabledCloudwatchLogsExports: ["postgresql", "upgrade"] },
      settings: { logRetentionDays: 0 },
    },
    [],
  ],
  [
    "a stack of CloudFormation's",
    { instance: { TagList: [{ Key: "aws:cloudformation:stack-name", Value: "legacy" }] } },
    ["CloudFormation's stack legacy has it, too: take it out there first"],
  ],
  [
    "parameters and tags beside those of the file",
    {
      instance: { TagList: [{ Key: "cost center", Value: "7" }] },
      parameters: [
        { ParameterName: "Work_Mem", ParameterValue: "65536" },
        { ParameterName: "DateStyle", ParameterValue: "ISO, DMY" },
        { ParameterName: "max_connections", ParameterValue: "LEAST({DBInstanceClassMemory/9531392},5000)" },
        { ParameterName: "random_page_cost", ParameterValue: "1.1" },
        { ParameterName: "jit", ParameterValue: "0", ApplyType: "static" },
        { ParameterName: "seq_page_cost", ParameterValue: "2", ApplyType: "static" },
        { ParameterName: "unheard.of", ParameterValue: "1" },
        { ParameterName: "log_lock_waits", ParameterValue: "1" },
        { ParameterName: "log_min_duration_statement", ParameterValue: "500" },
        { ParameterName: "temp_file_limit", ParameterValue: "1048576" },
      ],
      settings: { parameters: { work_mem: "32MB", seq_page_cost: 2 }, instanceTags: { backup: "daily" } },
    },
    [
      "work_mem goes from 64 MB to 32 MB, as the file says",
      "jit 0 is lost: it is static to RDS; no setting keeps it",
      "! seq_page_cost is static to RDS, and would be applied at once: fails in the deploy",
      "unheard.of 1 is lost, as no file may say it: Postgres 17 on RDS has no such parameter",
      "parameters of its group are lost: datestyle, random_page_cost; parameters of its group become the project's: " +
        "log_min_duration_statement (500 ms, and then 1 s), temp_file_limit (1 GB, and then 10 GB)",
      "  portal-db:parameters:",
      '    "datestyle": "ISO, DMY"',
      '    "log_min_duration_statement": "500"',
      '    "random_page_cost": "1.1"',
      '    "seq_page_cost": "2"',
      '    "temp_file_limit": "1048576"',
      '    "work_mem": "32768"',
      "tags are lost, and what goes by them: cost center",
      "  portal-db:instanceTags:",
      '    "backup": "daily"',
      '    "cost center": "7"',
    ],
  ],
  [
    "a formula for the connections",
    {
      parameters: [
        { ParameterName: "max_connections", ParameterValue: "LEAST({DBInstanceClassMemory/5000000},5000)" },
      ],
    },
    [
      "parameters of its group are lost: max_connections",
      "  portal-db:parameters:",
      '    "max_connections": "LEAST({DBInstanceClassMemory/5000000},5000)"',
    ],
  ],
  [
    "a formula for the connections of a class that nobody knows here",
    {
      instance: { DBInstanceClass: "db.z1d.large" },
      parameters: [
        { ParameterName: "max_connections", ParameterValue: "LEAST({DBInstanceClassMemory/5000000},5000)" },
      ],
      settings: { instanceClass: "db.z1d.large", maxConnections: 700 },
    },
    [
      "parameters of its group become the project's: max_connections (LEAST({DBInstanceClassMemory/5000000},5000), and then 700)",
      "  portal-db:parameters:",
      '    "max_connections": "LEAST({DBInstanceClassMemory/5000000},5000)"',
      '  portal-db:maxConnections: "what SHOW max_connections says"',
    ],
  ],
  [
    "connections that the file says, and a group that waits for a reboot",
    {
      instance: {
        DBParameterGroups: [{ DBParameterGroupName: "tuned", ParameterApplyStatus: "pending-reboot" }],
      },
      parameters: [{ ParameterName: "max_connections", ParameterValue: "500" }],
      settings: { maxConnections: 400 },
    },
    [
      "max_connections goes from 500 to 400, as maxConnections says",
      "its parameter group has what waits for a reboot: the server does not run by it yet",
    ],
  ],
  [
    "what the file may not say beside the rest, with why",
    {
      parameters: [
        { ParameterName: "max_connections", ParameterValue: "200" },
        { ParameterName: "pgaudit.log", ParameterValue: "ddl" },
        { ParameterName: "shared_buffers", ParameterValue: "1048576" },
        { ParameterName: "timezone", ParameterValue: "Europe/Vienna" },
      ],
      settings: {
        people: { anna: { reads: ["wms"], until: "2099-01-31" } },
        apps: { wms: { reader: true } },
      },
    },
    [
      "pgaudit.log ddl is lost, as the file may not say it so: needs the library; set parameters.shared_preload_libraries to pg_stat_statements,pgaudit",
      "shared_buffers 8 GB is lost, as the file may not say it so: is more than the 4 GiB of db.t4g.medium: the server would not start; it counts 8 kB blocks",
      "timezone Europe/Vienna is lost, as the file may not say it so: must be UTC or left out, since people.anna has an end: " +
        "the provider compares it as the server shows it, and would change it in each deploy",
      "parameters of its group are lost: max_connections",
      "  portal-db:parameters:",
      '    "max_connections": "200"',
      "with these lines the file is refused: connectionShare: 200, 160 of dev and the admin's reserve of 20 are above " +
        "max_connections of db.t4g.medium, 200; lower a share or take a larger class",
    ],
  ],
  [
    "a parameter whose library the group loads, and one of the file's that it does not",
    {
      parameters: [
        { ParameterName: "pgaudit.log", ParameterValue: "ddl" },
        { ParameterName: "shared_preload_libraries", ParameterValue: "pgaudit" },
      ],
      settings: { parameters: { "pg_stat_statements.max": 5000 } },
    },
    [
      "parameters of its group are lost: pgaudit.log, shared_preload_libraries",
      "  portal-db:parameters:",
      '    "pg_stat_statements.max": "5000"',
      '    "pgaudit.log": "ddl"',
      '    "shared_preload_libraries": "pgaudit"',
      "with these lines the file is refused: parameters.pg_stat_statements.max: needs the library; set " +
        "parameters.shared_preload_libraries to pgaudit,pg_stat_statements",
    ],
  ],
  [
    "tags whose keys are the stack's own",
    {
      instance: {
        TagList: [
          { Key: "project", Value: "shop" },
          { Key: "stack", Value: "prod" },
          { Key: "app", Value: "cart" },
          { Key: "null", Value: "" },
        ],
      },
    },
    [
      "tags are lost, and what goes by them: null",
      "  portal-db:instanceTags:",
      '    "null": ""',
      "tag project shop becomes portal-db; no setting keeps it",
      "tag app cart is lost; no setting keeps it",
    ],
  ],
  [
    "an instance that the stack has",
    {
      instance: {
        DBParameterGroups: [{ DBParameterGroupName: "ecomos-prod-postgres17" }],
        VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1" }],
        TagList: STACKS_TAGS,
        EnabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      },
      hasMasterPassword: false,
    },
    [],
  ],
  [
    "an instance that the stack has, and upgrades",
    {
      instance: {
        EngineVersion: "16.4",
        DBParameterGroups: [{ DBParameterGroupName: "ecomos-prod-postgres16" }],
        VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1" }],
        TagList: STACKS_TAGS,
      },
      settings: { allowMajorVersionUpgrade: true },
      hasMasterPassword: false,
    },
    [
      "version 16.4 becomes 17: restarts, and is down meanwhile",
      '  portal-db:engineVersion: "16"',
      '  portal-db:allowMajorVersionUpgrade: "false"',
    ],
  ],
  [
    "a parameter group made by hand that has the name of the stack's",
    {
      instance: {
        DBParameterGroups: [{ DBParameterGroupName: "ecomos-prod-postgres17" }],
        VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1" }],
      },
    },
    [
      "its security groups are replaced: whom they let in is cut off, unless named",
      "  portal-db:allowedSources names each of them, a CIDR block or a group's id:",
      "  aws ec2 describe-security-group-rules --filters Name=group-id,Values=sg-1",
      "! its parameter group ecomos-prod-postgres17 has the name of the stack's: fails in the deploy",
      "  aws rds copy-db-parameter-group --source-db-parameter-group-identifier ecomos-prod-postgres17 --target-db-parameter-group-identifier ecomos-prod-postgres17-by-hand --target-db-parameter-group-description by-hand",
      "  aws rds modify-db-instance --db-instance-identifier ecomos-prod --db-parameter-group-name ecomos-prod-postgres17-by-hand --apply-immediately",
      "  aws rds delete-db-parameter-group --db-parameter-group-name ecomos-prod-postgres17",
    ],
  ],
];

test.each(CASES)("%s", (_what, given, lines) => {
  expect(said(given)).toEqual(lines);
});

/** What the lines for the stack's file say; a line that only tells what to look for says nothing. */
function settingsIn(lines: readonly string[]): Record<string, unknown> {
  const own = lines
    .filter((line) => /^ {2}( {2}|portal-db:\w+:( ["[]|$))/.test(line))
    .map((line) => line.slice(2));
  const parsed = (parse(own.join("\n")) ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => [key.replace("portal-db:", ""), value]),
  );
}

test("with the lines in it the file is read, or it is said what else it needs; and what they cure is not said again", () => {
  for (const [what, given, lines] of CASES) {
    const { maxConnections, ...printed } = settingsIn(lines);
    // That number somebody has to look up.
    const settings = {
      ...given.settings,
      ...printed,
      ...(maxConnections === undefined ? {} : { maxConnections: 900 }),
    };
    const refusals = lines.filter((line) => /file is refused: (?!.*set maxConnections, too$)/.test(line));
    if (refusals.length > 0) {
      expect(() => parseOwnerConfig(settingsOf("prod", settings), { neighbours: NEIGHBOURS })).toThrow(
        refusals[0]?.replace("with these lines the file is refused: ", "").slice(0, 60) ?? "",
      );
      continue;
    }
    parseOwnerConfig(settingsOf("prod", settings), { neighbours: NEIGHBOURS });
    const again = settingsIn(said({ ...given, settings }));
    expect([what, again]).toEqual([what, {}]);
  }
});
