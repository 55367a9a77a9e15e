import { readSecretPolicy } from "../../infra/app/secret-policy";
import type { BoundaryCase } from "./boundary-case";
import { TAGS, UNKNOWN_LIST, UNKNOWN_TEXT } from "./verdict";

const SECRET = "aws:secretsmanager/secret:Secret";
const SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy";
const SECRET_VALUE = "aws:secretsmanager/secretVersion:SecretVersion";
const INSTANCE = "aws:rds/instance:Instance";
const MACHINE = "aws:ec2/instance:Instance";
const PROFILE = "aws:iam/instanceProfile:InstanceProfile";
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
const MIGRATOR = secretArn("portal-db/prod/wms/migrator");
const PERSON = secretArn("portal-db/prod/people/anna");

const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const reads = (arn: string) => JSON.stringify(readSecretPolicy(arn, KEY_ARN));
const allows = (statement: object) => document({ Effect: "Allow", ...statement });
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
const opens = (Principal: unknown) => allows({ Principal, Action: "kms:*", Resource: "*" });
const trusts = (Principal: unknown) => allows({ Principal, Action: "sts:AssumeRole" });
const DENY = document({ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" });

const APP_TAGS = { ...TAGS, app: "wms", environment: "prod" };
const READ_POLICY = { name: "portal-db-prod-wms-read", tags: APP_TAGS };
const WMS_SECRET = {
  name: "portal-db/prod/wms",
  kmsKeyId: KEY_ARN,
  recoveryWindowInDays: 30,
  tags: APP_TAGS,
};
const TRUST = { assumeRolePolicy: trusts({ Service: "ec2.amazonaws.com" }), tags: TAGS };
const HELD = { storageEncrypted: true, deletionProtection: true, backupRetentionPeriod: 14, tags: TAGS };
const CLOSED = {
  associatePublicIpAddress: false,
  metadataOptions: { httpTokens: "required" },
  rootBlockDevice: { encrypted: true },
  tags: TAGS,
};
const BASTION = "ecomos-prod-bastion";
const ofSecret = (arn: string) => ({ constraints: [{ encryptionContextEquals: { SecretARN: arn } }] });
const GRANTEE = { granteePrincipal: `arn:aws:iam::${ACCOUNT}:role/wms`, operations: ["Decrypt"] };

const inline = (type: string): BoundaryCase[] => [
  ["reads-named-secrets", "prod", type, {}, { policy: reads(ADMIN) }, { policy: reads(WMS) }],
  ["reads-named-secrets", "prod", type, {}, { policy: UNKNOWN_TEXT }, { policy: DENY }],
  ["reads-named-secrets", "prod", type, {}, { policy: reads(MIGRATOR) }, { policy: reads(WMS) }],
  ["reads-named-secrets", "prod", type, {}, { policy: reads(PERSON) }, { policy: reads(WMS) }],
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

/** What of AWS crosses. */
// biome-ignore format: one case a line
export const AWS_CASES: readonly BoundaryCase[] = [
  // The instance and the machine beside it.
  ["no-copied-instance", "prod", INSTANCE, HELD, { snapshotIdentifier: "other" }, { snapshotIdentifier: "" }],
  ["no-copied-instance", "prod", INSTANCE, HELD, { replicateSourceDb: UNKNOWN_TEXT }, {}],
  ["no-copied-instance", "prod", INSTANCE, HELD, { restoreToPointInTime: { useLatestRestorableTime: true } }, {}],
  ["no-copied-instance", "prod", INSTANCE, HELD, { s3Import: { bucketName: "other" } }, {}],
  ["bastion-as-declared", "prod", MACHINE, CLOSED, { userData: "#!/bin/sh" }, {}],
  ["bastion-as-declared", "prod", MACHINE, CLOSED, { userDataBase64: "IyEvYmluL3No" }, {}],
  ["bastion-as-declared", "prod", MACHINE, CLOSED, { launchTemplate: { name: "other" } }, {}],
  ["bastion-as-declared", "prod", MACHINE, CLOSED, { iamInstanceProfile: "admins" }, { iamInstanceProfile: BASTION }],
  ["bastion-as-declared", "prod", PROFILE, { name: BASTION, tags: TAGS }, { role: "admins" }, { role: BASTION }],
  ["bastion-as-declared", "prod", PROFILE, { name: BASTION, tags: TAGS }, { role: "other-bastion" }, { role: BASTION }],
  ["bastion-as-declared", "prod", PROFILE, { tags: TAGS }, { name: "admins", role: "admins" }, { name: BASTION, role: UNKNOWN_TEXT }],
  // Secrets, keys and who reads them.
  ["names-fit-stack", "prod", SECRET, WMS_SECRET, { name: "portal-db/dev/wms" }, {}],
  ["names-fit-stack", "prod", POLICY, { tags: APP_TAGS, policy: reads(WMS) }, { name: "portal-db-dev-wms-read" }, { name: "portal-db-prod-wms-read" }],
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
  ["reads-named-secrets", "prod", IAM_ROLE, TRUST, { inlinePolicies: [{ policy: reads(WMS) }, { policy: reads(MIGRATOR) }] }, { inlinePolicies: [{ policy: reads(WMS) }] }],
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
  ["key-of-its-account", "prod", KEY_POLICY, { keyId: KEY_ARN }, { policy: opens(root("210987654321")) }, { policy: opens(root(ACCOUNT)) }],
  ["key-of-its-account", "prod", KEY_POLICY, { policy: opens(root(ACCOUNT)) }, { bypassPolicyLockoutSafetyCheck: true }, {}],
  ["key-of-its-account", "prod", KEY, { tags: TAGS }, { bypassPolicyLockoutSafetyCheck: true }, { bypassPolicyLockoutSafetyCheck: false }],
  ["key-of-its-account", "prod", KEY_POLICY, {}, { policy: allows({ NotPrincipal: root(ACCOUNT), Action: "kms:*" }) }, { policy: opens(root(ACCOUNT)) }],
  ["key-grant-for-one-secret", "prod", KEY_GRANT, GRANTEE, {}, ofSecret(WMS)],
  ["key-grant-for-one-secret", "prod", KEY_GRANT, GRANTEE, ofSecret(ADMIN), ofSecret(WMS)],
  ["key-grant-for-one-secret", "prod", KEY_GRANT, { ...GRANTEE, ...ofSecret(WMS) }, { operations: ["Decrypt", "CreateGrant"] }, {}],
  ["key-grant-for-one-secret", "prod", KEY_GRANT, { ...GRANTEE, ...ofSecret(WMS) }, { operations: UNKNOWN_LIST }, {}],
  ["value-of-own-secret", "dev", SECRET_VALUE, {}, { secretId: WMS }, { secretId: secretArn("portal-db/dev/wms") }],
  ["value-of-own-secret", "dev", SECRET_VALUE, {}, { secretId: "portal-db/admin" }, { secretId: UNKNOWN_TEXT }],
  ["value-of-own-secret", "prod", SECRET_VALUE, { secretId: WMS }, { secretBinary: "AAAA" }, { secretString: "[secret]" }],
  ["secret-without-guests", "prod", SECRET, WMS_SECRET, { policy: allows({ Principal: "*", Action: "secretsmanager:GetSecretValue", Resource: "*" }) }, {}],
  ["secret-without-guests", "prod", SECRET, WMS_SECRET, { policy: UNKNOWN_TEXT }, { policy: DENY }],
  ["secret-without-guests", "prod", SECRET_POLICY, {}, { policy: allows({ Principal: root("210987654321"), Action: "*", Resource: "*" }) }, { policy: DENY }],
  ["secret-without-guests", "prod", SECRET_POLICY, {}, { policy: UNKNOWN_TEXT }, { policy: DENY }],
];
