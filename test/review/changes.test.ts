import { DATABASE_READY } from "../../infra/database/access";
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
const KEY = "key Secrets of the stack prod of portal-db";
const OWN = "give a role what is its own app's, or declare it in access.ts";
const form = (differences: string, what = LOGIN) =>
  `blocks | ${what} | has ${differences}: declare it as access.ts does (role-as-declared)`;
const power = (attribute: string) => [
  "blocks",
  `blocks | ${LOGIN} | has ${attribute}, which reaches past its schema: take it away (no-powerful-role)`,
  `widens access | ${LOGIN} | what the role may do beyond its schema changes`,
];
const open = (cidr: string, ...keys: readonly string[]) => [
  "blocks",
  `blocks | ${RULE} | lets in ${cidr}: name a network of /8 or narrower, or a security group (no-open-ingress)`,
  ...keys.map((key) => `widens access | ${RULE} | ${key}: a network or a group reaches the instance`),
];

// biome-ignore format: one change a line, as far as it goes
const CHANGES: readonly Change[] = [
  // Logins.
  ["wms-prod-login", { superuser: true }, [...power("superuser"), "widens access | portal_wms | gains use, create, read, write, own on auth_prod", "widens access | portal_wms | gains use, create, read, write, own on extensions", "widens access | portal_wms | gains use, create, read, write, own on public", "widens access | portal_wms | gains use, create, read, write, own on wms_prod"]],
  ["wms-prod-login", { createRole: true }, power("createRole")],
  ["wms-prod-login", { createDatabase: true }, power("createDatabase")],
  ["wms-prod-login", { bypassRowLevelSecurity: true }, power("bypassRowLevelSecurity")],
  ["wms-prod-login", { replication: true }, power("replication")],
  ["wms-prod-login", { inherit: true }, ["blocks", form("inherit true instead of false"), `blocks | ${LOGIN} | whether a session has its owner's rights without acting as the owner`, "widens access | portal_wms | gains use, create, read, write, own on wms_prod"]],
  ["wms-prod-login", { inherit: true, assumeRole: undefined }, ["blocks", `blocks | ${LOGIN} | whether a session has its owner's rights without acting as the owner`, `interrupts | ${LOGIN} | acts under another role's name from its next login on: what it makes belongs to that one`, "widens access | portal_wms | gains use, create, read, write, own on wms_prod"]],
  ["wms-prod-login", { roles: ["wms_prod_owner", "auth_prod_owner"] }, ["blocks", `blocks | ${LOGIN} | gives portal_wms membership in the role auth_prod_owner, which is auth's in prod: ${OWN} (own-roles-alone)`, `widens access | ${LOGIN} | portal_wms gets membership in auth_prod_owner`]],
  ["wms-prod-login", { roles: [] }, ["blocks", `blocks | ${LOGIN} | portal_wms loses membership in wms_prod_owner`]],
  ["wms-prod-login", { roles: ["wms_prod_owner", "pg_read_all_data"] }, ["blocks", `blocks | ${LOGIN} | has membership in pg_read_all_data, which reaches past its schema: take it away (no-powerful-role)`, `widens access | ${LOGIN} | portal_wms gets membership in pg_read_all_data`]],
  ["wms-prod-login", { assumeRole: undefined }, ["blocks", form("assumeRole none instead of wms_prod_owner"), `interrupts | ${LOGIN} | acts under another role's name from its next login on: what it makes belongs to that one`]],
  ["wms-prod-login", { assumeRole: "auth_prod_owner" }, ["blocks", `blocks | ${LOGIN} | gives portal_wms assumeRole in the role auth_prod_owner, which is auth's in prod: ${OWN} (own-roles-alone)`, form("assumeRole auth_prod_owner instead of wms_prod_owner"), `interrupts | ${LOGIN} | acts under another role's name from its next login on: what it makes belongs to that one`, `widens access | ${LOGIN} | is named 'portal_wms', but its owner role belongs to 'portal_auth': rename one of them (login-fits-owner)`]],
  ["wms-prod-login", { searchPaths: ["auth_prod"] }, ["blocks", form("searchPaths auth_prod instead of wms_prod"), `interrupts | ${LOGIN} | unqualified table names are looked for elsewhere`]],
  ["wms-prod-login", { password: "another" }, ["interrupts", `interrupts | ${LOGIN} | the password in use changes: who still has the old one is locked out`]],
  ["wms-prod-login", { login: false }, ["blocks", "blocks | role portal_wms | cannot log in: set login to true (login-can-connect)", "interrupts | role portal_wms | the login cannot log in any more"]],
  ["wms-prod-owner", { login: true }, ["blocks", form("login true instead of false", "login wms_prod_owner"), "widens access | login wms_prod_owner | a role that could not log in now can"]],
  ["wms-prod-login", { connectionLimit: 20 }, ["safe"]],
  ["wms-prod-login", { validUntil: "2020-01-01" }, ["blocks", `blocks | ${LOGIN} | is over, by its end '2020-01-01': leave validUntil out (login-can-connect)`, `interrupts | ${LOGIN} | sessions that worked may be refused or cancelled`]],
  ["wms-prod-login-connect", { privileges: [] }, ["blocks", "blocks | portal_wms | loses connect on the database"]],
  ["wms-prod-owner-schema", { privileges: ["CREATE"] }, ["blocks", "blocks | wms_prod_owner | loses use, read, write on wms_prod"]],
  [DATABASE_READY, { privileges: [] }, ["blocks", "blocks | PUBLIC | loses use on extensions; PUBLIC is every role there is"]],
  ["wms-prod-reader-schema", { privileges: [] }, ["narrows access", "narrows access | wms_prod_reader | loses use, read on wms_prod"]],
  ["wms-prod-login", { connectionLimit: 0 }, ["blocks", `blocks | ${LOGIN} | may hold no connection: set connectionLimit to 1 or more (login-can-connect)`, `interrupts | ${LOGIN} | how many connections the login may hold; those above it are refused`]],
  ["wms-prod-login", { aNewAttribute: 1 }, ["interrupts", `interrupts | ${LOGIN} | aNewAttribute: an attribute that this table does not know: look at it`]],
  // The instance.
  ["instance", { publiclyAccessible: true }, ["blocks", `blocks | ${INSTANCE} | has publiclyAccessible on: set it to false (not-public)`]],
  ["instance", { deletionProtection: false }, ["blocks", `blocks | ${INSTANCE} | has deletionProtection off: set it to true (deletion-protection)`]],
  ["instance", { deletionProtection: undefined }, ["blocks", `blocks | ${INSTANCE} | has deletionProtection off: set it to true (deletion-protection)`]],
  ["instance", { storageEncrypted: false }, ["blocks", `blocks | ${INSTANCE} | has storageEncrypted off: set it to true (storage-encrypted)`]],
  ["instance", { backupRetentionPeriod: 0 }, ["blocks", `blocks | ${INSTANCE} | keeps no backups: set backupRetentionPeriod to 1 day or more (backups-retained)`, `interrupts | ${INSTANCE} | days of backups; older ones are deleted`]],
  ["instance", { backupRetentionPeriod: 3 }, ["interrupts", `interrupts | ${INSTANCE} | days of backups; older ones are deleted`]],
  ["instance", { backupRetentionPeriod: 35 }, ["safe"]],
  ["instance", { skipFinalSnapshot: true }, ["blocks", `blocks | ${INSTANCE} | leaves no snapshot when it is deleted: set skipFinalSnapshot to false (final-snapshot)`]],
  ["instance", { applyImmediately: true }, ["interrupts", `interrupts | ${INSTANCE} | applyImmediately: may restart the instance: look at it`]],
  ["instance", { instanceClass: "db.m7g.large" }, ["interrupts", `interrupts | ${INSTANCE} | the instance restarts with another class`]],
  ["instance", { engineVersion: "18" }, ["interrupts", `interrupts | ${INSTANCE} | another engine version: the instance is down while it is upgraded`]],
  ["instance", { password: "another" }, ["interrupts", `interrupts | ${INSTANCE} | the admin's password changes`]],
  ["instance", { allocatedStorage: 100 }, ["safe"]],
  ["instance", { multiAz: false }, ["interrupts", `interrupts | ${INSTANCE} | the standby comes or goes: without it a failure is an outage`]],
  ["instance", { vpcSecurityGroupIds: ["sg-1"] }, ["widens access", `widens access | ${INSTANCE} | who can reach the instance changes: look at it`]],
  ["instance-parameters", { parameters: [{ name: "rds.force_ssl", value: "0" }] }, ["blocks", "blocks | parameter group ecomos-prod-postgres17 | lets clients connect without TLS: set rds.force_ssl to 1 (force-ssl)", "interrupts | parameter group ecomos-prod-postgres17 | parameters: parameters of the server change, some with a reboot"]],
  // The network.
  ["instance-network-ingress-apps", { cidrIpv4: "0.0.0.0/0" }, open("0.0.0.0/0", "cidrIpv4")],
  ["instance-network-ingress-apps", { cidrIpv4: undefined, cidrIpv6: "::/0" }, open("::/0", "cidrIpv4", "cidrIpv6")],
  ["instance-network-ingress-apps", { cidrIpv4: undefined, prefixListId: "pl-1" }, ["widens access", `widens access | ${RULE} | cidrIpv4: a network or a group reaches the instance`, `widens access | ${RULE} | prefixListId: a network or a group reaches the instance`]],
  ["instance-network-security-group", { ingress: [{ cidrBlocks: ["0.0.0.0/0"] }] }, ["blocks", "blocks | security group ecomos-prod-postgres | lets in 0.0.0.0/0: name a network of /8 or narrower, or a security group (no-open-ingress)", "widens access | security group ecomos-prod-postgres | ingress: who can reach the instance changes: look at it"]],
  // Secrets and keys.
  ["wms-prod-secret", { recoveryWindowInDays: 0 }, ["blocks", `blocks | ${SECRET} | cannot be restored once it is deleted: set recoveryWindowInDays to 7 days or more (recoverable-in-prod)`, `interrupts | ${SECRET} | days in which a deletion can be taken back`]],
  ["wms-prod-secret", { recoveryWindowInDays: 7 }, ["interrupts", `interrupts | ${SECRET} | days in which a deletion can be taken back`]],
  ["wms-prod-secret", { kmsKeyId: "arn:other" }, ["widens access", `widens access | ${SECRET} | who may decrypt the secret changes with its key`]],
  ["wms-prod-secret", { policy: "{}" }, ["widens access", `widens access | ${SECRET} | who may read what it protects changes: read the policy`]],
  ["wms-prod-secret", { replicas: [{ region: "eu-west-1" }] }, ["widens access", `widens access | ${SECRET} | has copies in other regions: leave replicas out (secret-in-one-region)`, `widens access | ${SECRET} | the secret stands in other regions, too`]],
  ["wms-prod-secret", { aNewProperty: 1 }, ["interrupts", `interrupts | ${SECRET} | aNewProperty: a property that this table does not know: look at it`]],
  ["wms-prod-secret-value", { secretString: "another" }, ["safe"]],
  ["admin-secret", { kmsKeyId: undefined }, ["widens access", "widens access | secret portal-db/admin | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)", "widens access | secret portal-db/admin | who may decrypt the secret changes with its key"]],
  ["secrets-key", { isEnabled: false }, ["blocks", `blocks | ${KEY} | switches a key on or off: what it encrypts cannot be read while it is off`]],
  ["secrets-key", { policy: "{}" }, ["widens access", `widens access | ${KEY} | who may read what it protects changes: read the policy`]],
  ["secrets-key", { bypassPolicyLockoutSafetyCheck: true }, ["blocks", `blocks | ${KEY} | switches off AWS's check that its account keeps the key: leave bypassPolicyLockoutSafetyCheck out (key-of-its-account)`, `interrupts | ${KEY} | bypassPolicyLockoutSafetyCheck: a property that this table does not know: look at it`]],
  ["wms-prod-secret-read", { policy: '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}' }, ["blocks", "blocks | read policy portal-db-prod-wms-read | allows *, on *: it may read its app's own secret, and nothing else (reads-named-secrets)", "widens access | read policy portal-db-prod-wms-read | policy: what it allows changes: read the policy"]],
  ["instance-monitoring-policy", { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }, ["blocks", "blocks | policy attachment instance-monitoring-policy | attaches arn:aws:iam::aws:policy/AdministratorAccess: attach an app's own read policy, or write down in policy/iam.ts what it allows (attaches-own-policies)", "widens access | policy attachment instance-monitoring-policy | policyArn: somebody may do something in the account: read the policy"]],
  // Grants and schemas.
  ["wms-prod-reader-tables", { privileges: ["SELECT", "INSERT"] }, ["widens access", "widens access | wms_prod_reader | gains write on wms_prod"]],
  ["wms-prod-owner-schema", { withGrantOption: true }, ["blocks", `blocks | grant wms-prod-owner-schema | gives ${["USAGE", "CREATE"].map((right) => `wms_prod_owner ${right} with the right to pass it on on the schema wms_prod, which is wms's in prod`).join("; ")}: ${OWN} (own-schemas-alone)`, "widens access | grant wms-prod-owner-schema | wms_prod_owner gets USAGE on schema in wms_prod with grant option, CREATE on schema in wms_prod with grant option"]],
  ["database-public-schema", { privileges: ["USAGE", "CREATE"] }, ["blocks", "blocks | grant database-public-schema | grants CREATE to PUBLIC, which is every role: grant to a role of the app (no-grant-to-public)", "widens access | PUBLIC | gains create on public; PUBLIC is every role there is"]],
  ["wms-prod-schema", { dropCascade: true }, ["blocks", "blocks | schema wms_prod | has dropCascade, so that dropping it drops what depends on it, tables too: set dropCascade to false (no-cascade-in-prod)"]],
  ["wms-prod-schema", { owner: "wms_prod_owner" }, ["widens access", "widens access | schema wms_prod | who may drop the schema or create in it changes"]],
  ["wms-prod-schema", { name: "wms2_prod" }, ["interrupts", "interrupts | schema wms2_prod | the schema is renamed: apps that name the old one fail"]],
  // The rest.
  ["admin", { host: "other" }, ["interrupts", "interrupts | provider admin | host: the deployment reaches another server, or in another way: look at it"]],
  ["admin", { password: "another" }, ["safe"]],
  ["alarms-cpu", { actionsEnabled: false }, ["interrupts", "interrupts | alarm portal-db-cpu | who is told changes: look at it"]],
  ["alarms-cpu", { threshold: 90 }, ["safe"]],
];

test.each(CHANGES)("of %s to %j", (name, inputs, findings) => {
  expect(findingsOf(judge(previewBetween(prod, prod.with(name, inputs))))).toEqual(findings);
});

test("an unchanged program is safe", () => {
  expect(findingsOf(judge(previewBetween(prod, prod.with("instance", {}))))).toEqual(["safe"]);
});

test.each([
  "instance",
  "instance-key",
  "secrets-key",
  "wms-prod-schema",
  "wms-prod-owner",
  "wms-prod-login",
  "wms-prod-secret",
])("protection taken from %s blocks, though the engine calls it the same", (name) => {
  const [verdict, ...findings] = findingsOf(
    judge(previewBetween(prod, prod.with(name, {}, { protect: false }))),
  );
  expect(verdict).toBe("blocks");
  expect(findings).toEqual([
    expect.stringMatching(/^blocks \| .* \| is not protected; .* \(protected-in-prod\)$/),
  ]);
});
