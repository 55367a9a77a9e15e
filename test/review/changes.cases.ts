import { DATABASE_READY } from "../../infra/database/access";
import { parametersOf } from "../../infra/instance/parameters";
import { plainOf } from "../../ops/review/sentence";
import { findingsOf, judge } from "./judge";
import { previewBetween, StackProgram, TWO_APPS } from "./program-preview";

let prod: StackProgram;

beforeAll(async () => {
  prod = await StackProgram.of("prod", TWO_APPS);
});

/** One changed resource of the program as it is, and everything that is said of it. */
type Change = readonly [name: string, inputs: Readonly<Record<string, unknown>>, findings: readonly string[]];

const LOGIN = "login portal_wms";
const INSTANCE = "instance ecomos-prod";
const RULE = "network rule instance-network-ingress-apps";
const SECRET = "secret portal-db/prod/wms";
const EVENTS = "event subscription portal-db-events";
const CATEGORIES =
  "availability, configuration change, deletion, failover, failure, low storage, maintenance, notification, recovery";
const KEY = "key Secrets of the stack prod of portal-db";
const GROUP = "parameter group ecomos-prod-postgres17";
const BY_REBOOT =
  "sets what the server takes with a reboot alone, which nobody does for you: 'aws rds reboot-db-instance --db-instance-identifier ecomos-prod'";
const AT_ONCE = "sets other parameters of the server, which hold at once, for sessions that are open, too";
const IN_LOG = "lets the values of apps' statements into the server's log: whoever reads logs reads them";
const ALL_IN_LOG =
  "lets apps' statements into the server's log, with the values that stand in them: whoever reads logs reads them";
const HELD = "holds nothing back any more: what somebody gives there by hand stays, and no deploy takes it";
const LATER = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNSEEN = "is watched less: who looks for what went wrong finds less";
const ANOTHER_NETWORK = "lets a network or a group reach the instance, and the one before no more";
const OTHER_URL =
  "says something else, and not by a new password: whoever reads it goes to another server, or in another way, from its next deploy on; look at appEndpoint, sslmode and the passwords in the stack's file";
const LOGS = "log group /aws/rds/instance/ecomos-prod/postgresql";

/** The group's parameters with some as they are said: value and how it is applied. */
function set(said: Readonly<Record<string, readonly [string, string]>>) {
  const instance = { engineVersion: "17", instanceClass: "db.t4g.medium", allocatedStorageGib: 50 };
  const others = parametersOf({ ...instance, parameters: {} }).filter(({ name }) => !(name in said));
  const own = Object.entries(said).map(([name, [value, applyMethod]]) => ({ name, value, applyMethod }));
  return { parameters: [...others, ...own] };
}

const OWN = "give a role what is its own app's, or declare it in access.ts";

