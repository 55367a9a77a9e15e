import { PROTECTION } from "./changed";
import { type ClassRow, GONE, MADE, type Outcome, TEXTS, UPDATE } from "./class-row";
import { INSTANCE_CLASSES } from "./instance-table";

const ROLES = ["role", "login"] as const;
const GRANTS = ["grant", "membership", "default privileges"] as const;
const ALARMS = ["alarm", "alarm topic", "alarm subscription", "event subscription"] as const;
const FIRES = [
  ...["metricName", "namespace", "dimensions", "metricQueries", "statistic", "extendedStatistic", "unit"],
  ...[
    "threshold",
    "thresholdMetricId",
    "comparisonOperator",
    "period",
    "evaluationPeriods",
    "datapointsToAlarm",
  ],
  ...["treatMissingData", "evaluateLowSampleCountPercentiles"],
];
const PASSWORDS = ["password", "passwordWo", "passwordWoVersion"];
const ANOTHER_TEXT: Outcome = ["safe", "gets another text"];
const NO_URL = "its app finds no URL at the next deploy";
const OTHER_URL =
  "says something else, and not by a new password: whoever reads it goes to another server, or in another way, from its next deploy on; look at appEndpoint, sslmode and the passwords in the stack's file";
const NO_DEPLOYER = "is deleted: whoever deploys with it finds no password";
const NO_DIRECT_URL = "is deleted: migrations find no DIRECT_URL at the next deploy";
const MIGRATOR_GONE = "is dropped: migrations that log in as it are locked out";
const RUNTIME_GONE =
  "is dropped: a session that acts as it fails; deploy migrator: false before, and restart every instance of the app";
const LOCKED_OUT = "who still has the old one is locked out";
const KEY_OFF = "is switched off: nothing that it encrypts can be read";
const KEY_ON = "is switched on: what it encrypts can be read again";
const NEVER_READ = "is deleted: what it encrypts can never be read again";
const ATTACHED = "gives somebody in the account what the policy allows: read it";
const TAKEN_ON = "lets whoever takes it on do in the account what its policies allow: read them";
const READERS = "changes who may read what it protects: read the policy";

const ELSEWHERE = "looks elsewhere for tables that are named without their schema";
/** People and tools hold nothing: what goes is what they read. */
const WITH_VISITOR = ["of a visitor", "safe", "goes with the person or the tool that it is of"] as const;
const VISITOR_GONE = [
  ["visitor made anew", "widens access", "is made anew, as it is declared now; who is in stays in"],
  ["of a visitor", "narrows access", "goes: it cannot log in any more, and who is in stays in"],
] as const;

/**
 * What a change means. From the top, the first row that fits decides; of an update, each changed property by itself.
 * What a state must not be (public, open, unprotected …) is in SAFETY_RULES, and its class in classify.ts; it is looked
 * at besides.
 */
