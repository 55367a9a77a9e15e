import type { Risk } from "./finding";
import type { Kind } from "./kind";
import type { PreviewOperation } from "./resource";

/**
 * `by access`: rights that are added widen access, rights that go narrow it, or end a login's work. `if lower`: interrupts where the number gets lower or is not known, safe where it gets higher.
 * `if on`: blocks where a switch that was off is on, or not known; otherwise widens access.
 * `if hidden`: widens access where the policy is known at deploy alone, otherwise safe.
 */
type Decision =
  | readonly [decision: "by access", meaning?: undefined]
  | readonly [decision: Risk | "if lower" | "if on" | "if hidden", meaning: string];

/** One row: of these kinds, what these operations (and of an update, these properties) mean, in which stacks. */
export type ClassRow = readonly [
  kinds: readonly Kind[] | "any",
  operations: readonly PreviewOperation[],
  where: "prod" | "elsewhere" | "anywhere",
  keys: readonly string[] | "any",
  ...Decision,
];

const GONE = ["delete", "replace"] as const;
const MADE = ["create", "import"] as const;
const UPDATE = ["update"] as const;
const ROLES = ["role", "login"] as const;
const GRANTS = ["grant", "membership", "default privileges"] as const;
const PASSWORDS = ["password", "passwordWo", "passwordWoVersion"];
const TEXTS = ["tags", "tagsAll", "description"];

/**
 * What a change means. From the top, the first row that fits decides; of an update, each changed property by itself.
 * What a state must not be (public, open, unprotected …) is in SAFETY_RULES, and its class in classify.ts; it is looked
 * at besides.
 */