// biome-ignore format: one change a line, as far as it goes
const CHANGES: readonly Change[] = [
  // Logins.
  ["wms-prod-login", { superuser: true }, ["blocks", `blocks | ${LOGIN} | has superuser, which reaches past its schema: take it away (no-powerful-role)`, `widens access | ${LOGIN} | may do more beyond its schema (superuser unset → on)`, "widens access | portal_wms | gains use, create, read, write, own on auth_prod", "widens access | portal_wms | gains use, create, read, write, own on extensions", "widens access | portal_wms | gains use, create, read, write, own on public", "widens access | portal_wms | gains use, create, read, write, own on wms_prod"]],
  ["wms-prod-login", { createRole: true }, ["blocks", `blocks | ${LOGIN} | has createRole, which reaches past its schema: take it away (no-powerful-role)`, `widens access | ${LOGIN} | may do more beyond its schema (createRole unset → on)`]],
  ["wms-prod-login", { createDatabase: true }, ["blocks", `blocks | ${LOGIN} | has createDatabase, which reaches past its schema: take it away (no-powerful-role)`, `widens access | ${LOGIN} | may do more beyond its schema (createDatabase unset → on)`]],
  ["wms-prod-login", { bypassRowLevelSecurity: true }, ["blocks", `blocks | ${LOGIN} | has bypassRowLevelSecurity, which reaches past its schema: take it away (no-powerful-role)`, `widens access | ${LOGIN} | may do more beyond its schema (bypassRowLevelSecurity unset → on)`]],
  ["wms-prod-login", { replication: true }, ["blocks", `blocks | ${LOGIN} | has replication, which reaches past its schema: take it away (no-powerful-role)`, `widens access | ${LOGIN} | may do more beyond its schema (replication unset → on)`]],
  ["wms-prod-login", { inherit: true }, ["blocks", `blocks | ${LOGIN} | has inherit true instead of false: declare it as access.ts does (role-as-declared)`, `blocks | ${LOGIN} | has its owner's rights from now on without acting as the owner (inherit off → on)`, "widens access | portal_wms | gains use, create, read, write, own on wms_prod"]],
  ["wms-prod-login", { inherit: true, assumeRole: undefined }, ["blocks", `blocks | ${LOGIN} | has its owner's rights from now on without acting as the owner (inherit off → on)`, `interrupts | ${LOGIN} | acts under another role's name from its next login on: what it makes belongs to that one (assumeRole wms_prod_owner → unset)`, "widens access | portal_wms | gains use, create, read, write, own on wms_prod"]],
  ["wms-prod-login", { roles: ["wms_prod_owner", "auth_prod_owner"] }, ["blocks", `blocks | ${LOGIN} | gives portal_wms membership in the role auth_prod_owner, which is auth's in prod: ${OWN} (own-roles-alone)`, `widens access | ${LOGIN} | gets membership in auth_prod_owner`]],
  ["wms-prod-login", { roles: [] }, ["blocks", `blocks | ${LOGIN} | loses membership in wms_prod_owner`]],
  ["wms-prod-login", { roles: ["wms_prod_owner", "pg_read_all_data"] }, ["blocks", `blocks | ${LOGIN} | has membership in pg_read_all_data, which reaches past its schema: take it away (no-powerful-role)`, `widens access | ${LOGIN} | gets membership in pg_read_all_data`]],
  ["wms-prod-login", { assumeRole: undefined }, ["blocks", `blocks | ${LOGIN} | has assumeRole none instead of wms_prod_owner: declare it as access.ts does (role-as-declared)`, `interrupts | ${LOGIN} | acts under another role's name from its next login on: what it makes belongs to that one (assumeRole wms_prod_owner → unset)`]],
  ["wms-prod-login", { assumeRole: "auth_prod_owner" }, ["blocks", `blocks | ${LOGIN} | gives portal_wms assumeRole in the role auth_prod_owner, which is auth's in prod: ${OWN} (own-roles-alone)`, `blocks | ${LOGIN} | has assumeRole auth_prod_owner instead of wms_prod_owner: declare it as access.ts does (role-as-declared)`, `interrupts | ${LOGIN} | acts under another role's name from its next login on: what it makes belongs to that one (assumeRole wms_prod_owner → auth_prod_owner)`, `widens access | ${LOGIN} | is named 'portal_wms', but its owner role belongs to 'portal_auth': rename one of them (login-fits-owner)`]],
  ["wms-prod-login", { searchPaths: ["auth_prod"] }, ["blocks", `blocks | ${LOGIN} | has searchPaths auth_prod instead of wms_prod: declare it as access.ts does (role-as-declared)`, `interrupts | ${LOGIN} | looks elsewhere for tables that are named without their schema (searchPaths wms_prod → auth_prod)`]],
  ["wms-prod-login", { password: "another" }, ["interrupts", `interrupts | ${LOGIN} | gets another password: who still has the old one is locked out (password, a secret)`]],
  ["wms-prod-login", { login: false }, ["blocks", "blocks | role portal_wms | cannot log in: set login to true (login-can-connect)", "interrupts | role portal_wms | cannot log in any more (login on → off)"]],
  ["wms-prod-owner", { login: true }, ["blocks", "blocks | login wms_prod_owner | may leave a transaction open for ever, which keeps every app's dead rows: set idleInTransactionTimeout (transactions-end)", "blocks | login wms_prod_owner | has login true instead of false: declare it as access.ts does (role-as-declared)", "widens access | login wms_prod_owner | could not log in, and now can (login unset → on)"]],
  ["wms-prod-login", { connectionLimit: 20 }, ["safe"]],
  ["wms-prod-login", { validUntil: "2020-01-01" }, ["blocks", `blocks | ${LOGIN} | is over, by its end '2020-01-01': leave validUntil out (login-can-connect)`, `interrupts | ${LOGIN} | may have sessions refused that work today (validUntil unset → 2020-01-01)`]],
  ["wms-prod-login-connect", { privileges: [] }, ["blocks", "blocks | portal_wms | loses connect on the database"]],
  ["wms-prod-owner-schema", { privileges: ["CREATE"] }, ["blocks", "blocks | wms_prod_owner | loses use, read, write on wms_prod"]],
  [DATABASE_READY, { privileges: [] }, ["blocks", "blocks | PUBLIC | loses use on extensions; PUBLIC is every role there is"]],
  ["wms-prod-reader-schema", { privileges: [] }, ["narrows access", "narrows access | wms_prod_reader | loses use, read on wms_prod"]],
  ["wms-prod-login", { connectionLimit: 0 }, ["blocks", `blocks | ${LOGIN} | may hold no connection: set connectionLimit to 1 or more (login-can-connect)`, `interrupts | ${LOGIN} | may hold fewer connections: those above the limit are refused (connectionLimit 10 → 0)`]],
  ["wms-prod-login", { aNewAttribute: 1 }, ["interrupts", `interrupts | ${LOGIN} | has another attribute, of which the review does not know what it does (aNewAttribute unset → 1)`]],
  // The instance.
  ["instance", { publiclyAccessible: true }, ["blocks", `blocks | ${INSTANCE} | has publiclyAccessible on: set it to false (not-public)`]],
  ["instance", { deletionProtection: false }, ["blocks", `blocks | ${INSTANCE} | has deletionProtection off: set it to true (deletion-protection)`]],
  ["instance", { deletionProtection: undefined }, ["blocks", `blocks | ${INSTANCE} | has deletionProtection off: set it to true (deletion-protection)`]],
  ["instance", { storageEncrypted: false }, ["blocks", `blocks | ${INSTANCE} | has storageEncrypted off: set it to true (storage-encrypted)`]],
  ["instance", { backupRetentionPeriod: 0 }, ["blocks", `blocks | ${INSTANCE} | keeps no backups: set backupRetentionPeriod to 1 day or more (backups-retained)`, `loses data | ${INSTANCE} | keeps fewer days of backups: older ones are deleted (backupRetentionPeriod 14 → 0, in the maintenance window)`]],
  ["instance", { backupRetentionPeriod: 3 }, ["loses data", `loses data | ${INSTANCE} | keeps fewer days of backups: older ones are deleted (backupRetentionPeriod 14 → 3, at once)`]],
  ["instance", { backupRetentionPeriod: 35 }, ["safe"]],
  ["instance", { skipFinalSnapshot: true }, ["blocks", `blocks | ${INSTANCE} | leaves no snapshot when it is deleted: set skipFinalSnapshot to false (final-snapshot)`]],
  ["instance", { applyImmediately: true }, ["interrupts", `interrupts | ${INSTANCE} | makes every change at once that would wait for the maintenance window (applyImmediately unset → on)`]],
  ["instance", { instanceClass: "db.m7g.large" }, ["interrupts", `interrupts | ${INSTANCE} | gets another class, and restarts for it (instanceClass db.t4g.medium → db.m7g.large, in the maintenance window)`]],
  ["instance", { engineVersion: "18" }, ["interrupts", `interrupts | ${INSTANCE} | gets another version, and is down while it is upgraded (engineVersion 17 → 18, in the maintenance window)`]],
  ["instance", { password: "another" }, ["interrupts", `interrupts | ${INSTANCE} | gets the declared master password: whoever has another one is locked out (password, a secret, at once)`]],
  ["instance", { allocatedStorage: 100 }, ["safe"]],
  ["instance", { allocatedStorage: 54 }, ["interrupts", `interrupts | ${INSTANCE} | gets more storage by less than a tenth, which RDS refuses or rounds up (allocatedStorage 50 → 54, in the maintenance window)`]],
  ["instance", { allocatedStorage: 55 }, ["safe"]],
  ["instance", { iops: 12000, storageThroughput: 500 }, ["safe"]],
  ["instance", { dedicatedLogVolume: true }, ["interrupts", `interrupts | ${INSTANCE} | changes in a way that the review does not know, and may restart (dedicatedLogVolume unset → on, in the maintenance window)`]],
  ["instance", { engineLifecycleSupport: "open-source-rds-extended-support-disabled" }, ["interrupts", `interrupts | ${INSTANCE} | changes in a way that the review does not know, and may restart (engineLifecycleSupport unset → not shown, at a time that the review does not know)`]],
  ["instance", { deletionProtection: LATER }, ["interrupts", `interrupts | ${INSTANCE} | has a setting that is known at deploy alone (deletionProtection on → known at deploy, at once)`]],
  ["instance", { backupRetentionPeriod: LATER }, ["loses data", `loses data | ${INSTANCE} | keeps fewer days of backups: older ones are deleted (backupRetentionPeriod 14 → known at deploy, at once)`]],
  ["instance", { monitoringInterval: LATER }, ["interrupts", `interrupts | ${INSTANCE} | ${UNSEEN} (monitoringInterval 60 → known at deploy, at once)`]],
  ["instance", { deleteAutomatedBackups: false }, ["safe"]],
  ["instance", { performanceInsightsEnabled: false, monitoringInterval: 0, enabledCloudwatchLogsExports: ["upgrade"] }, ["interrupts", `interrupts | ${INSTANCE} | ${UNSEEN} (enabledCloudwatchLogsExports postgresql, upgrade → upgrade, at once; monitoringInterval 60 → 0, at once; performanceInsightsEnabled on → off, at once)`]],
  ["instance", { monitoringInterval: 15, databaseInsightsMode: "advanced", performanceInsightsRetentionPeriod: 465 }, ["safe"]],
  ["instance", { performanceInsightsRetentionPeriod: undefined }, ["loses data", `loses data | ${INSTANCE} | keeps fewer days of Performance Insights: older ones are deleted (performanceInsightsRetentionPeriod 7 → unset, at once)`]],
  ["instance", { autoMinorVersionUpgrade: false }, ["safe"]],
  ["instance", { multiAz: false }, ["interrupts", `interrupts | ${INSTANCE} | loses its standby: from then on a failure is an outage (multiAz on → off, in the maintenance window)`]],
  ["instance", { vpcSecurityGroupIds: ["sg-1"] }, ["interrupts", `interrupts | ${INSTANCE} | is reached through other security groups: who came in by the old ones alone is cut off, and who the new ones let in reaches it (vpcSecurityGroupIds id of ecomos-prod-postgres → sg-1, at once)`]],
  ["instance-parameters", { parameters: [{ name: "rds.force_ssl", value: "0" }] }, ["blocks", `blocks | ${GROUP} | lets clients connect without TLS: set rds.force_ssl to 1 (force-ssl)`, `interrupts | ${GROUP} | ${BY_REBOOT} (track_io_timing on → unset, with the next reboot)`, `interrupts | ${GROUP} | ${AT_ONCE} (idle_session_timeout 1 d → unset, at once; temp_file_limit 10 GB → unset, at once)`, `interrupts | ${GROUP} | sets other parameters of the server (rds.force_ssl on → off, at once)`, `widens access | ${GROUP} | ${IN_LOG} (log_parameter_max_length 0 → unset, at once)`]],
  ["instance-parameters", set({ work_mem: ["65536", "immediate"] }), ["interrupts", `interrupts | ${GROUP} | ${AT_ONCE} (work_mem unset → 64 MB, at once)`]],
  ["instance-parameters", set({ max_connections: ["400", "pending-reboot"] }), ["interrupts", `interrupts | ${GROUP} | ${BY_REBOOT} (max_connections unset → 400, with the next reboot)`]],
  ["instance-parameters", set({ log_lock_waits: ["0", "immediate"], log_min_duration_statement: ["5000", "immediate"] }), ["safe"]],
  ["instance-parameters", set({ log_parameter_max_length_on_error: ["100", "immediate"] }), ["widens access", `widens access | ${GROUP} | ${IN_LOG} (log_parameter_max_length_on_error 0 → 100 B, at once)`]],
  ["instance-parameters", set({ "pgaudit.log_parameter": ["1", "immediate"] }), ["widens access", `widens access | ${GROUP} | ${IN_LOG} (pgaudit.log_parameter unset → on, at once)`]],
  ["instance-parameters", set({ log_min_duration_statement: ["0", "immediate"] }), ["blocks", `blocks | ${GROUP} | sets log_min_duration_statement to 0, which logs every statement: set it to 100 or more, or leave it out (quiet-server)`, `widens access | ${GROUP} | ${ALL_IN_LOG} (log_min_duration_statement 1 s → 0, at once)`]],
  ["instance-parameters", set({ log_min_duration_statement: ["99", "immediate"] }), ["widens access", `widens access | ${GROUP} | ${ALL_IN_LOG} (log_min_duration_statement 1 s → 99 ms, at once)`]],
  ["instance-parameters", set({ log_min_duration_statement: ["100", "immediate"], log_transaction_sample_rate: ["0.0", "immediate"], log_min_duration_sample: ["-1", "immediate"] }), ["safe"]],
  ["instance-parameters", set({ debug_print_parse: ["1", "immediate"] }), ["blocks", `blocks | ${GROUP} | sets debug_print_parse to 1, which logs every statement: leave it out (quiet-server)`, `widens access | ${GROUP} | ${ALL_IN_LOG} (debug_print_parse unset → on, at once)`]],
  ["instance-parameters", set({ track_counts: ["0", "immediate"], autovacuum: ["0", "immediate"] }), ["interrupts", `interrupts | ${GROUP} | stops autovacuum: dead rows stay, tables grow, and in the end transaction ids run out (track_counts unset → off, at once; autovacuum unset → off, at once)`]],
  ["instance-parameters", set({ track_counts: ["1", "immediate"], debug_print_plan: ["0", "immediate"] }), ["interrupts", `interrupts | ${GROUP} | ${AT_ONCE} (debug_print_plan unset → off, at once)`]],
  ["instance-parameters", set({ log_min_duration_sample: ["0", "immediate"], log_transaction_sample_rate: ["0.01", "immediate"], "auto_explain.log_min_duration": ["99", "immediate"], log_min_messages: ["debug2", "immediate"] }), ["widens access", `widens access | ${GROUP} | ${ALL_IN_LOG} (log_min_duration_sample unset → 0, at once; log_transaction_sample_rate unset → 0.01, at once; auto_explain.log_min_duration unset → 99 ms, at once; log_min_messages unset → debug2, at once)`]],
  ["instance-parameters", set({ "pgaudit.log": ["all", "immediate"] }), ["widens access", `widens access | ${GROUP} | ${ALL_IN_LOG} (pgaudit.log unset → all, at once)`]],
  ["instance-parameters", set({ "pgaudit.log": ["ddl, Write", "immediate"] }), ["widens access", `widens access | ${GROUP} | ${ALL_IN_LOG} (pgaudit.log unset → ddl, Write, at once)`]],
  ["instance-parameters", set({ "pgaudit.log": ["all, -read,-write,-function", "immediate"] }), ["safe"]],
  ["instance-parameters", set({ "pgaudit.log": ["ddl,role", "immediate"] }), ["safe"]],
  ["instance-parameters", set({ "pgaudit.role": ["rds_pgaudit", "immediate"], log_min_duration_statement: ["{DBInstanceClassMemory/99999999999}", "immediate"] }), ["widens access", `widens access | ${GROUP} | ${ALL_IN_LOG} (log_min_duration_statement 1 s → {DBInstanceClassMemory/99999999999}, at once; pgaudit.role unset → rds_pgaudit, at once)`]],
  ["instance-parameters", set({ idle_session_timeout: ["60000", "immediate"] }), ["interrupts", `interrupts | ${GROUP} | ${AT_ONCE} (idle_session_timeout 1 d → 1 min, at once)`]],
  ["instance-logs-postgresql", { retentionInDays: 30 }, ["loses data", `loses data | ${LOGS} | keeps its logs for fewer days: older ones are deleted (retentionInDays 90 → 30)`]],
  ["instance-logs-postgresql", { retentionInDays: 0 }, ["safe"]],
  ["instance-logs-postgresql", { kmsKeyId: "arn:other" }, ["interrupts", `interrupts | ${LOGS} | changes in a way that may lock out who reads its logs (kmsKeyId unset → arn:other)`]],
  // The network.
  ["instance-network-ingress-apps", { cidrIpv4: "0.0.0.0/0" }, ["blocks", `blocks | ${RULE} | lets in 0.0.0.0/0: name a network of /8 or narrower, or a security group (no-open-ingress)`, `widens access | ${RULE} | ${ANOTHER_NETWORK} (cidrIpv4 10.0.0.0/16 → 0.0.0.0/0)`]],
  ["instance-network-ingress-apps", { cidrIpv4: undefined, cidrIpv6: "::/0" }, ["blocks", `blocks | ${RULE} | lets in ::/0: name a network of /8 or narrower, or a security group (no-open-ingress)`, `widens access | ${RULE} | ${ANOTHER_NETWORK} (cidrIpv4 10.0.0.0/16 → unset; cidrIpv6 unset → ::/0)`]],
  ["instance-network-ingress-apps", { cidrIpv4: undefined, prefixListId: "pl-1" }, ["widens access", `widens access | ${RULE} | ${ANOTHER_NETWORK} (cidrIpv4 10.0.0.0/16 → unset; prefixListId unset → pl-1)`]],
  ["instance-network-ingress-apps", { cidrIpv4: "10.1.0.0/16" }, ["widens access", `widens access | ${RULE} | ${ANOTHER_NETWORK} (cidrIpv4 10.0.0.0/16 → 10.1.0.0/16)`]],
  ["instance-network-ingress-apps", { description: "Postgres from elsewhere", tags: {} }, ["safe"]],
  ["instance-network-security-group", { ingress: [{ cidrBlocks: ["0.0.0.0/0"] }] }, ["blocks", "blocks | security group ecomos-prod-postgres | lets in 0.0.0.0/0: name a network of /8 or narrower, or a security group (no-open-ingress)", "widens access | security group ecomos-prod-postgres | changes who can reach the instance (ingress unset → cidrBlocks 0.0.0.0/0)"]],
  // Secrets and keys.
  ["wms-prod-secret", { recoveryWindowInDays: 0 }, ["blocks", `blocks | ${SECRET} | cannot be restored once it is deleted: set recoveryWindowInDays to 7 days or more (recoverable-in-prod)`, `interrupts | ${SECRET} | is kept for fewer days once it is deleted (recoveryWindowInDays 30 → 0)`]],
  ["wms-prod-secret", { recoveryWindowInDays: 7 }, ["interrupts", `interrupts | ${SECRET} | is kept for fewer days once it is deleted (recoveryWindowInDays 30 → 7)`]],
  ["wms-prod-secret", { kmsKeyId: "arn:other" }, ["widens access", `widens access | ${SECRET} | may be decrypted by whoever may use another key (kmsKeyId arn:aws:kms:us-east-1:123456789012:key/secrets-key → arn:other)`]],
  ["wms-prod-secret", { policy: "{}" }, ["widens access", `widens access | ${SECRET} | changes who may read what it protects: read the policy (policy unset → {})`]],
  ["wms-prod-secret", { replicas: [{ region: "eu-west-1" }] }, ["widens access", `widens access | ${SECRET} | has copies in other regions: leave replicas out (secret-in-one-region)`, `widens access | ${SECRET} | stands in other regions, too (replicas unset → region eu-west-1)`]],
  ["wms-prod-secret", { aNewProperty: 1 }, ["interrupts", `interrupts | ${SECRET} | has another property, of which the review does not know what it does (aNewProperty unset → 1)`]],
  ["wms-prod-secret-value", { secretString: "another" }, ["interrupts", `interrupts | secret value wms-prod-secret-value | ${OTHER_URL} (secretString, a secret)`]],
  ["admin-secret", { kmsKeyId: undefined }, ["widens access", "widens access | secret portal-db/admin | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)", "widens access | secret portal-db/admin | may be decrypted by whoever may use another key (kmsKeyId arn:aws:kms:us-east-1:123456789012:key/secrets-key → unset)"]],
  ["secrets-key", { isEnabled: false }, ["blocks", `blocks | ${KEY} | is switched off: nothing that it encrypts can be read (isEnabled unset → off)`]],
  ["secrets-key", { policy: "{}" }, ["widens access", `widens access | ${KEY} | changes who may read what it protects: read the policy (policy unset → {})`]],
  ["secrets-key", { bypassPolicyLockoutSafetyCheck: true }, ["blocks", `blocks | ${KEY} | switches off AWS's check that its account keeps the key: leave bypassPolicyLockoutSafetyCheck out (key-of-its-account)`, `interrupts | ${KEY} | has another property, of which the review does not know what it does (bypassPolicyLockoutSafetyCheck unset → on)`]],
  ["wms-prod-secret-read", { policy: '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}' }, ["blocks", "blocks | read policy portal-db-prod-wms-read | allows *, on *: it may read its app's own secret, and nothing else (reads-named-secrets)", expect.stringMatching(/ \| allows something else: read the policy \(policy \{"Version":.* → \{"Statement":\[\{"Effect":"Allow","Action":"\*","Resource":"\*"\}\]\}\)$/)]],
  ["instance-monitoring-policy", { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }, ["blocks", "blocks | policy attachment instance-monitoring-policy | attaches arn:aws:iam::aws:policy/AdministratorAccess: attach an app's own read policy, or write down in policy/iam.ts what it allows (attaches-own-policies)", "widens access | policy attachment instance-monitoring-policy | gives somebody in the account what the policy allows: read it (policyArn arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole → arn:aws:iam::aws:policy/AdministratorAccess)"]],
  // Grants and schemas.
  ["wms-prod-reader-tables", { privileges: ["SELECT", "INSERT"] }, ["widens access", "widens access | wms_prod_reader | gains write on wms_prod"]],
  ["wms-prod-owner-schema", { withGrantOption: true }, ["blocks", `blocks | grant wms-prod-owner-schema | gives wms_prod_owner USAGE with the right to pass it on on the schema wms_prod, which is wms's in prod; wms_prod_owner CREATE with the right to pass it on on the schema wms_prod, which is wms's in prod: ${OWN} (own-schemas-alone)`, "widens access | grant wms-prod-owner-schema | gives wms_prod_owner USAGE on the schema wms_prod with the right to pass it on, CREATE on the schema wms_prod with the right to pass it on"]],
  ["deployers-public-postgres", { database: "other" }, ["widens access", `widens access | grant deployers-public-postgres | ${HELD}`]],
  ["wms-prod-owner-schema", { withGrantOption: false }, ["interrupts", "interrupts | grant wms-prod-owner-schema | is replaced: what it gives is taken, and given again, unless the old one goes last"]],
  ["database-public-schema", { privileges: ["USAGE", "CREATE"] }, ["blocks", "blocks | grant database-public-schema | grants CREATE to PUBLIC, which is every role: grant to a role of the app (no-grant-to-public)", "widens access | PUBLIC | gains create on public; PUBLIC is every role there is"]],
  ["wms-prod-schema", { dropCascade: true }, ["blocks", "blocks | schema wms_prod | has dropCascade, so that dropping it drops what depends on it, tables too: set dropCascade to false (no-cascade-in-prod)"]],
  ["wms-prod-schema", { dropCascade: LATER }, ["interrupts", "interrupts | schema wms_prod | has a setting that is known at deploy alone (dropCascade off → known at deploy)"]],
  ["wms-prod-schema", { owner: "wms_prod_owner" }, ["widens access", "widens access | schema wms_prod | may be dropped, or created in, by others than before (owner unset → wms_prod_owner)"]],
  ["wms-prod-schema", { name: "wms2_prod" }, ["interrupts", "interrupts | schema wms2_prod | is renamed: apps that name the old one fail (name wms_prod → wms2_prod)"]],
  // The rest.
  ["admin", { host: "other" }, ["interrupts", "interrupts | provider admin | leads the deployment to another server, or by another way (host ecomos-prod.c0ffee.us-east-1.rds.amazonaws.com → other)"]],
  ["admin", { password: "another" }, ["safe"]],
  ["alarms-cpu", { actionsEnabled: false }, ["interrupts", "interrupts | alarm portal-db-cpu | tells others, or nobody, from now on (actionsEnabled unset → off)"]],
  ["alarms-cpu", { threshold: 90 }, ["interrupts", "interrupts | alarm portal-db-cpu | goes off at another time than before, or never (threshold 80 → 90)"]],
  ["alarms-cpu", { evaluationPeriods: 9 }, ["interrupts", expect.stringContaining("goes off at another time than before, or never (evaluationPeriods ")]],
  ["alarms-cpu", { insufficientDataActions: ["arn:other"] }, ["interrupts", "interrupts | alarm portal-db-cpu | tells others, or nobody, from now on (insufficientDataActions unset → arn:other)"]],
  ["alarms-cpu", { alarmDescription: "another" }, ["safe"]],
  ["alarms-storage-days", { metricQueries: [{ id: "watched", expression: "metric", returnData: true }] }, ["interrupts", "interrupts | alarm portal-db-storage-days | goes off at another time than before, or never (metricQueries id metric, metric dimensions DBInstanceIdentifier ecomos-prod, metricName FreeStorageSpace, namespace AWS/RDS, period 86400, stat Average, expression metric + 4 * DIFF(metric), id watched, returnData on → id watched, expression metric, returnData on)"]],
  ["alarms-slot-lag", { treatMissingData: "ignore" }, ["interrupts", "interrupts | alarm portal-db-slot-lag | goes off at another time than before, or never (treatMissingData notBreaching → ignore)"]],
  ["alarms-events", { eventCategories: ["failure"] }, ["interrupts", `interrupts | ${EVENTS} | tells of less than before (eventCategories ${CATEGORIES} → failure)`]],
  ["alarms-events", { eventCategories: [...CATEGORIES.split(", "), "backup"] }, ["safe"]],
  ["alarms-events", { eventCategories: undefined }, ["safe"]],
  ["alarms-events", { sourceIds: ["another"] }, ["interrupts", `interrupts | ${EVENTS} | tells of less than before (sourceIds ecomos-prod → another)`]],
  ["alarms-events", { enabled: false }, ["interrupts", `interrupts | ${EVENTS} | tells of nothing any more (enabled unset → off)`]],
  ["alarms-events", { snsTopic: "arn:other" }, ["interrupts", `interrupts | ${EVENTS} | tells others, or nobody, from now on (snsTopic arn:aws:sns:us-east-1:123456789012:portal-db-alarms → arn:other)`]],
  ["alarms-topic-policy", { policy: '{"Statement":[]}' }, ["interrupts", expect.stringMatching(/^interrupts \| alarm topic policy alarms-topic-policy \| lets others send to the topic, or nobody: read the policy \(policy .* → \{"Statement":\[\]\}\)$/)]],
  ["alarms-topic-policy", { policy: '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish"}]}' }, ["interrupts", "interrupts | alarm topic policy alarms-topic-policy | lets in *: a topic takes messages of AWS services alone; people have IAM policies (alarms-arrive)", expect.stringContaining("lets others send to the topic")]],
  ["alarms-topic", { kmsMasterKeyId: "alias/aws/sns" }, ["interrupts", "interrupts | alarm topic portal-db-alarms | is encrypted, and RDS sends no events to it without a right on the key: leave kmsMasterKeyId out (alarms-arrive)", "interrupts | alarm topic portal-db-alarms | tells others, or nobody, from now on (kmsMasterKeyId unset → alias/aws/sns)"]],
  ["alarms-dashboard", { dashboardBody: "{}" }, ["safe"]],
];

test.each(CHANGES)("of %s to %j", (name, inputs, findings) => {
  expect(findingsOf(judge(previewBetween(prod, prod.with(name, inputs))))).toEqual(findings);
});

test("a stack that is deployed already gets the project's parameters and log groups, with nothing to decide", () => {
  const deployed = prod.with("instance-parameters", {
    parameters: [{ name: "rds.force_ssl", value: "1", applyMethod: "immediate" }],
  });
  const { groups, resources } = judge(previewBetween(deployed, prod));
  expect(groups.map(({ risk, findings, headline }) => [risk, findings, plainOf(headline)])).toEqual([
    [
      "safe",
      [],
      "instance: parameter group ecomos-prod-postgres17: rds.force_ssl on (immediate) → on (pending-reboot), as it is already; " +
        "idle_session_timeout unset → 1 d, at once; " +
        "log_autovacuum_min_duration unset → 5 s, at once; log_connections unset → on, at once; " +
        "log_disconnections unset → on, at once; log_lock_waits unset → on, at once; " +
        "log_min_duration_statement unset → 1 s, at once; log_parameter_max_length unset → 0, at once; " +
        "log_parameter_max_length_on_error unset → 0, at once; log_temp_files unset → 10 MB, at once; " +
        "temp_file_limit unset → 10 GB, at once; track_io_timing unset → on, with the next reboot",
    ],
  ]);
  expect(resources.map(({ risk }) => risk)).toEqual(["safe"]);
});

test("a bound of temporary files that waited for a reboot holds with the deploy, and nothing is to decide", () => {
  const deployed = prod.with("instance-parameters", set({ temp_file_limit: ["10485760", "pending-reboot"] }));
  const { groups } = judge(previewBetween(deployed, prod));
  expect(groups.map(({ risk, findings, headline }) => [risk, findings, plainOf(headline)])).toEqual([
    [
      "safe",
      [],
      "instance: parameter group ecomos-prod-postgres17: temp_file_limit 10 GB (pending-reboot) → 10 GB (immediate), at once",
    ],
  ]);
});

test("an unchanged program is safe", () => {
  expect(findingsOf(judge(previewBetween(prod, prod.with("instance", {}))))).toEqual(["safe"]);
});

test("protection taken from whatever prod declares protected blocks, though the engine calls it the same", async () => {
  const whole = await StackProgram.of("prod", { ...TWO_APPS, extensions: ["pgcrypto"] });
  const isHeld = ([, { custom, protect }]: readonly [string, { custom: boolean; protect?: boolean }]) =>
    custom && protect === true;
  const held = [...whole.states].filter(isHeld).map(([name]) => name);
  expect(held).toEqual(
    expect.arrayContaining([
      "instance",
      "deployers-database",
      "database-extension-pgcrypto",
      "wms-prod-schema",
    ]),
  );
  for (const name of held) {
    const after = whole.with(name, {}, { protect: false });
    expect([name, ...findingsOf(judge(previewBetween(whole, after)))]).toEqual([
      name,
      "blocks",
      expect.stringMatching(/^blocks \| .* \| is not protected; .* \(protected-in-prod\)$/),
    ]);
  }
});
