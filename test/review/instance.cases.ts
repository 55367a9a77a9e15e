import { previewFrom, stepOf } from "./engine-preview";
import { findingsOf, judge, saidBetween } from "./judge";
import { previewBetween, StackProgram } from "./program-preview";

const prodWith = (overrides: object) => StackProgram.of("prod", { adoptInstance: null, ...overrides });

let prod: StackProgram;

beforeAll(async () => {
  prod = await prodWith({});
});

test("another major version takes the instance down", async () => {
  const upgraded = await prodWith({ engineVersion: "18", allowMajorVersionUpgrade: "true" });
  expect(saidBetween(prod, upgraded)).toEqual({
    exit: 0,
    incomplete: [],
    groups: [
      "interrupts: instance ecomos-prod: allowMajorVersionUpgrade off → on; engineVersion 17 → 18, in the maintenance window; parameterGroupName ecomos-prod-postgres17 → ecomos-prod-postgres18, with the next reboot; parameter group ecomos-prod-postgres18 is replaced: family postgres17 → postgres18; name ecomos-prod-postgres17 → ecomos-prod-postgres18; log_connections on → receipt,authentication,authorization, with the next reboot",
    ],
    findings: [
      "interrupts",
      "interrupts | parameter group ecomos-prod-postgres18 | is replaced: the instance takes the parameters of the new one with a reboot (family postgres17 → postgres18; name ecomos-prod-postgres17 → ecomos-prod-postgres18)",
      "interrupts | instance ecomos-prod | gets another version, and is down while it is upgraded (engineVersion 17 → 18, in the maintenance window)",
      "interrupts | instance ecomos-prod | gets other parameters, which hold once it has been rebooted (parameterGroupName ecomos-prod-postgres17 → ecomos-prod-postgres18, with the next reboot)",
    ],
    cells: [],
    known: [],
  });
});

test("another class restarts it, and no backups block", async () => {
  const larger = await prodWith({ instanceClass: "db.m7g.large" });
  const withoutBackups = larger.with("instance", { backupRetentionPeriod: 0 });
  expect(saidBetween(prod, withoutBackups)).toEqual({
    exit: 2,
    incomplete: [],
    groups: [
      "blocks: instance ecomos-prod: backupRetentionPeriod 14 → 0, in the maintenance window; instanceClass db.t4g.medium → db.m7g.large, in the maintenance window",
    ],
    findings: [
      "blocks",
      "blocks | instance ecomos-prod | keeps no backups: set backupRetentionPeriod to 1 day or more (backups-retained)",
      "loses data | instance ecomos-prod | keeps fewer days of backups: older ones are deleted (backupRetentionPeriod 14 → 0, in the maintenance window)",
      "interrupts | instance ecomos-prod | gets another class, and restarts for it (instanceClass db.t4g.medium → db.m7g.large, in the maintenance window)",
      "interrupts | alarm portal-db-connections | goes off at another time than before, or never (threshold 308 → 632)",
      "interrupts | alarm portal-db-freeable-memory | goes off at another time than before, or never (threshold 429496729 → 858993459)",
      "interrupts | alarm portal-db-cpu-credits | goes: nobody is told any more",
    ],
    cells: [],
    known: [],
  });
});

test("an instance that is public and may be deleted blocks", () => {
  const open = prod.with("instance", { publiclyAccessible: true, deletionProtection: false });
  expect(saidBetween(prod, open)).toEqual({
    exit: 2,
    incomplete: [],
    groups: [
      "blocks: instance ecomos-prod: deletionProtection on → off, at once; publiclyAccessible off → on, at once",
    ],
    findings: [
      "blocks",
      "blocks | instance ecomos-prod | has publiclyAccessible on: set it to false (not-public)",
      "blocks | instance ecomos-prod | has deletionProtection off: set it to true (deletion-protection)",
    ],
    cells: [],
    known: [],
  });
});

test("CONNECT for PUBLIC blocks", () => {
  const granted = prod.with("database-public-database", { privileges: ["CONNECT"] });
  expect(saidBetween(prod, granted)).toEqual({
    exit: 2,
    incomplete: [],
    groups: [
      "blocks: database-wide: grant database-public-database (CONNECT on database portal_db to public): privileges none → CONNECT",
    ],
    findings: [
      "blocks",
      "blocks | grant database-public-database | grants CONNECT to PUBLIC, which is every role: grant to a role of the app (no-grant-to-public)",
      "widens access | PUBLIC | gains connect on extensions; PUBLIC is every role there is",
      "widens access | PUBLIC | gains connect on public; PUBLIC is every role there is",
    ],
    cells: ["PUBLIC on extensions: +connect", "PUBLIC on public: +connect"],
    known: [],
  });
});

