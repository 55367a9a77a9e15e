import { type Expected, holds } from "./preview-files";

/** What a reviewer is told of each preview. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  "engine-major-prod": {
    exit: 0,
    incomplete: [],
    headlines: ["instance: instance ecomos-prod: engineVersion 17 → 18"],
    findings: [
      "interrupts",
      "interrupts | instance ecomos-prod | another engine version: the instance is down while it is upgraded",
    ],
    cells: [],
    known: ["instance ecomos-prod | lacks the tags project, stack: use tagsOf (tagged)"],
  },
  "grant-to-public-prod": {
    exit: 2,
    incomplete: [],
    headlines: [
      "database-wide: grant public-database (CONNECT on database portal_db to public): privileges none → CONNECT",
    ],
    findings: [
      "blocks",
      "blocks | grant public-database | grants CONNECT to PUBLIC, which is every role: grant to a role of the app (no-grant-to-public)",
      "widens access | PUBLIC | gains connect on public; PUBLIC is every role there is",
    ],
    cells: ["PUBLIC on public: +connect"],
    known: [],
  },
  "instance-class-and-backups-prod": {
    exit: 2,
    incomplete: [],
    headlines: [
      "instance: instance ecomos-prod: backupRetentionPeriod 14 → 0, instanceClass db.t4g.medium → db.m7g.large",
    ],
    findings: [
      "blocks",
      "blocks | instance ecomos-prod | keeps no backups: set backupRetentionPeriod to 1 day or more (backups-retained)",
      "interrupts | instance ecomos-prod | days of backups; older ones are deleted",
      "interrupts | instance ecomos-prod | the instance restarts with another class",
    ],
    cells: [],
    known: ["instance ecomos-prod | lacks the tags project, stack: use tagsOf (tagged)"],
  },
  "no-change-prod": {
    exit: 0,
    incomplete: [],
    headlines: [],
    findings: ["safe"],
    cells: [],
    known: [],
  },
  "public-unprotected-instance-prod": {
    exit: 2,
    incomplete: [],
    headlines: [
      "instance: instance ecomos-prod: deletionProtection true → false, publiclyAccessible false → true",
    ],
    findings: [
      "blocks",
      "blocks | instance ecomos-prod | has publiclyAccessible on: set it to false (not-public)",
      "blocks | instance ecomos-prod | has deletionProtection off: set it to true (deletion-protection)",
    ],
    cells: [],
    known: ["instance ecomos-prod | lacks the tags project, stack: use tagsOf (tagged)"],
  },
};

describe("previews of prod's instance and database by the official engine", () => {
  test.each(Object.keys(EXPECTED))("%s", (name) => holds(name, EXPECTED[name]));
});
