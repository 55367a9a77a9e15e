import { runReview } from "./command";
import { previewFrom, stepOf } from "./engine-preview";
import { judge, saidOf } from "./judge";
import { StackProgram } from "./program-preview";

/** What stands for a value that is known at deploy alone. */
const LATER = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What an import reads of an instance that exists, as HashiCorp's provider prints it: more than anybody declares. */
const READ = {
  allocatedStorage: 50,
  autoMinorVersionUpgrade: true,
  availabilityZone: "us-east-1a",
  backupRetentionPeriod: 1,
  backupWindow: "13:14-13:44",
  caCertIdentifier: "rds-ca-rsa2048-g1",
  databaseInsightsMode: "standard",
  dbName: "portal_db",
  dbSubnetGroupName: "old-subnets",
  deleteAutomatedBackups: true,
  engine: "postgres",
  engineVersion: "17.5",
  id: "db-ABCDEFGHIJKLMNOPQRSTUVWXY",
  identifier: "ecomos-prod",
  instanceClass: "db.t4g.small",
  licenseModel: "postgresql-license",
  maintenanceWindow: "wed:06:38-wed:07:08",
  optionGroupName: "default:postgres-17",
  parameterGroupName: "default.postgres17",
  publiclyAccessible: true,
  skipFinalSnapshot: true,
  storageType: "gp2",
  tags: { Name: "ecomos" },
  username: "ecomos_admin",
  vpcSecurityGroupIds: ["sg-0aaaaaaaaaaaaaaaa"],
};

/** What is there besides, which stands among the outputs alone. */
const FOUND = {
  copyTagsToSnapshot: false,
  deletionProtection: false,
  enabledCloudwatchLogsExports: [],
  iamDatabaseAuthenticationEnabled: false,
  maxAllocatedStorage: 0,
  monitoringInterval: 0,
  monitoringRoleArn: "",
  multiAz: false,
  performanceInsightsEnabled: false,
  performanceInsightsRetentionPeriod: 0,
  port: 5432,
};

/** What the provider says differs. It names a list's members, a map's keys, and a default that nobody set. */
const DIFFERS = [
  ...["allowMajorVersionUpgrade", "applyImmediately", "backupRetentionPeriod", "copyTagsToSnapshot"],
  ...["deletionProtection", "enabledCloudwatchLogsExports[0]", "enabledCloudwatchLogsExports[1]"],
  ...["finalSnapshotIdentifier", "instanceClass", "maxAllocatedStorage", "monitoringInterval"],
  ...["monitoringRoleArn", "multiAz", "parameterGroupName", "password", "performanceInsightsEnabled"],
  ...["performanceInsightsRetentionPeriod", "port", "publiclyAccessible", "skipFinalSnapshot", "storageType"],
  ...["tags.Name", "tags.project", "tagsAll.Name", "tagsAll.project", "vpcSecurityGroupIds"],
];

let prod: StackProgram;

beforeAll(async () => {
  prod = await StackProgram.of("prod", { adoptInstance: "ecomos-prod", apps: { wms: {} } });
});

