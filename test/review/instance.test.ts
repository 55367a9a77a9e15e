import { saidBetween } from "./judge";
import { StackProgram } from "./program-preview";

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
