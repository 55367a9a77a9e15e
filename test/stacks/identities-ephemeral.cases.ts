import { runStack } from "../helpers/stack-run";

/** Identities make the URNs: a change here replaces what exists, or needs an alias. */
const IDENTITIES_BY_PARENT = {
  stack: [
    "aws:kms/alias:Alias::secrets-key-alias",
    "aws:kms/key:Key::secrets-key",
    "portal-db:index:AppSchema::auth-pr-42",
    "portal-db:index:AppSchema::website-pr-42",
    "portal-db:index:AppSchema::wms-pr-42",
    "portal-db:index:AppSchema::xplan-pr-42",
    "pulumi:providers:postgresql::admin",
  ],
  "portal-db:index:AppSchema::auth-pr-42": [
    "aws:iam/policy:Policy::auth-pr-42-secret-read",
    "aws:secretsmanager/secret:Secret::auth-pr-42-secret",
    "aws:secretsmanager/secretVersion:SecretVersion::auth-pr-42-secret-value",
    "postgresql:index/grant:Grant::auth-pr-42-login-connect",
    "postgresql:index/grant:Grant::auth-pr-42-owner-schema",
    "postgresql:index/role:Role::auth-pr-42-login",
    "postgresql:index/role:Role::auth-pr-42-owner",
    "postgresql:index/schema:Schema::auth-pr-42-schema",
    "random:index/randomPassword:RandomPassword::auth-pr-42-password",
  ],
  "portal-db:index:AppSchema::website-pr-42": [
    "aws:iam/policy:Policy::website-pr-42-secret-read",
    "aws:secretsmanager/secret:Secret::website-pr-42-secret",
    "aws:secretsmanager/secretVersion:SecretVersion::website-pr-42-secret-value",
    "postgresql:index/grant:Grant::website-pr-42-login-connect",
    "postgresql:index/grant:Grant::website-pr-42-owner-schema",
    "postgresql:index/role:Role::website-pr-42-login",
    "postgresql:index/role:Role::website-pr-42-owner",
    "postgresql:index/schema:Schema::website-pr-42-schema",
    "random:index/randomPassword:RandomPassword::website-pr-42-password",
  ],
  "portal-db:index:AppSchema::wms-pr-42": [
    "aws:iam/policy:Policy::wms-pr-42-secret-read",
    "aws:secretsmanager/secret:Secret::wms-pr-42-secret",
    "aws:secretsmanager/secretVersion:SecretVersion::wms-pr-42-secret-value",
    "postgresql:index/grant:Grant::wms-pr-42-login-connect",
    "postgresql:index/grant:Grant::wms-pr-42-owner-schema",
    "postgresql:index/role:Role::wms-pr-42-login",
    "postgresql:index/role:Role::wms-pr-42-owner",
    "postgresql:index/schema:Schema::wms-pr-42-schema",
    "random:index/randomPassword:RandomPassword::wms-pr-42-password",
  ],
  "portal-db:index:AppSchema::xplan-pr-42": [
    "aws:iam/policy:Policy::xplan-pr-42-secret-read",
    "aws:secretsmanager/secret:Secret::xplan-pr-42-secret",
    "aws:secretsmanager/secretVersion:SecretVersion::xplan-pr-42-secret-value",
    "postgresql:index/grant:Grant::xplan-pr-42-login-connect",
    "postgresql:index/grant:Grant::xplan-pr-42-owner-schema",
    "postgresql:index/role:Role::xplan-pr-42-login",
    "postgresql:index/role:Role::xplan-pr-42-owner",
    "postgresql:index/schema:Schema::xplan-pr-42-schema",
    "random:index/randomPassword:RandomPassword::xplan-pr-42-password",
  ],
};

test("an ephemeral stack declares the dev program's components and resources with its own name, by parent", async () => {
  const run = await runStack("pr-42");
  expect(run.identitiesByParent).toEqual(IDENTITIES_BY_PARENT);
});
