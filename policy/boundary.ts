import type { DeclaredResource } from "../access/declared-resource";
import { crossingProblem, functionProblem, powerProblem, publicProblem } from "./crossing";
import { databaseProblem } from "./database";
import { extensionProblem } from "./extensions";
import { keyGrantProblem, keyPolicyProblem, secretPolicyProblem, trustProblem } from "./guests";
import { attachmentProblem, readPolicyProblem } from "./iam";
import { bastionProblem, copyProblem } from "./machines";
import { nameProblem } from "./names";
import { unknownTypeProblem } from "./resource-types";
import { roleFormProblem } from "./role-form";
import { secretValueProblem } from "./secret-value";

/** A rule: its name, what must hold, for which types, and what finds the problem. */
export type RuleRow = readonly [
  name: string,
  description: string,
  types: readonly string[] | "any",
  problem: (resource: DeclaredResource) => string | undefined,
];

const SCHEMA = "postgresql:index/schema:Schema";
const ROLE = "postgresql:index/role:Role";
const GRANT = "postgresql:index/grant:Grant";
const GRANT_ROLE = "postgresql:index/grantRole:GrantRole";
const DEFAULTS = "postgresql:index/defaultPrivileges:DefaultPrivileges";
const DATABASE = "postgresql:index/database:Database";
const FUNCTION = "postgresql:index/function:Function";
const EXTENSION = "postgresql:index/extension:Extension";
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
const INLINE_POLICIES = [
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
];
const ATTACHMENTS = [
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
];

/**
 * What crosses the boundary of an app, of an environment or of what nobody has judged. Each row blocks in the review, and
 * is a mandatory violation of the policy pack in every stack. What is not known before the deploy crosses it, too; the
 * exceptions are the text of an app's own read policy, a secret's value and the bastion's names, which the pack holds in
 * the deploy.
 */
// biome-ignore format: one rule a line
export const BOUNDARY: readonly RuleRow[] = [
  ["own-roles-alone", "A role is a member of its own app's roles, and of no other.", [ROLE, GRANT_ROLE], crossingProblem],
  ["own-schemas-alone", "Grants, default privileges and ownership stay in one app and environment; the database's are as declared.", [GRANT, DEFAULTS, SCHEMA, DATABASE], crossingProblem],
  ["no-grant-to-public", "PUBLIC holds nothing but USAGE on the schemas public and extensions.", [GRANT, DEFAULTS, SCHEMA], publicProblem],
  ["no-powerful-role", "No role but a declared deployer makes roles or databases, is a superuser, or passes row security.", [ROLE, GRANT_ROLE], powerProblem],
  ["role-as-declared", "A role logs in, inherits, acts as another one and looks for tables as its rows declare.", [ROLE], roleFormProblem],
  ["database-as-made", "The database lets every app in, and is no template.", [DATABASE], databaseProblem],
  ["no-foreign-function", "A function runs as its caller, in a schema of the stack's own.", [FUNCTION], functionProblem],
  ["trusted-extensions", "Extensions are prod's, trusted and in their own schema: they reach nothing outside the database.", [EXTENSION], extensionProblem],
  ["reads-named-secrets", "An IAM policy reads its app's one secret and allows nothing else.", [POLICY, IAM_ROLE, ...INLINE_POLICIES], readPolicyProblem],
  ["attaches-own-policies", "What is attached is a read policy of the stack's own, or one that the stacks name.", [IAM_ROLE, ...ATTACHMENTS], attachmentProblem],
  ["trusts-services-alone", "AWS services alone act as the stacks' IAM roles.", [IAM_ROLE], trustProblem],
  ["value-of-own-secret", "A secret's value is a login of the secret's own app.", [SECRET_VALUE], secretValueProblem],
  ["no-copied-instance", "An instance starts empty: its data come from no snapshot and no other instance.", [INSTANCE], copyProblem],
  ["bastion-as-declared", "A machine runs nothing at its start, and has the bastion's role.", [MACHINE, PROFILE], bastionProblem],
  ["key-of-its-account", "A key opens to its own account alone.", [KEY, KEY_POLICY], keyPolicyProblem],
  ["key-grant-for-one-secret", "A grant on a key decrypts one secret of the stack's own.", [KEY_GRANT], keyGrantProblem],
  ["secret-without-guests", "A secret's own policy lets nobody in.", [SECRET, SECRET_POLICY], secretPolicyProblem],
  ["names-fit-stack", "A stack names what belongs to its own environments.", [SCHEMA, ROLE, SECRET, POLICY], nameProblem],
  ["known-type", "Every type is one that somebody has judged.", "any", unknownTypeProblem],
];