// biome-ignore format: one row a line
export const CLASSES: readonly ClassRow[] = [
  // What holds data or access goes.
  [["schema"], GONE, "prod", "any", ["blocks", "is dropped, with everything in it"]],
  [ROLES, GONE, "prod", "any", [...VISITOR_GONE, ["a runtime", "blocks", RUNTIME_GONE], ["of migrations", "blocks", MIGRATOR_GONE], ["otherwise", "blocks", "is dropped: whoever has its rights loses them"]]],
  [["secret"], GONE, "prod", "any", [WITH_VISITOR, ["of migrations", "blocks", NO_DIRECT_URL], ["of a deployer", "blocks", NO_DEPLOYER], ["otherwise", "blocks", `is deleted: ${NO_URL}`]]],
  [["instance"], GONE, "anywhere", "any", ["blocks", "is deleted, with every app's data"]],
  [["database"], GONE, "anywhere", "any", ["blocks", "is dropped, with every app's data"]],
  [["key"], GONE, "prod", "any", ["blocks", NEVER_READ]],
  [["key"], UPDATE, "prod", ["isEnabled"], [["on", "widens access", KEY_ON], ["otherwise", "blocks", KEY_OFF]]],
  [["key"], UPDATE, "elsewhere", ["isEnabled"], [["on", "widens access", KEY_ON], ["otherwise", "interrupts", KEY_OFF]]],
  [["schema"], GONE, "elsewhere", "any", ["loses data", "is dropped, with its tables"]],
  [["key"], GONE, "elsewhere", "any", ["loses data", NEVER_READ]],
  [["login"], GONE, "elsewhere", "any", [...VISITOR_GONE, ["of migrations", "interrupts", MIGRATOR_GONE], ["otherwise", "interrupts", "is dropped: whoever logs in as it is locked out"]]],
  [["role"], GONE, "elsewhere", "any", [["a runtime", "interrupts", RUNTIME_GONE], ["otherwise", "narrows access", "is dropped, with its rights"]]],
  [["secret"], GONE, "elsewhere", "any", [WITH_VISITOR, ["of migrations", "interrupts", NO_DIRECT_URL], ["otherwise", "interrupts", `is deleted: ${NO_URL}`]]],
  // Pulumi's own protection: prod's has to be there, by a rule.
  ["any", UPDATE, "anywhere", [PROTECTION], [["off", "safe", "may be deleted by a deploy from now on"], ["otherwise", "safe", "cannot be deleted by a deploy from now on"]]],
  // Passwords and names in use.
  [["password"], ["update", "replace"], "anywhere", "any", ["interrupts", `changes: ${LOCKED_OUT}`]],
  [["password"], ["delete"], "anywhere", "any", [WITH_VISITOR, ["otherwise", "interrupts", "goes, and with it whoever logs in with it"]]],
  [ROLES, UPDATE, "anywhere", PASSWORDS, ["interrupts", `gets another password: ${LOCKED_OUT}`]],
  [["login"], ["import"], "anywhere", "any", [["kept password", "widens access", "exists already: its password stays, and so does what it may do beyond what is declared"], ["otherwise", "interrupts", "exists already, and gets the declared password at once: an app with another one is locked out"]]],
  [["login"], UPDATE, "anywhere", ["name"], ["interrupts", "is renamed: URLs with the old name stop working"]],
  [["role"], UPDATE, "anywhere", ["name"], ["interrupts", "is renamed: sessions that assume the old one fail"]],
  [["schema"], UPDATE, "anywhere", ["name"], ["interrupts", "is renamed: apps that name the old one fail"]],
  [ROLES, UPDATE, "anywhere", ["assumeRole"], [["to runtime", "narrows access", "changes rows alone from its next login on: a migration by its URL is refused, and takes DIRECT_URL"], ["to owner", "widens access", "may change tables again from its next login on"], ["otherwise", "interrupts", "acts under another role's name from its next login on: what it makes belongs to that one"]]],
  [ROLES, UPDATE, "anywhere", ["searchPaths"], [["of a visitor", "safe", ELSEWHERE], ["otherwise", "interrupts", ELSEWHERE]]],
  [["login"], UPDATE, "anywhere", ["login"], ["widens access", "could not log in, and now can"]],
  [["role"], UPDATE, "anywhere", ["login"], ["interrupts", "cannot log in any more"]],
  [["login"], UPDATE, "anywhere", ["connectionLimit"], [["unlimited", "interrupts", "may hold any number of connections: it can take them all from the other apps"], ["lower", "interrupts", "may hold fewer connections: those above the limit are refused"], ["otherwise", "safe", "may hold more connections"]]],
  [ROLES, UPDATE, "anywhere", ["validUntil"], [["visitor's later end", "widens access", "may log in for longer than before"], ["of a visitor", "narrows access", "may log in until an earlier day than before"], ["otherwise", "interrupts", "may have sessions refused that work today"]]],
  [ROLES, UPDATE, "anywhere", ["statementTimeout"], [["unlimited", "safe", "may run a statement for any time"], ["lower", "interrupts", "has statements cancelled that take longer, from its next session on"], ["otherwise", "safe", "may run longer statements"]]],
  [ROLES, UPDATE, "anywhere", ["idleInTransactionSessionTimeout"], [["unlimited", "interrupts", "may leave a transaction open for any time, which keeps dead rows and locks of every app"], ["lower", "interrupts", "has sessions ended that do nothing inside a transaction for longer, from its next session on"], ["otherwise", "safe", "may do nothing inside a transaction for longer"]]],
  [["secret value"], ["delete"], "anywhere", "any", [WITH_VISITOR, ["otherwise", "interrupts", `goes: ${NO_URL}`]]],
  ...INSTANCE_CLASSES,
  [["parameter group"], UPDATE, "anywhere", TEXTS, ANOTHER_TEXT],
  [["parameter group"], UPDATE, "anywhere", ["parameters"], "by parameter"],
  [["parameter group"], UPDATE, "anywhere", "any", ["interrupts", "sets other parameters of the server"]],
  [["parameter group"], ["replace"], "anywhere", "any", ["interrupts", "is replaced: the instance takes the parameters of the new one with a reboot"]],
  [["parameter group"], ["delete"], "anywhere", "any", ["interrupts", "goes: the instance stands at the defaults after a reboot"]],
  [["subnet group", "security group"], GONE, "anywhere", "any", ["interrupts", "goes, which moves the instance's network: connections end"]],
  // Who reaches what.
  [GRANTS, [...MADE, "update", "replace", "delete"], "anywhere", "any", "by access"],
  [ROLES, UPDATE, "anywhere", ["roles"], "by access"],
  [ROLES, UPDATE, "anywhere", ["inherit"], [["inherits runtime", "safe", "has its runtime's rights by itself, too, which let it make nothing"], ["inherited runtime", "safe", "has no right by itself any more, only as what it acts as"], ["switched on", "blocks", "has its owner's rights from now on without acting as the owner"], ["off", "narrows access", "has its owner's rights from now on only while it acts as the owner"], ["otherwise", "widens access", "has its owner's rights in another way"]]],
  [ROLES, UPDATE, "anywhere", ["superuser", "createRole", "createDatabase", "bypassRowLevelSecurity", "replication"], [["off", "narrows access", "may do less beyond its schema"], ["otherwise", "widens access", "may do more beyond its schema"]]],
  [["database"], MADE, "anywhere", "any", ["widens access", "gets an owner, who may create schemas in it, and rename it"]],
  [["database"], UPDATE, "anywhere", ["owner"], ["widens access", "gets another owner, who may create schemas in it, and rename it"]],
  [["database"], UPDATE, "anywhere", ["connectionLimit"], [["lower", "interrupts", "takes fewer connections: those above the limit are refused"], ["otherwise", "safe", "takes more connections"]]],
  [["database"], UPDATE, "anywhere", "any", ["widens access", "changes in a way that may let others in"]],
  [["schema"], UPDATE, "anywhere", ["owner", "policies"], ["widens access", "may be dropped, or created in, by others than before"]],
  [["schema"], UPDATE, "elsewhere", ["dropCascade"], ["safe", "takes its tables along, or not, when it is dropped"]],
  [["schema"], UPDATE, "prod", ["dropCascade", "ifNotExists"], [["untold", "interrupts", "has a setting that is known at deploy alone"], ["otherwise", "safe", "is made or dropped in another way, within what the rules allow"]]],
  [["network rule", "outgoing rule", "policy attachment"], UPDATE, "anywhere", TEXTS, ANOTHER_TEXT],
  [["network rule"], MADE, "anywhere", "any", ["widens access", "lets a network or a group reach the instance"]],
  [["network rule"], ["update", "replace"], "anywhere", "any", ["widens access", "lets a network or a group reach the instance, and the one before no more"]],
  [["network rule"], ["delete"], "anywhere", "any", ["narrows access", "goes: its network or group does not reach the instance any more"]],
  [["bastion"], MADE, "anywhere", "any", ["widens access", "lets whoever may open a session on it reach the instance"]],
  [["bastion"], UPDATE, "anywhere", TEXTS, ANOTHER_TEXT],
  [["bastion"], ["update", "replace", "delete"], "anywhere", "any", ["interrupts", "ends open tunnels while it changes, or for good"]],
  [["outgoing rule"], [...MADE, "update", "replace"], "anywhere", "any", ["widens access", "lets a machine reach something else"]],
  [["outgoing rule"], ["delete"], "anywhere", "any", ["narrows access", "goes: a machine reaches less"]],
  [["security group", "subnet group"], UPDATE, "anywhere", TEXTS, ANOTHER_TEXT],
  [["security group", "subnet group"], UPDATE, "anywhere", "any", ["widens access", "changes who can reach the instance"]],
  [["extension"], [...MADE, "update"], "anywhere", "any", ["widens access", "lets every login use its functions"]],
  [["extension"], GONE, "anywhere", "any", [["cascade", "loses data", "is dropped, with the columns of its types in every app's tables"], ["otherwise", "interrupts", "is dropped: tables that use its types or functions stop it, or break"]]],
  [["function"], [...MADE, "update", "replace"], "anywhere", "any", ["widens access", "may be called by whoever may use its schema"]],
  [["function"], ["delete"], "anywhere", "any", ["interrupts", "goes: whoever calls it fails"]],
  [["secret"], UPDATE, "anywhere", ["kmsKeyId"], ["widens access", "may be decrypted by whoever may use another key"]],
  [["key", "secret"], UPDATE, "anywhere", ["policy"], ["widens access", READERS]],
  [["key", "secret"], UPDATE, "prod", ["recoveryWindowInDays", "deletionWindowInDays"], [["lower", "interrupts", "is kept for fewer days once it is deleted"], ["otherwise", "safe", "is kept for more days once it is deleted"]]],
  [["key"], UPDATE, "prod", ["enableKeyRotation"], [["on", "safe", "gets new material each year from now on"], ["otherwise", "interrupts", "gets no new material each year any more"]]],
  [["key", "secret"], UPDATE, "elsewhere", ["recoveryWindowInDays", "deletionWindowInDays", "enableKeyRotation"], ["safe", "is kept in another way"]],
  [["key", "secret"], UPDATE, "anywhere", TEXTS, ANOTHER_TEXT],
  [["secret"], UPDATE, "anywhere", ["name"], ["interrupts", `is renamed: ${NO_URL}`]],
  [["secret"], UPDATE, "anywhere", ["replicas"], ["widens access", "stands in other regions, too"]],
  [["resource policy"], [...MADE, "update", ...GONE], "anywhere", "any", ["widens access", READERS]],
  [["read policy", "IAM role"], UPDATE, "anywhere", TEXTS, ANOTHER_TEXT],
  [["read policy"], ["import"], "anywhere", "any", ["widens access", "exists already: whoever has it may do what it allows"]],
  [["read policy"], ["create"], "anywhere", "any", [["untold policy", "widens access", "allows what is known at deploy alone, where the policy pack holds it"], ["otherwise", "safe", "is new"]]],
  [["read policy", "IAM role", "inline policy", "key grant"], ["update", "replace"], "anywhere", "any", ["widens access", "allows something else: read the policy"]],
  [["IAM role"], MADE, "anywhere", "any", ["widens access", TAKEN_ON]],
  [["inline policy", "key grant", "policy attachment"], MADE, "anywhere", "any", ["widens access", ATTACHED]],
  [["policy attachment"], ["update", "replace"], "anywhere", "any", ["widens access", ATTACHED]],
  [["read policy", "IAM role", "inline policy", "key grant", "policy attachment"], ["delete"], "anywhere", "any", ["narrows access", "goes: whoever used it may not any more"]],
  // What watches, and what is safe.
  [["alarm subscription"], MADE, "anywhere", "any", [["by mail", "safe", "has to be confirmed by whoever gets it"], ["otherwise", "widens access", "sends what happens to the instance to what is no mail address"]]],
  [ALARMS, ["delete"], "anywhere", "any", ["interrupts", "goes: nobody is told any more"]],
  [ALARMS, ["replace"], "anywhere", "any", ["interrupts", "is replaced: it may tell others, or nobody, from then on"]],
  [ALARMS, UPDATE, "anywhere", [...TEXTS, "alarmDescription", "displayName"], ANOTHER_TEXT],
  [["alarm"], UPDATE, "anywhere", FIRES, ["interrupts", "goes off at another time than before, or never"]],
  [["event subscription"], UPDATE, "anywhere", ["eventCategories", "sourceIds"], [["fewer", "interrupts", "tells of less than before"], ["otherwise", "safe", "tells of more than before"]]],
  [["event subscription"], UPDATE, "anywhere", ["enabled"], [["on", "safe", "tells of what happens from now on"], ["otherwise", "interrupts", "tells of nothing any more"]]],
  [ALARMS, UPDATE, "anywhere", "any", ["interrupts", "tells others, or nobody, from now on"]],
  [["alarm topic policy"], ["update", "replace"], "anywhere", "any", ["interrupts", "lets others send to the topic, or nobody: read the policy"]],
  [["alarm topic policy"], ["delete"], "anywhere", "any", ["widens access", "goes: whatever is in the account may send to the topic"]],
  [["provider"], UPDATE, "anywhere", ["password", "version", "connectTimeout"], ["safe", "reaches the same server"]],
  [["provider"], ["delete"], "anywhere", "any", ["interrupts", "goes, and with it the way to the server: what it deployed goes, too, or by another one"]],
  [["provider"], ["update", "replace"], "anywhere", "any", ["interrupts", "leads the deployment to another server, or by another way"]],
  [["key alias"], ["update", "replace", "delete"], "anywhere", "any", ["interrupts", "leads whoever names the key by it to another one, or to none"]],
  [["secret value"], MADE, "anywhere", "any", ["safe", "is read by the app at its next deploy"]],
  [["secret value"], ["update", "replace"], "anywhere", "any", [["new password", "safe", "is read by the app at its next deploy"], ["otherwise", "interrupts", OTHER_URL]]],
  [["random id", "key alias", "stack reference", ...ALARMS, "alarm topic policy", "dashboard", "provider"], ["read", ...MADE, "update", "replace", "delete"], "anywhere", "any", ["safe", "holds neither data nor access"]],
  [["component"], ["read", ...MADE, "update", "replace", "delete"], "anywhere", "any", ["safe", "is a place for others"]],
  [["schema", "role", "secret", "key"], ["import"], "anywhere", "any", ["widens access", "exists already: who owns it or may use it stays as it was"]],
  [["password"], ["import"], "anywhere", "any", ["interrupts", "exists already, and becomes the one in use"]],
  [ROLES, ["create"], "anywhere", "any", "by access"],
  [["schema", "secret", "key", "instance", "password"], ["create"], "anywhere", "any", ["safe", "is new"]],
  [["log group"], ["create"], "anywhere", "any", ["safe", "is new"]],
  [["log group"], ["import"], "anywhere", "any", ["safe", "is there already, and keeps its logs"]],
  [["log group"], UPDATE, "anywhere", ["retentionInDays"], [["lower", "loses data", "keeps its logs for fewer days: older ones are deleted"], ["otherwise", "safe", "keeps its logs for more days"]]],
  [["log group"], UPDATE, "anywhere", TEXTS, ANOTHER_TEXT],
  [["log group"], UPDATE, "anywhere", "any", ["interrupts", "changes in a way that may lock out who reads its logs"]],
  [["log group"], GONE, "anywhere", "any", [["retained", "safe", "stays on AWS with its logs, and no stack looks after it any more"], ["otherwise", "loses data", "goes, with its logs"]]],
  [["security group"], ["import"], "anywhere", "any", ["widens access", "exists already: whom it lets in stays as it was"]],
  [["security group"], ["create"], "anywhere", "any", [["lets in", "widens access", "is new, and lets a network or a group in"], ["otherwise", "safe", "is new"]]],
  [["parameter group", "subnet group"], ["import"], "anywhere", "any", ["safe", "exists already, and stays as it is"]],
  [["parameter group", "subnet group"], ["create"], "anywhere", "any", ["safe", "is new"]],
  ["any", ["same", "refresh", "read"], "anywhere", "any", ["safe", "is unchanged"]],
];

/** What no row of CLASSES fits: what nobody has thought of is never safe. */
// biome-ignore format: one row a line
export const UNKNOWN_CLASSES: readonly ClassRow[] = [
  [ROLES, UPDATE, "anywhere", "any", ["interrupts", "has another attribute, of which the review does not know what it does"]],
  [["key", "secret"], UPDATE, "anywhere", "any", ["interrupts", "has another property, of which the review does not know what it does"]],
  // Its words are those of the policy pack.
  [["unknown type"], [...MADE, "update", ...GONE], "anywhere", "any", ["blocks", ""]],
];

/** What no row at all fits, such as a step of a later engine. */
export const UNKNOWN_CHANGE: ClassRow = [
  "any",
  ["unknown", "create", "import", "update", "replace", "delete"],
  "anywhere",
  "any",
  ["interrupts", "changes in a way that the review does not know"],
];