// biome-ignore format: one row a line
export const CLASSES: readonly ClassRow[] = [
  // What holds data or access goes.
  [["schema"], GONE, "prod", "any", "blocks", "drops a prod schema, and what is in it"],
  [["role", "login"], GONE, "prod", "any", "blocks", "drops a prod role: whoever has its rights loses them"],
  [["secret"], GONE, "prod", "any", "blocks", "deletes a prod secret: its app finds no URL at the next deploy"],
  [["instance"], GONE, "anywhere", "any", "blocks", "deletes the database server with every app's data"],
  [["database"], GONE, "anywhere", "any", "blocks", "drops the database with every app's data"],
  [["key"], GONE, "prod", "any", "blocks", "what the key encrypts can never be read again"],
  [["key"], UPDATE, "prod", ["isEnabled"], "blocks", "switches a key on or off: what it encrypts cannot be read while it is off"],
  [["key"], UPDATE, "elsewhere", ["isEnabled"], "interrupts", "switches a key on or off: what it encrypts cannot be read while it is off"],
  [["schema"], GONE, "elsewhere", "any", "interrupts", "drops the schema and its tables"],
  [["login"], GONE, "elsewhere", "any", "interrupts", "whoever logs in as this role is locked out"],
  [["role"], GONE, "elsewhere", "any", "narrows access", "the role and its rights go"],
  [["secret"], GONE, "elsewhere", "any", "interrupts", "its app finds no URL at the next deploy"],
  [["key"], GONE, "elsewhere", "any", "interrupts", "what the key encrypts can never be read again"],
  // Passwords and names in use.
  [["password"], ["update", "replace"], "anywhere", "any", "interrupts", "the password in use changes: who still has the old one is locked out"],
  [["password"], ["delete"], "anywhere", "any", "interrupts", "the password goes, and with it whoever logs in with it"],
  [["login", "role"], UPDATE, "anywhere", PASSWORDS, "interrupts", "the password in use changes: who still has the old one is locked out"],
  [["login"], ["import"], "anywhere", "any", "interrupts", "an existing login gets the declared password at once: an app with another one is locked out"],
  [["login"], UPDATE, "anywhere", ["name"], "interrupts", "the login is renamed: URLs with the old name stop working"],
  [["role"], UPDATE, "anywhere", ["name"], "interrupts", "the role is renamed: sessions that assume the old one fail"],
  [["schema"], UPDATE, "anywhere", ["name"], "interrupts", "the schema is renamed: apps that name the old one fail"],
  [ROLES, UPDATE, "anywhere", ["assumeRole"], "interrupts", "acts under another role's name from its next login on: what it makes belongs to that one"],
  [ROLES, UPDATE, "anywhere", ["searchPaths"], "interrupts", "unqualified table names are looked for elsewhere"],
  [["login"], UPDATE, "anywhere", ["login"], "widens access", "a role that could not log in now can"],
  [["role"], UPDATE, "anywhere", ["login"], "interrupts", "the login cannot log in any more"],
  [["login"], UPDATE, "anywhere", ["connectionLimit"], "if lower", "how many connections the login may hold; those above it are refused"],
  [ROLES, UPDATE, "anywhere", ["validUntil", "statementTimeout", "idleInTransactionSessionTimeout"], "interrupts", "sessions that worked may be refused or cancelled"],
  [["secret value"], ["delete"], "anywhere", "any", "interrupts", "its app finds no URL at the next deploy"],
  // The instance.
  [["instance"], ["import"], "anywhere", "any", "interrupts", "the instance is adopted: where it differs from what is declared, it changes"],
  [["instance"], UPDATE, "anywhere", ["instanceClass"], "interrupts", "the instance restarts with another class"],
  [["instance"], UPDATE, "anywhere", ["engineVersion"], "interrupts", "another engine version: the instance is down while it is upgraded"],
  [["instance"], UPDATE, "anywhere", ["parameterGroupName", "caCertIdentifier"], "interrupts", "takes effect with a reboot"],
  [["instance"], UPDATE, "anywhere", ["password", "username"], "interrupts", "the admin's password changes"],
  [["instance"], UPDATE, "anywhere", ["vpcSecurityGroupIds", "iamDatabaseAuthenticationEnabled"], "widens access", "who can reach the instance changes: look at it"],
  [["instance"], UPDATE, "anywhere", ["allowMajorVersionUpgrade", "autoMinorVersionUpgrade", ...TEXTS], "safe", "takes effect while the instance runs"],
  [["instance"], UPDATE, "anywhere", ["allocatedStorage", "maxAllocatedStorage"], "if lower", "storage grows while the instance runs, and cannot shrink"],
  [["instance"], UPDATE, "anywhere", ["backupRetentionPeriod"], "if lower", "days of backups; older ones are deleted"],
  [["instance"], UPDATE, "anywhere", ["multiAz"], "interrupts", "the standby comes or goes: without it a failure is an outage"],
  [["instance"], UPDATE, "anywhere", ["monitoringInterval", "monitoringRoleArn", "performanceInsightsEnabled", "performanceInsightsRetentionPeriod", "databaseInsightsMode", "enabledCloudwatchLogsExports"], "safe", "monitoring alone"],
  [["instance"], UPDATE, "anywhere", ["backupWindow", "maintenanceWindow", "copyTagsToSnapshot", "finalSnapshotIdentifier", "skipFinalSnapshot", "deletionProtection", "publiclyAccessible", "storageEncrypted"], "safe", "within what the rules allow"],
  [["instance"], UPDATE, "anywhere", "any", "interrupts", "may restart the instance: look at it"],
  [["parameter group"], ["update", "replace", "delete"], "anywhere", "any", "interrupts", "parameters of the server change, some with a reboot"],
  [["subnet group", "security group"], GONE, "anywhere", "any", "interrupts", "moves the instance's network: connections end"],
  // Who reaches what.
  [GRANTS, [...MADE, "update", "replace", "delete"], "anywhere", "any", "by access"],
  [ROLES, UPDATE, "anywhere", ["roles"], "by access"],
  [ROLES, UPDATE, "anywhere", ["inherit"], "if on", "whether a session has its owner's rights without acting as the owner"],
  [ROLES, UPDATE, "anywhere", ["superuser", "createRole", "createDatabase", "bypassRowLevelSecurity", "replication"], "widens access", "what the role may do beyond its schema changes"],
  [["database"], [...MADE, "update"], "anywhere", "any", "widens access", "its owner may create schemas in it, and rename it"],
  [["schema"], UPDATE, "anywhere", ["owner", "policies"], "widens access", "who may drop the schema or create in it changes"],
  [["schema"], UPDATE, "elsewhere", ["dropCascade"], "safe", "whether dropping it takes its tables along"],
  [["schema"], UPDATE, "prod", ["dropCascade", "ifNotExists"], "safe", "within what the rules allow"],
  [["network rule"], [...MADE, "update", "replace"], "anywhere", "any", "widens access", "a network or a group reaches the instance"],
  [["network rule"], ["delete"], "anywhere", "any", "narrows access", "a network or a group does not reach the instance any more"],
  [["bastion"], MADE, "anywhere", "any", "widens access", "whoever may open a session on it reaches the instance"],
  [["bastion"], UPDATE, "anywhere", TEXTS, "safe", "a text alone"],
  [["bastion"], ["update", "replace", "delete"], "anywhere", "any", "interrupts", "open tunnels end while it changes, or for good"],
  [["outgoing rule"], [...MADE, "update", "replace"], "anywhere", "any", "widens access", "what a machine may reach changes: look at it"],
  [["outgoing rule"], ["delete"], "anywhere", "any", "narrows access", "what a machine may reach is less"],
  [["security group", "subnet group"], UPDATE, "anywhere", TEXTS, "safe", "a text alone"],
  [["security group", "subnet group"], UPDATE, "anywhere", "any", "widens access", "who can reach the instance changes: look at it"],
  [["extension"], [...MADE, "update"], "anywhere", "any", "widens access", "every login may use its functions"],
  [["extension"], GONE, "anywhere", "any", "interrupts", "tables that use its types or functions stop it, or break"],
  [["function"], [...MADE, "update", "replace"], "anywhere", "any", "widens access", "whoever may use its schema may call it"],
  [["function"], ["delete"], "anywhere", "any", "interrupts", "whoever calls it fails"],
  [["secret"], UPDATE, "anywhere", ["kmsKeyId"], "widens access", "who may decrypt the secret changes with its key"],
  [["key", "secret"], UPDATE, "anywhere", ["policy"], "widens access", "who may read what it protects changes: read the policy"],
  [["key", "secret"], UPDATE, "prod", ["recoveryWindowInDays", "deletionWindowInDays"], "if lower", "days in which a deletion can be taken back"],
  [["key"], UPDATE, "prod", ["enableKeyRotation"], "interrupts", "how well it is kept changes: look at it"],
  [["key", "secret"], UPDATE, "elsewhere", ["recoveryWindowInDays", "deletionWindowInDays", "enableKeyRotation"], "safe", "how long it is kept"],
  [["key", "secret"], UPDATE, "anywhere", TEXTS, "safe", "a text alone"],
  [["secret"], UPDATE, "anywhere", ["name"], "interrupts", "the secret is renamed: its app finds no URL at the next deploy"],
  [["secret"], UPDATE, "anywhere", ["replicas"], "widens access", "the secret stands in other regions, too"],
  [["resource policy"], [...MADE, "update", ...GONE], "anywhere", "any", "widens access", "who may read what it protects changes: read the policy"],
  [["read policy", "IAM role"], UPDATE, "anywhere", TEXTS, "safe", "a text alone"],
  [["read policy"], MADE, "anywhere", "any", "if hidden", "what it allows is known at deploy alone, where the policy pack holds it"],
  [["read policy", "IAM role", "inline policy", "key grant"], ["update", "replace"], "anywhere", "any", "widens access", "what it allows changes: read the policy"],
  [["IAM role", "inline policy", "key grant", "policy attachment"], MADE, "anywhere", "any", "widens access", "somebody may do something in the account: read the policy"],
  [["policy attachment"], ["update", "replace"], "anywhere", "any", "widens access", "somebody may do something in the account: read the policy"],
  [["read policy", "IAM role", "inline policy", "key grant", "policy attachment"], ["delete"], "anywhere", "any", "narrows access", "whoever used it may not any more"],
  // What watches, and what is safe.
  [["alarm", "alarm topic", "alarm subscription"], ["delete"], "anywhere", "any", "interrupts", "nobody is told any more"],
  [["alarm", "alarm topic", "alarm subscription"], UPDATE, "anywhere", ["actionsEnabled", "alarmActions", "policy", "endpoint", "topic", "filterPolicy"], "interrupts", "who is told changes: look at it"],
  [["provider"], UPDATE, "anywhere", ["password", "version", "connectTimeout"], "safe", "reaches the same server"],
  [["provider"], ["update", "replace", "delete"], "anywhere", "any", "interrupts", "the deployment reaches another server, or in another way: look at it"],
  [["key alias"], ["update", "replace", "delete"], "anywhere", "any", "interrupts", "whoever names the key by this alias finds another one, or none"],
  [["secret value"], [...MADE, "update", "replace"], "anywhere", "any", "safe", "the app reads it at its next deploy"],
  [["random id", "key alias", "stack reference", "alarm", "alarm topic", "alarm subscription", "provider"], ["read", ...MADE, "update", "replace", "delete"], "anywhere", "any", "safe", "holds neither data nor access"],
  [["component"], ["read", ...MADE, "update", "replace", "delete"], "anywhere", "any", "safe", "a place for others"],
  [["schema", "role", "secret", "key"], ["import"], "anywhere", "any", "widens access", "it exists already: who owns it or may use it stays as it was"],
  [["password"], ["import"], "anywhere", "any", "interrupts", "a password that exists already becomes the one in use"],
  [ROLES, ["create"], "anywhere", "any", "by access"],
  [["schema", "secret", "key", "instance", "password"], ["create"], "anywhere", "any", "safe", "new"],
  [["parameter group", "subnet group", "security group"], MADE, "anywhere", "any", "safe", "new"],
  ["any", ["same", "refresh", "read"], "anywhere", "any", "safe", "unchanged"],
];

/** What no row of CLASSES fits: what nobody has thought of is never safe. */
// biome-ignore format: one row a line
export const UNKNOWN_CLASSES: readonly ClassRow[] = [
  [ROLES, UPDATE, "anywhere", "any", "interrupts", "an attribute that this table does not know: look at it"],
  [["key", "secret"], UPDATE, "anywhere", "any", "interrupts", "a property that this table does not know: look at it"],
  [["unknown type"], [...MADE, "update", ...GONE], "anywhere", "any", "blocks", "a type that nobody has judged: add it to KIND_BY_TYPE in policy/resource-types.ts"],
];

/** What no row at all fits, such as a step of a later engine. */
export const UNKNOWN_CHANGE: ClassRow = [
  "any",
  ["unknown", "create", "import", "update", "replace", "delete"],
  "anywhere",
  "any",
  "interrupts",
  "a kind of change that this table does not know: look at it",
];