/** The preview of an instance that is taken over. @param more what is there that differs besides */
function adoption(more: Readonly<Record<string, unknown>> = {}, declared: object = {}) {
  const state = prod.state("instance");
  const kept = { engineVersion: "17.5", dbName: "portal_db", dbSubnetGroupName: "old-subnets" };
  const inputs: Record<string, unknown> = {
    ...state.inputs,
    ...kept,
    finalSnapshotIdentifier: LATER,
    monitoringRoleArn: LATER,
    vpcSecurityGroupIds: [LATER],
    tags: { project: "portal-db" },
    tagsAll: { project: "portal-db" },
    ...declared,
  };
  for (const key of ["kmsKeyId", "storageEncrypted"]) delete inputs[key];
  const newState = { ...state, id: undefined, inputs };
  const oldState = { ...state, inputs: READ, outputs: { ...READ, ...FOUND, ...more } };
  const names = [...DIFFERS, ...Object.keys(more)];
  const detailedDiff = Object.fromEntries(names.map((name) => [name, { kind: "update", inputDiff: false }]));
  const diffReasons = [...new Set(names.map((name) => name.replace(/[.[].*/, "")))];
  const update = { op: "update", urn: state.urn, oldState, newState, diffReasons, detailedDiff };
  return previewFrom([{ op: "import", urn: state.urn, newState }, update]);
}

test("an adoption says what it takes over, and each change with before, after, and when RDS makes it", () => {
  expect(saidOf(adoption())).toEqual({
    exit: 0,
    incomplete: [],
    groups: [
      `interrupts: takes over ecomos-prod as it is, and changes: ${[
        "allowMajorVersionUpgrade unset → off",
        "backupRetentionPeriod 1 → 14, at once",
        "copyTagsToSnapshot off → on, at once",
        "deletionProtection off → on, at once",
        "enabledCloudwatchLogsExports none → postgresql, upgrade, at once",
        "finalSnapshotIdentifier unset → known at deploy",
        "instanceClass db.t4g.small → db.t4g.medium, in the maintenance window",
        "maxAllocatedStorage 0 → 200, at once",
        "monitoringInterval 0 → 60, at once",
        "monitoringRoleArn none → known at deploy, at once",
        "multiAz off → on, in the maintenance window",
        "parameterGroupName default.postgres17 → ecomos-prod-postgres17, with the next reboot",
        "password not shown → a secret, at once",
        "performanceInsightsEnabled off → on, at once",
        "performanceInsightsRetentionPeriod 0 → 7, at once",
        "publiclyAccessible on → off, at once",
        "skipFinalSnapshot on → off",
        "storageType gp2 → gp3, in the maintenance window",
        "tags.Name ecomos → unset",
        "tags.project unset → portal-db",
        "vpcSecurityGroupIds sg-0aaaaaaaaaaaaaaaa → known at deploy, at once",
      ].join("; ")}; its maintenance window is wed:06:38-wed:07:08 UTC`,
    ],
    findings: [
      "interrupts",
      "interrupts | instance ecomos-prod | gets another class, and restarts for it (instanceClass db.t4g.small → db.t4g.medium, in the maintenance window)",
      "interrupts | instance ecomos-prod | gets the stack's parameters in place of its group's, which hold once it has been rebooted: 'npm run ops -- adopt --aws' names those that differ (parameterGroupName default.postgres17 → ecomos-prod-postgres17, with the next reboot)",
      "interrupts | instance ecomos-prod | gets the declared master password: whoever has another one is locked out (password not shown → a secret, at once)",
      "interrupts | instance ecomos-prod | loses tags, or has others in their place: what goes by them, such as backups, may leave it out (tags.Name ecomos → unset; tags.project unset → portal-db)",
      "interrupts | instance ecomos-prod | is reached through other security groups: who came in by the old ones alone is cut off, and who the new ones let in reaches it (vpcSecurityGroupIds sg-0aaaaaaaaaaaaaaaa → known at deploy, at once)",
      "narrows access | instance ecomos-prod | has no public address any more: who came from outside the VPC is cut off (publiclyAccessible on → off, at once)",
    ],
    cells: [],
    known: ["instance ecomos-prod | has storageEncrypted off: set it to true (storage-encrypted)"],
  });
});

test("what an import reads and nobody declares is no change", () => {
  const { stdout } = runReview(["-", "--markdown"], JSON.stringify(adoption()));
  const strangers = ["licenseModel", "optionGroupName", "availabilityZone", "deleteAutomatedBackups", "port"];
  expect(strangers.filter((key) => stdout.includes(`\`${key}\``))).toEqual([]);
  expect(stdout).toContain(
    "This takes over `ecomos-prod` as it is, and changes 21 settings of it: each is below, from what to what, and when RDS does it.\n",
  );
  expect(stdout).toContain(
    "| `instanceClass` | `db.t4g.small` | `db.t4g.medium` | in the maintenance window |\n",
  );
  expect(stdout).toContain("| `password` | not shown | a secret | at once |\n");
  expect(stdout).toContain("The maintenance window is `wed:06:38-wed:07:08`, in UTC, each week.\n");
});

test("logging in by IAM that is on is switched off, and said to be", () => {
  const { findings } = saidOf(adoption({ iamDatabaseAuthenticationEnabled: true }));
  expect(findings).toContain(
    "interrupts | instance ecomos-prod | lets nobody in by IAM any more: who logs in with a token is locked out (iamDatabaseAuthenticationEnabled on → unset, in the maintenance window)",
  );
});

test("what would wait is made at once where the stack says so", () => {
  const { findings } = saidOf(adoption({}, { applyImmediately: true }));
  expect(findings).toContain(
    "interrupts | instance ecomos-prod | gets another class, and restarts for it (instanceClass db.t4g.small → db.t4g.medium, at once)",
  );
  expect(findings).toContain(
    "interrupts | instance ecomos-prod | makes every change at once that would wait for the maintenance window (applyImmediately unset → on)",
  );
});

test("of a change that the engine does not name, what differs on both sides is still said", () => {
  const instance = prod.state("instance");
  const step = stepOf(instance, prod.with("instance", { instanceClass: "db.m7g.large" }).state("instance"));
  const silent = { ...step, detailedDiff: { port: { kind: "update" } }, diffReasons: ["port"] };
  const { verdict, groups } = judge(previewFrom([silent]));
  expect([verdict, groups.length]).toEqual(["interrupts", 1]);
});
