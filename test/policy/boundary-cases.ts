import { readSecretPolicy } from "../../infra/app/secret-policy";
import { databaseRows } from "../../policy/own";
import { TAGS, UNKNOWN_LIST, UNKNOWN_TEXT } from "./verdict";

type Inputs = Readonly<Record<string, unknown>>;

/** What crosses a boundary, and its legal twin: the rule, the stack, the type, what both declare, and what each adds. */
export type BoundaryCase = readonly [
  rule: string,
  stack: string,
  type: string,
  common: Inputs,
  crossing: Inputs,
  legal: Inputs,
];

const ROLE = "postgresql:index/role:Role";
const GRANT_ROLE = "postgresql:index/grantRole:GrantRole";
const GRANT = "postgresql:index/grant:Grant";
const DEFAULTS = "postgresql:index/defaultPrivileges:DefaultPrivileges";
const SCHEMA = "postgresql:index/schema:Schema";
const DATABASE = "postgresql:index/database:Database";
const FUNCTION = "postgresql:index/function:Function";
const EXTENSION = "postgresql:index/extension:Extension";
const SECRET = "aws:secretsmanager/secret:Secret";
const SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy";
const KEY = "aws:kms/key:Key";
const KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy";
const KEY_GRANT = "aws:kms/grant:Grant";
const POLICY = "aws:iam/policy:Policy";
const IAM_ROLE = "aws:iam/role:Role";

const ACCOUNT = "123456789012";
const KEY_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:key/0a1b`;
const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${name}-AbCdEf`;
const WMS = secretArn("portal-db/prod/wms");
const ADMIN = secretArn("portal-db/admin");