test("a rule that was broken before is told apart from what changes", () => {
  const untagged = prod.with("instance", { tags: undefined });
  const { exit, findings, known } = saidBetween(untagged, untagged.with("instance", { multiAz: false }));
  expect({ exit, findings, known }).toEqual({
    exit: 0,
    findings: [
      "interrupts",
      "interrupts | instance ecomos-prod | loses its standby: from then on a failure is an outage (multiAz on → off, in the maintenance window)",
    ],
    known: ["instance ecomos-prod | lacks the tags project, stack: use tagsOf (tagged)"],
  });
});

/** What is said of an instance that somebody has made otherwise and that becomes what the stack declares, or the reverse. */
const becoming = (from: object, to: object = {}) =>
  findingsOf(judge(previewBetween(prod.with("instance", { ...from }), prod.with("instance", { ...to }))));

const INSTANCE = "instance ecomos-prod";

// biome-ignore format: one change a line
test.each<readonly [from: object, to: object, findings: readonly string[]]>([
  [{ storageType: "io1", iops: 12000 }, { iops: undefined }, ["interrupts", `interrupts | ${INSTANCE} | has slower disks (iops 12000 → unset, in the maintenance window)`, `interrupts | ${INSTANCE} | moves to disks without the operations that it has now, and is slower where it needs them (storageType io1 → gp3, in the maintenance window)`]],
  [{ storageType: "gp2" }, {}, ["safe"]],
  [{ storageType: "io1" }, { storageType: "io2" }, ["safe"]],
  [{ storageThroughput: 500 }, { storageThroughput: 250 }, ["interrupts", `interrupts | ${INSTANCE} | has slower disks (storageThroughput 500 → 250, in the maintenance window)`]],
  [{ autoMinorVersionUpgrade: false }, {}, ["interrupts", `interrupts | ${INSTANCE} | takes minor versions by itself from now on, and restarts for each in its maintenance window (autoMinorVersionUpgrade off → on, at once)`]],
  [{ performanceInsightsRetentionPeriod: 731 }, {}, ["loses data", `loses data | ${INSTANCE} | keeps fewer days of Performance Insights: older ones are deleted (performanceInsightsRetentionPeriod 731 → 7, at once)`]],
  [{ performanceInsightsRetentionPeriod: 0, performanceInsightsEnabled: false, monitoringInterval: 0, databaseInsightsMode: undefined, enabledCloudwatchLogsExports: [] }, {}, ["safe"]],
  [{ monitoringInterval: 15 }, {}, ["interrupts", `interrupts | ${INSTANCE} | is watched less: who looks for what went wrong finds less (monitoringInterval 15 → 60, at once)`]],
  [{ databaseInsightsMode: "advanced" }, {}, ["interrupts", `interrupts | ${INSTANCE} | is watched less: who looks for what went wrong finds less (databaseInsightsMode advanced → standard, at once)`]],
  [{ enabledCloudwatchLogsExports: ["postgresql", "upgrade", "iam-db-auth-error"] }, {}, ["interrupts", expect.stringContaining("is watched less")]],
  [{ deleteAutomatedBackups: false }, { deleteAutomatedBackups: undefined }, ["interrupts", `interrupts | ${INSTANCE} | would take its automated backups along when it is deleted (deleteAutomatedBackups off → unset)`]],
  [{ tags: { backup: "daily", project: "portal-db", stack: "prod" } }, { tags: { backup: "weekly", project: "portal-db", stack: "prod" } }, ["interrupts", `interrupts | ${INSTANCE} | loses tags, or has others in their place: what goes by them, such as backups, may leave it out (tags.backup daily → weekly)`]],
  [{ tags: { project: "shop", stack: "prod" } }, {}, ["safe"]],
  [{}, { tags: { backup: "daily", project: "portal-db", stack: "prod" } }, ["safe"]],
])("from %j to %j", (from, to, findings) => {
  expect(becoming(from, to)).toEqual(findings);
});

test("a security group says whom it lets in by its own text, too, and one that exists already does not", () => {
  const group = prod.state("instance-network-security-group");
  const ingress = [{ cidrBlocks: ["10.0.0.0/16"], fromPort: 5432, toPort: 5432, protocol: "tcp" }];
  const open = prod
    .with("instance-network-security-group", { ingress })
    .state("instance-network-security-group");
  const said = (state: typeof group, op: string) =>
    findingsOf(judge(previewFrom([{ ...stepOf(undefined, state), op }])));
  expect(said(group, "create")).toEqual(["safe"]);
  expect(said(open, "create")).toEqual([
    "widens access",
    "widens access | security group ecomos-prod-postgres | is new, and lets a network or a group in",
  ]);
  expect(said(group, "import")).toEqual([
    "widens access",
    "widens access | security group ecomos-prod-postgres | exists already: whom it lets in stays as it was",
  ]);
  expect(said(prod.state("wms-prod-secret-read"), "import")[0]).toBe("widens access");
  expect(said(prod.state("instance-parameters"), "import")).toEqual(["safe"]);
});
