import { type ClassRow, type Outcome, UPDATE } from "./class-row";

const ANOTHER_SETTING: Outcome = ["safe", "has another setting, within what the rules allow"];
const MADE_AT_ONCE = "makes every change at once that would wait for the maintenance window";

/**
 * What a change to the instance means: which settings take it down, and which RDS refuses.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
 */
// biome-ignore format: one row a line
const ROWS: readonly (readonly [keys: ClassRow[3], decision: ClassRow[4]])[] = [
  [["instanceClass"], ["interrupts", "gets another class, and restarts for it"]],
  [["engineVersion"], [["older", "interrupts", "goes back to an older version, which RDS refuses: the deploy fails"], ["otherwise", "interrupts", "gets another version, and is down while it is upgraded"]]],
  [["parameterGroupName"], [["taken over", "interrupts", "gets the stack's parameters in place of its group's, which hold once it has been rebooted: 'npm run ops -- adopt --aws' names those that differ"], ["otherwise", "interrupts", "gets other parameters, which hold once it has been rebooted"]]],
  [["caCertIdentifier"], ["interrupts", "gets another certificate: clients have to trust who signed it"]],
  [["password", "username"], ["interrupts", "gets the declared master password: whoever has another one is locked out"]],
  [["vpcSecurityGroupIds"], ["interrupts", "is reached through other security groups: who came in by the old ones alone is cut off, and who the new ones let in reaches it"]],
  [["iamDatabaseAuthenticationEnabled"], [["on", "widens access", "lets in whoever IAM allows, without a password"], ["otherwise", "interrupts", "lets nobody in by IAM any more: who logs in with a token is locked out"]]],
  [["publiclyAccessible"], [["untold", "widens access", "may get a public address"], ["on", "safe", "has a public address"], ["otherwise", "narrows access", "has no public address any more: who came from outside the VPC is cut off"]]],
  [["port"], ["interrupts", "restarts on another port: every URL names the old one"]],
  [["identifier"], ["interrupts", "is renamed, and restarts: its address is another one"]],
  [["dbSubnetGroupName"], ["interrupts", "moves to other subnets, and is down meanwhile"]],
  [["allocatedStorage"], [["lower", "interrupts", "gets less storage, which RDS refuses: the deploy fails"], ["too little", "interrupts", "gets more storage by less than a tenth, which RDS refuses or rounds up"], ["otherwise", "safe", "gets more storage while it runs"]]],
  [["maxAllocatedStorage"], [["lower", "interrupts", "grows less far by itself: once its disk is full it stops"], ["otherwise", "safe", "grows further by itself"]]],
  [["storageType"], [["from provisioned", "interrupts", "moves to disks without the operations that it has now, and is slower where it needs them"], ["between SSDs", "safe", "moves to other disks while it runs, more slowly for some hours"], ["otherwise", "interrupts", "moves to other disks, and is down for a moment"]]],
  [["iops", "storageThroughput"], [["lower", "interrupts", "has slower disks"], ["otherwise", "safe", "has faster disks"]]],
  [["backupRetentionPeriod"], [["lower", "loses data", "keeps fewer days of backups: older ones are deleted"], ["from none", "interrupts", "begins to keep backups, and is down for a moment"], ["otherwise", "safe", "keeps more days of backups"]]],
  [["multiAz"], [["on", "safe", "gets a standby while it runs"], ["otherwise", "interrupts", "loses its standby: from then on a failure is an outage"]]],
  [["applyImmediately"], [["on", "interrupts", MADE_AT_ONCE], ["untold", "interrupts", MADE_AT_ONCE], ["otherwise", "safe", "leaves changes to the maintenance window"]]],
  [["deleteAutomatedBackups"], [["off", "safe", "would leave its automated backups when it is deleted"], ["otherwise", "interrupts", "would take its automated backups along when it is deleted"]]],
  [["maintenanceWindow"], ["safe", "is maintained at another time, when what waits for it happens"]],
  [["performanceInsightsRetentionPeriod"], [["lower", "loses data", "keeps fewer days of Performance Insights: older ones are deleted"], ["otherwise", "safe", "keeps more days of Performance Insights"]]],
  [["monitoringInterval", "performanceInsightsEnabled", "databaseInsightsMode", "enabledCloudwatchLogsExports"], [["less watched", "interrupts", "is watched less: who looks for what went wrong finds less"], ["otherwise", "safe", "is watched in another way"]]],
  [["autoMinorVersionUpgrade"], [["switched on", "interrupts", "takes minor versions by itself from now on, and restarts for each in its maintenance window"], ["otherwise", "safe", "is upgraded to minor versions in another way"]]],
  [["tags", "tagsAll"], [["other tags", "interrupts", "loses tags, or has others in their place: what goes by them, such as backups, may leave it out"], ["otherwise", ...ANOTHER_SETTING]]],
  [["copyTagsToSnapshot", "skipFinalSnapshot", "deletionProtection", "storageEncrypted"], [["untold", "interrupts", "has a setting that is known at deploy alone"], ["otherwise", ...ANOTHER_SETTING]]],
  [["allowMajorVersionUpgrade", "backupWindow", "finalSnapshotIdentifier", "monitoringRoleArn"], ANOTHER_SETTING],
  ["any", ["interrupts", "changes in a way that the review does not know, and may restart"]],
];

/** The rows of the instance. An import without an update beside it does not say what was read. */
export const INSTANCE_CLASSES: readonly ClassRow[] = [
  [
    ["instance"],
    ["import"],
    "anywhere",
    "any",
    ["interrupts", "is taken over: where it differs from what is declared, it changes"],
  ],
  ...ROWS.map(([keys, decision]): ClassRow => [["instance"], UPDATE, "anywhere", keys, decision]),
];