const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const reads = (arn: string) => JSON.stringify(readSecretPolicy(arn, KEY_ARN));
const allows = (statement: object) => document({ Effect: "Allow", ...statement });
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
const opens = (Principal: unknown) => allows({ Principal, Action: "kms:*", Resource: "*" });
const trusts = (Principal: unknown) => allows({ Principal, Action: "sts:AssumeRole" });
const DENY = document({ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" });

const APP_TAGS = { ...TAGS, app: "wms", environment: "prod" };
const LOGIN = { name: "portal_wms", login: true, roles: ["wms_prod_owner"], assumeRole: "wms_prod_owner" };
const DEV_LOGIN = { name: "portal_wms_dev", login: true, assumeRole: "wms_dev_owner" };
const WMS_SCHEMA = { name: "wms_prod" };
const ON_WMS = { role: "wms_prod_reader", schema: "wms_prod", objectType: "table", privileges: ["SELECT"] };
const ON_DATABASE = { objectType: "database", database: "portal_db" };
const LATER = { owner: "wms_prod_owner", role: "wms_prod_reader", schema: "wms_prod", objectType: "table" };
const SELECT = { privileges: ["SELECT"] };
const READ_POLICY = { name: "portal-db-prod-wms-read", tags: APP_TAGS };
const WMS_SECRET = {
  name: "portal-db/prod/wms",
  kmsKeyId: KEY_ARN,
  recoveryWindowInDays: 30,
  tags: APP_TAGS,
};
const TRUST = { assumeRolePolicy: trusts({ Service: "ec2.amazonaws.com" }), tags: TAGS };
const BODY = { name: "total", language: "sql", returns: "int", body: "SELECT 1" };
const ofSecret = (arn: string) => ({ constraints: [{ encryptionContextEquals: { SecretARN: arn } }] });
const GRANTEE = { granteePrincipal: `arn:aws:iam::${ACCOUNT}:role/wms`, operations: ["Decrypt"] };

/** What the rows of the whole database declare of a type. */
const declared = (type: string, at = 0): Inputs =>
  databaseRows().filter((row) => row.type === type)[at]?.inputs ?? {};

const inline = (type: string): BoundaryCase[] => [
  ["reads-named-secrets", "prod", type, {}, { policy: reads(ADMIN) }, { policy: reads(WMS) }],
  ["reads-named-secrets", "prod", type, {}, { policy: UNKNOWN_TEXT }, { policy: DENY }],
];

const MONITORING = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole";
const attached = (type: string): BoundaryCase[] => [
  [
    "attaches-own-policies",
    "prod",
    type,
    {},
    { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    { policyArn: MONITORING },
  ],
  [
    "attaches-own-policies",
    "prod",
    type,
    {},
    { policyArn: UNKNOWN_TEXT },
    { policyArn: `arn:aws:iam::${ACCOUNT}:policy/portal-db-prod-wms-read` },
  ],
];

/** The one list of what crosses: the pack and the review are both held against it. */
// biome-ignore format: one case a line
export const BOUNDARY_CASES: readonly BoundaryCase[] = [
  // Roles.
  ["own-roles-alone", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "auth_prod_owner"] }, {}],
  ["own-roles-alone", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "portal_db_owner"] }, {}],
  ["own-roles-alone", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "portal_auth"] }, {}],
  ["own-roles-alone", "prod", ROLE, LOGIN, { roles: UNKNOWN_LIST }, { roles: ["wms_prod_owner", ""] }],
  ["own-roles-alone", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "reporting"] }, { roles: ["wms_prod_owner", "rds_iam"] }],
  ["own-roles-alone", "prod", ROLE, { name: "auth_prod_owner" }, { assumeRole: "wms_prod_owner" }, {}],
  ["own-roles-alone", "dev", ROLE, DEV_LOGIN, { roles: ["wms_ci_owner"] }, { roles: ["wms_dev_owner"] }],
  ["own-roles-alone", "dev", ROLE, DEV_LOGIN, { roles: ["wms_prod_owner"] }, { roles: ["wms_dev_owner"] }],
  ["own-roles-alone", "pr-42", ROLE, { name: "wms_pr_42_reader" }, { roles: ["wms_dev_owner"] }, { roles: [] }],
  ["own-roles-alone", "prod", ROLE, declared(ROLE, 1), { roles: ["portal_db_owner", "wms_prod_owner"] }, {}],
  ["own-roles-alone", "prod", GRANT_ROLE, { role: "portal_wms" }, { grantRole: "auth_prod_owner" }, { grantRole: "wms_prod_owner" }],
  ["own-roles-alone", "prod", GRANT_ROLE, { grantRole: "wms_prod_owner" }, { role: "portal_auth" }, { role: "portal_wms" }],
  ["own-roles-alone", "prod", GRANT_ROLE, { role: "portal_wms", grantRole: "wms_prod_owner" }, { withAdminOption: true }, {}],
  ["own-roles-alone", "prod", GRANT_ROLE, { grantRole: "portal_wms", withAdminOption: true }, { role: "portal_db_dev_admin" }, { role: "portal_db_admin" }],
  ["own-roles-alone", "prod", GRANT_ROLE, { grantRole: "portal_wms_dev", withAdminOption: true }, { role: "portal_db_admin" }, { role: "portal_db_dev_admin" }],
  ["own-schemas-alone", "prod", GRANT, { role: "portal_wms_dev", ...ON_DATABASE }, { privileges: ["CONNECT", "CREATE"] }, { privileges: ["CONNECT"] }],
  ["own-roles-alone", "dev", GRANT_ROLE, { role: "portal_wms_dev" }, { grantRole: UNKNOWN_TEXT }, { grantRole: "wms_dev_owner" }],
  ["no-powerful-role", "prod", ROLE, LOGIN, { createRole: true }, {}],
  ["no-powerful-role", "prod", ROLE, LOGIN, { superuser: true }, { superuser: false }],
  ["no-powerful-role", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "pg_read_all_data"] }, {}],
  ["no-powerful-role", "prod", ROLE, declared(ROLE, 1), { bypassRowLevelSecurity: true }, {}],
  ["no-powerful-role", "dev", GRANT_ROLE, { role: "portal_wms_dev" }, { grantRole: "rds_superuser" }, { grantRole: "wms_dev_owner" }],
  // Schemas, what is in them, and the database.
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { role: "auth_prod_owner" }, {}],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { schema: "auth_prod" }, {}],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { withGrantOption: true }, {}],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { role: UNKNOWN_TEXT }, {}],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { schema: UNKNOWN_TEXT }, {}],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { database: "postgres" }, { database: "portal_db" }],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { schema: "pg_catalog" }, {}],
  ["own-schemas-alone", "prod", GRANT, { ...ON_WMS, objectType: "sequence" }, { role: "reporting" }, {}],
  ["own-schemas-alone", "prod", GRANT, { ...ON_WMS, objectType: "function", privileges: ["EXECUTE"] }, { schema: "extensions" }, {}],
  ["own-schemas-alone", "prod", GRANT, { ...ON_WMS, objectType: "column", objects: ["orders"], columns: ["id"] }, { schema: "auth_prod" }, {}],
  ["own-schemas-alone", "prod", GRANT, { role: "wms_prod_owner", objectType: "schema", privileges: ["USAGE", "CREATE"] }, { schema: "public" }, { schema: "wms_prod" }],
  ["own-schemas-alone", "prod", GRANT, { role: "wms_prod_owner", privileges: ["USAGE"] }, { objectType: "foreign_server", objects: ["other"] }, { objectType: "schema", schema: "wms_prod" }],
  ["own-schemas-alone", "dev", GRANT, { role: "wms_dev_owner", objectType: "schema", privileges: ["USAGE"] }, { schema: "wms_prod" }, { schema: "wms_dev" }],
  ["own-schemas-alone", "dev", GRANT, { objectType: "schema", schema: "wms_dev" }, { role: "wms_prod_owner", privileges: [] }, { role: "wms_ci_owner", privileges: [] }],
  ["own-schemas-alone", "pr-42", GRANT, { role: "wms_pr_42_owner", objectType: "schema", privileges: ["USAGE"] }, { schema: "wms_pr_43" }, { schema: "wms_pr_42" }],
  ["own-schemas-alone", "prod", GRANT, { role: "portal_wms", ...ON_DATABASE }, { privileges: ["CREATE"] }, { privileges: ["CONNECT"] }],
  ["own-schemas-alone", "prod", GRANT, { role: "portal_wms", objectType: "database", privileges: ["CONNECT"] }, { database: "postgres" }, { database: "portal_db" }],
  ["own-schemas-alone", "prod", GRANT, { role: "portal_wms", ...ON_DATABASE }, { privileges: UNKNOWN_LIST }, { privileges: ["CONNECT"] }],
  ["own-schemas-alone", "prod", DEFAULTS, { ...LATER, ...SELECT }, { role: "auth_prod_reader" }, {}],
  ["own-schemas-alone", "prod", DEFAULTS, { ...LATER, ...SELECT }, { owner: "auth_prod_owner" }, {}],
  ["own-schemas-alone", "prod", DEFAULTS, { ...LATER, ...SELECT }, { owner: "portal_db_admin" }, {}],
  ["own-schemas-alone", "prod", DEFAULTS, { ...LATER, ...SELECT }, { schema: "auth_prod" }, {}],
  ["own-schemas-alone", "prod", DEFAULTS, { ...LATER, ...SELECT }, { withGrantOption: true }, {}],
  ["own-schemas-alone", "prod", SCHEMA, WMS_SCHEMA, { owner: "auth_prod_owner" }, {}],
  ["own-schemas-alone", "prod", SCHEMA, WMS_SCHEMA, { owner: "portal_db_owner" }, {}],
  ["own-schemas-alone", "prod", SCHEMA, WMS_SCHEMA, { policies: [{ role: "auth_prod_owner", usage: true }] }, { policies: [{ role: "wms_prod_owner", usage: true }] }],
  ["own-schemas-alone", "prod", SCHEMA, WMS_SCHEMA, { policies: [{ role: "wms_prod_owner", createWithGrant: true }] }, {}],
  ["own-schemas-alone", "prod", SCHEMA, WMS_SCHEMA, { policies: UNKNOWN_LIST }, {}],
  ["own-schemas-alone", "prod", DATABASE, declared(DATABASE), { owner: "wms_prod_owner" }, {}],
  ["own-schemas-alone", "prod", DATABASE, declared(DATABASE), { owner: "portal_db_dev_admin" }, {}],
  ["own-schemas-alone", "prod", DATABASE, declared(DATABASE), { name: "reporting" }, {}],
  ["no-grant-to-public", "prod", GRANT, { role: "public", ...ON_DATABASE }, { privileges: ["CONNECT"] }, { privileges: [] }],
  ["no-grant-to-public", "prod", GRANT, { role: "PUBLIC", objectType: "schema", privileges: ["USAGE"] }, { schema: "wms_prod" }, { schema: "extensions" }],
  ["no-grant-to-public", "dev", GRANT, { role: "public", objectType: "schema" }, { schema: "extensions", privileges: ["USAGE"] }, { schema: "wms_dev", privileges: [] }],
  ["no-grant-to-public", "dev", GRANT, { role: "public", objectType: "schema", privileges: [] }, { schema: "extensions" }, { schema: "wms_dev" }],
  ["no-grant-to-public", "prod", DEFAULTS, { ...LATER, role: "public" }, SELECT, { privileges: [] }],
  ["no-grant-to-public", "prod", SCHEMA, WMS_SCHEMA, { policies: [{ usage: true }] }, { policies: [{ role: "wms_prod_owner", usage: true }] }],
  ["names-fit-stack", "dev", SCHEMA, {}, { name: "wms_prod" }, { name: "wms_dev" }],
  ["names-fit-stack", "dev", ROLE, {}, { name: "portal_db_owner" }, { name: "wms_dev_owner" }],
  ["names-fit-stack", "prod", ROLE, {}, { name: UNKNOWN_TEXT }, { name: "wms_prod_reader" }],
  ["names-fit-stack", "prod", SECRET, WMS_SECRET, { name: "portal-db/dev/wms" }, {}],
  ["names-fit-stack", "prod", POLICY, { tags: APP_TAGS, policy: reads(WMS) }, { name: "portal-db-dev-wms-read" }, { name: "portal-db-prod-wms-read" }],
  ["no-foreign-function", "prod", FUNCTION, { ...BODY, schema: "wms_prod" }, { securityDefiner: true }, { securityDefiner: false }],
  ["no-foreign-function", "prod", FUNCTION, BODY, { schema: "extensions" }, { schema: "wms_prod" }],
  ["no-foreign-function", "prod", FUNCTION, BODY, { schema: "public" }, { schema: "wms_prod" }],
  ["no-foreign-function", "prod", FUNCTION, BODY, {}, { schema: "wms_prod" }],
  ["no-foreign-function", "dev", FUNCTION, BODY, { schema: "wms_prod" }, { schema: "wms_dev" }],
  ["no-foreign-function", "dev", FUNCTION, BODY, { schema: UNKNOWN_TEXT }, { schema: "wms_dev" }],
  ["trusted-extensions", "prod", EXTENSION, { schema: "extensions" }, { name: "dblink" }, { name: "pgcrypto" }],
  ["trusted-extensions", "prod", EXTENSION, { schema: "extensions" }, { name: "postgres_fdw" }, { name: "uuid-ossp" }],
  ["trusted-extensions", "prod", EXTENSION, { schema: "extensions" }, { name: UNKNOWN_TEXT }, { name: "citext" }],
  // Secrets, keys and who reads them.
  ["reads-named-secrets", "prod", POLICY, READ_POLICY, { policy: reads(ADMIN) }, { policy: reads(WMS) }],
  ["reads-named-secrets", "prod", POLICY, READ_POLICY, { policy: reads(secretArn("portal-db/prod/auth")) }, { policy: reads(WMS) }],
  ["reads-named-secrets", "prod", POLICY, READ_POLICY, { policy: reads(secretArn("portal-db/dev/wms")) }, { policy: DENY }],
  ["reads-named-secrets", "prod", POLICY, READ_POLICY, { policy: allows({ Action: "*", Resource: "*" }) }, { policy: reads(WMS) }],
  ["reads-named-secrets", "prod", POLICY, READ_POLICY, { policy: allows({ Action: "kms:Decrypt", Resource: KEY_ARN }) }, { policy: reads(WMS) }],
  ["reads-named-secrets", "prod", POLICY, { tags: APP_TAGS }, { name: "portal-db-prod-reports", policy: UNKNOWN_TEXT }, { name: "portal-db-prod-wms-read", policy: reads(WMS) }],
  ...inline("aws:iam/rolePolicy:RolePolicy"),
  ...inline("aws:iam/userPolicy:UserPolicy"),
  ...inline("aws:iam/groupPolicy:GroupPolicy"),
  ["reads-named-secrets", "prod", IAM_ROLE, TRUST, { inlinePolicies: [{ policy: reads(ADMIN) }] }, { inlinePolicies: [{ policy: reads(WMS) }] }],
  ["reads-named-secrets", "prod", IAM_ROLE, TRUST, { inlinePolicies: UNKNOWN_LIST }, { inlinePolicies: [] }],
  ["attaches-own-policies", "prod", IAM_ROLE, TRUST, { managedPolicyArns: ["arn:aws:iam::aws:policy/SecretsManagerReadWrite"] }, { managedPolicyArns: [MONITORING] }],
  ...attached("aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
  ...attached("aws:iam/userPolicyAttachment:UserPolicyAttachment"),
  ...attached("aws:iam/groupPolicyAttachment:GroupPolicyAttachment"),
  ...attached("aws:iam/policyAttachment:PolicyAttachment"),
  ["trusts-services-alone", "prod", IAM_ROLE, { tags: TAGS }, { assumeRolePolicy: trusts("*") }, TRUST],
  ["trusts-services-alone", "prod", IAM_ROLE, { tags: TAGS }, { assumeRolePolicy: trusts(root(ACCOUNT)) }, TRUST],
  ["trusts-services-alone", "prod", IAM_ROLE, { tags: TAGS }, { assumeRolePolicy: UNKNOWN_TEXT }, TRUST],
  ["key-of-its-account", "prod", KEY, { tags: TAGS }, { policy: opens("*") }, {}],
  ["key-of-its-account", "prod", KEY, { tags: TAGS }, { policy: opens({ AWS: "*" }) }, { policy: opens(root(ACCOUNT)) }],
  ["key-of-its-account", "prod", KEY, { tags: TAGS }, { policy: opens({ AWS: `arn:aws:iam::${ACCOUNT}:role/x` }) }, { policy: DENY }],
  ["key-of-its-account", "prod", KEY, { tags: TAGS }, { policy: UNKNOWN_TEXT }, { policy: opens({ AWS: ACCOUNT }) }],
  ["key-of-its-account", "prod", KEY_POLICY, {}, { policy: opens({ AWS: [root(ACCOUNT).AWS, root("210987654321").AWS] }) }, { policy: opens(root(ACCOUNT)) }],
  ["key-of-its-account", "prod", KEY_POLICY, {}, { policy: allows({ NotPrincipal: root(ACCOUNT), Action: "kms:*" }) }, { policy: opens(root(ACCOUNT)) }],
  ["key-grant-for-one-secret", "prod", KEY_GRANT, GRANTEE, {}, ofSecret(WMS)],
  ["key-grant-for-one-secret", "prod", KEY_GRANT, GRANTEE, ofSecret(ADMIN), ofSecret(WMS)],
  ["key-grant-for-one-secret", "prod", KEY_GRANT, { ...GRANTEE, ...ofSecret(WMS) }, { operations: ["Decrypt", "CreateGrant"] }, {}],
  ["key-grant-for-one-secret", "prod", KEY_GRANT, { ...GRANTEE, ...ofSecret(WMS) }, { operations: UNKNOWN_LIST }, {}],
  ["secret-without-guests", "prod", SECRET, WMS_SECRET, { policy: allows({ Principal: "*", Action: "secretsmanager:GetSecretValue", Resource: "*" }) }, {}],
  ["secret-without-guests", "prod", SECRET, WMS_SECRET, { policy: UNKNOWN_TEXT }, { policy: DENY }],
  ["secret-without-guests", "prod", SECRET_POLICY, {}, { policy: allows({ Principal: root("210987654321"), Action: "*", Resource: "*" }) }, { policy: DENY }],
  ["secret-without-guests", "prod", SECRET_POLICY, {}, { policy: UNKNOWN_TEXT }, { policy: DENY }],
];
