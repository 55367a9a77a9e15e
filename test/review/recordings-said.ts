import type { Said } from "./judge";

/** What is said of a preview where it is not said otherwise. */
export const QUIET: Said = { exit: 0, incomplete: [], groups: [], findings: [], cells: [], known: [] };

/** What a reviewer is told of each recorded preview. */
export const SAID: Readonly<Record<string, Partial<Said>>> = {
  "add-app-dev": {
    groups: [
      "safe: new app billing in ci: schema billing_ci, login portal_billing_ci, secret portal-db/ci/billing",
      "safe: new app billing in dev: schema billing_dev, login portal_billing_dev, secret portal-db/dev/billing",
    ],
    findings: ["safe"],
    cells: [
      "billing_ci_owner on billing_ci: +use +create +read +write +own",
      "billing_dev_owner on billing_dev: +use +create +read +write +own",
      "portal_billing_ci on —: +connect",
      "portal_billing_dev on —: +connect",
    ],
  },
  "adopt-prod": {
    groups: [
      "interrupts: takes over ecomos-prod as it is, and changes: allowMajorVersionUpgrade unset → off; backupRetentionPeriod 1 → 14, at once; copyTagsToSnapshot off → on, at once; databaseInsightsMode unset → standard, at once; deletionProtection off → on, at once; enabledCloudwatchLogsExports unset → postgresql, upgrade, at once; finalSnapshotIdentifier unset → known at deploy; instanceClass db.t3.small → db.t4g.medium, in the maintenance window; maxAllocatedStorage unset → 200, at once; monitoringInterval 0 → 60, at once; monitoringRoleArn unset → known at deploy, at once; multiAz off → on, in the maintenance window; parameterGroupName default.postgres17 → ecomos-prod-postgres17, with the next reboot; password not shown → a secret, at once; performanceInsightsEnabled unset → on, at once; performanceInsightsRetentionPeriod unset → 7, at once; storageType gp2 → gp3, in the maintenance window; tags.environment unset → prod; tags.project unset → portal-db; tags.stack unset → prod; vpcSecurityGroupIds sg-00000000000000005 → known at deploy, at once; new IAM role ecomos-prod-monitoring; new key Storage of ecomos-prod; new parameter group ecomos-prod-postgres17; and 3 more",
      "widens access: app wms in prod: new schema wms_prod; login portal_wms is taken over; new role wms_prod_owner; new role wms_prod_reader; and 1 more",
      "widens access: database-wide: database portal_db is taken over, and changes: owner ecomos_admin → portal_db_owner; new schema extensions; new login portal_db_admin; new login portal_db_dev_admin; and 2 more",
      "narrows access: access: ecomos_admin loses connect on the database",
      "safe: stack: new key Secrets of the stack prod of portal-db; new secret portal-db/admin; new secret portal-db/dev-admin; new secret portal-db/master; and 2 more",
      "safe: new app auth in prod: schema auth_prod, login portal_auth, secret portal-db/prod/auth",
    ],
    findings: [
      "interrupts",
      "interrupts | instance ecomos-prod | gets another class, and restarts for it (instanceClass db.t3.small → db.t4g.medium, in the maintenance window)",
      "interrupts | instance ecomos-prod | gets the stack's parameters in place of its group's, which hold once it has been rebooted: 'npm run ops -- adopt --aws' names those that differ (parameterGroupName default.postgres17 → ecomos-prod-postgres17, with the next reboot)",
      "interrupts | instance ecomos-prod | gets the declared master password: whoever has another one is locked out (password not shown → a secret, at once)",
      "interrupts | instance ecomos-prod | is reached through other security groups: who came in by the old ones alone is cut off, and who the new ones let in reaches it (vpcSecurityGroupIds sg-00000000000000005 → known at deploy, at once)",
      "widens access | IAM role ecomos-prod-monitoring | lets whoever takes it on do in the account what its policies allow: read them",
      "widens access | policy attachment instance-monitoring-policy | gives somebody in the account what the policy allows: read it",
      "widens access | network rule instance-network-ingress-apps | lets a network or a group reach the instance",
      "widens access | login portal_wms | exists already: its password stays, and so does what it may do beyond what is declared",
      "widens access | portal_wms | gains connect, use, create, read, write, own on wms_prod",
      "widens access | grant database-public-schema | gives public USAGE on the schema public",
      "widens access | database portal_db | gets another owner, who may create schemas in it, and rename it (owner ecomos_admin → portal_db_owner)",
      "widens access | membership deployers-wms-prod-login | gives portal_db_admin membership in portal_wms",
      "widens access | PUBLIC | gains use on extensions; PUBLIC is every role there is",
      "narrows access | ecomos_admin | loses connect on the database",
    ],
    cells: [
      "PUBLIC on extensions: +use",
      "auth_prod_owner on auth_prod: +use +create +read +write +own",
      "ecomos_admin on —: -connect",
      "portal_auth on —: +connect",
      "portal_db_admin on wms_prod: +connect +use +create +read +write +own",
      "portal_db_dev_admin on —: +connect",
      "portal_db_owner on —: +connect",
      "portal_wms on wms_prod: +connect +use +create +read +write +own",
      "wms_prod_owner on wms_prod: +use +create +read +write +own",
      "wms_prod_reader on wms_prod: +use +read",
    ],
    known: ["instance ecomos-prod | has storageEncrypted off: set it to true (storage-encrypted)"],
  },
  "create-dev": {
    groups: [
      "safe: stack: new key Secrets of the stack dev of portal-db; new provider admin",
      "safe: new app auth in ci: schema auth_ci, login portal_auth_ci, secret portal-db/ci/auth",
      "safe: new app auth in dev: schema auth_dev, login portal_auth_dev, secret portal-db/dev/auth",
      "safe: new app wms in ci: schema wms_ci, login portal_wms_ci, secret portal-db/ci/wms",
      "safe: new app wms in dev: schema wms_dev, login portal_wms_dev, secret portal-db/dev/wms",
    ],
    findings: ["safe"],
    cells: [
      "auth_ci_owner on auth_ci: +use +create +read +write +own",
      "auth_dev_owner on auth_dev: +use +create +read +write +own",
      "portal_auth_ci on —: +connect",
      "portal_auth_dev on —: +connect",
      "portal_wms_ci on —: +connect",
      "portal_wms_dev on —: +connect",
      "wms_ci_owner on wms_ci: +use +create +read +write +own",
      "wms_dev_owner on wms_dev: +use +create +read +write +own",
    ],
  },
  "create-prod": {
    groups: [
      "widens access: database-wide: database portal_db is taken over, and changes: owner ecomos_admin → portal_db_owner; new schema extensions; new login portal_db_admin; new login portal_db_dev_admin; and 1 more",
      "widens access: instance: new instance ecomos-prod; new IAM role ecomos-prod-monitoring; new key Storage of ecomos-prod; new parameter group ecomos-prod-postgres17; and 3 more",
      "narrows access: access: ecomos_admin loses connect on the database",
      "safe: stack: new key Secrets of the stack prod of portal-db; new secret portal-db/admin; new secret portal-db/dev-admin; new secret portal-db/master; and 2 more",
      "safe: new app auth in prod: schema auth_prod, login portal_auth, secret portal-db/prod/auth",
      "safe: new app wms in prod: schema wms_prod, login portal_wms, reader wms_prod_reader, secret portal-db/prod/wms",
    ],
    findings: [
      "widens access",
      "widens access | grant database-public-schema | gives public USAGE on the schema public",
      "widens access | database portal_db | gets another owner, who may create schemas in it, and rename it (owner ecomos_admin → portal_db_owner)",
      "widens access | PUBLIC | gains use on extensions; PUBLIC is every role there is",
      "widens access | IAM role ecomos-prod-monitoring | lets whoever takes it on do in the account what its policies allow: read them",
      "widens access | policy attachment instance-monitoring-policy | gives somebody in the account what the policy allows: read it",
      "widens access | network rule instance-network-ingress-apps | lets a network or a group reach the instance",
      "narrows access | ecomos_admin | loses connect on the database",
    ],
    cells: [
      "PUBLIC on extensions: +use",
      "auth_prod_owner on auth_prod: +use +create +read +write +own",
      "ecomos_admin on —: -connect",
      "portal_auth on —: +connect",
      "portal_db_admin on —: +connect",
      "portal_db_dev_admin on —: +connect",
      "portal_db_owner on —: +connect",
      "portal_wms on —: +connect",
      "wms_prod_owner on wms_prod: +use +create +read +write +own",
      "wms_prod_reader on wms_prod: +use +read",
    ],
  },
  "drift-dev": {
    groups: ["safe: app wms in dev: login portal_wms_dev: connectionLimit 3 → 10"],
    findings: ["safe"],
  },
  "engine-major-prod": {
    groups: [
      "interrupts: instance ecomos-prod: allowMajorVersionUpgrade off → on; engineVersion 17 → 18, in the maintenance window; parameterGroupName ecomos-prod-postgres17 → ecomos-prod-postgres18, with the next reboot; parameter group ecomos-prod-postgres18 is replaced: family postgres17 → postgres18; name ecomos-prod-postgres17 → ecomos-prod-postgres18; log_connections on → receipt,authentication,authorization, with the next reboot",
    ],
    findings: [
      "interrupts",
      "interrupts | instance ecomos-prod | gets another version, and is down while it is upgraded (engineVersion 17 → 18, in the maintenance window)",
      "interrupts | instance ecomos-prod | gets other parameters, which hold once it has been rebooted (parameterGroupName ecomos-prod-postgres17 → ecomos-prod-postgres18, with the next reboot)",
      "interrupts | parameter group ecomos-prod-postgres18 | is replaced: the instance takes the parameters of the new one with a reboot (family postgres17 → postgres18; name ecomos-prod-postgres17 → ecomos-prod-postgres18)",
    ],
  },
  "instance-class-and-backups-prod": {
    groups: [
      "loses data: instance ecomos-prod: backupRetentionPeriod 14 → 7, at once; instanceClass db.t4g.medium → db.m7g.large, in the maintenance window",
    ],
    findings: [
      "loses data",
      "loses data | instance ecomos-prod | keeps fewer days of backups: older ones are deleted (backupRetentionPeriod 14 → 7, at once)",
      "interrupts | instance ecomos-prod | gets another class, and restarts for it (instanceClass db.t4g.medium → db.m7g.large, in the maintenance window)",
      "interrupts | alarm portal-db-connections | goes off at another time than before, or never (threshold 308 → 632)",
      "interrupts | alarm portal-db-cpu-credits | goes: nobody is told any more",
      "interrupts | alarm portal-db-freeable-memory | goes off at another time than before, or never (threshold 429496729 → 858993459)",
    ],
  },
  "no-change-prod": {
    findings: ["safe"],
  },
  "remove-app-dev": {
    groups: [
      "loses data: app auth in ci goes: schema auth_ci, login portal_auth_ci, secret portal-db/ci/auth",
      "loses data: app auth in dev goes: schema auth_dev, login portal_auth_dev, secret portal-db/dev/auth",
    ],
    findings: [
      "loses data",
      "loses data | schema auth_ci | is dropped, with its tables",
      "interrupts | secret portal-db/ci/auth | is deleted: its app finds no URL at the next deploy",
      "interrupts | login portal_auth_ci | is dropped: whoever logs in as it is locked out",
      "narrows access | read policy portal-db-ci-auth-read | goes: whoever used it may not any more",
      "narrows access | role auth_ci_owner | is dropped, with its rights",
      "loses data | schema auth_dev | is dropped, with its tables",
      "interrupts | secret portal-db/dev/auth | is deleted: its app finds no URL at the next deploy",
      "interrupts | login portal_auth_dev | is dropped: whoever logs in as it is locked out",
      "narrows access | read policy portal-db-dev-auth-read | goes: whoever used it may not any more",
      "narrows access | role auth_dev_owner | is dropped, with its rights",
    ],
    cells: [
      "auth_ci_owner on auth_ci: -use -create -read -write -own",
      "auth_dev_owner on auth_dev: -use -create -read -write -own",
      "portal_auth_ci on —: -connect",
      "portal_auth_dev on —: -connect",
    ],
  },
  "remove-app-prod-protected": {
    exit: 2,
    incomplete: [
      "Preview failed: resource \"urn:pulumi:prod::portal-db::portal-db:index:AppSchema$aws:secretsmanager/secret:Secret::auth-prod-secret\" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n`pulumi state unprotect 'urn:pulumi:prod::portal-db::portal-db:index:AppSchema$aws:secretsmanager/secret:Secret::auth-prod-secret'`",
    ],
    groups: ["blocks: app auth in prod: secret portal-db/prod/auth goes"],
    findings: [
      "blocks",
      "blocks | secret portal-db/prod/auth | is deleted: its app finds no URL at the next deploy",
      "narrows access | read policy portal-db-prod-auth-read | goes: whoever used it may not any more",
    ],
  },
  "remove-reader-and-limit-prod": {
    exit: 2,
    incomplete: [
      "Preview failed: resource \"urn:pulumi:prod::portal-db::portal-db:index:AppSchema$postgresql:index/role:Role::wms-prod-reader\" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n`pulumi state unprotect 'urn:pulumi:prod::portal-db::portal-db:index:AppSchema$postgresql:index/role:Role::wms-prod-reader'`",
    ],
    groups: ["blocks: app wms in prod: login portal_wms: connectionLimit 40 → 10; role wms_prod_reader goes"],
    findings: [
      "blocks",
      "blocks | role wms_prod_reader | is dropped: whoever has its rights loses them",
      "interrupts | login portal_wms | may hold fewer connections: those above the limit are refused (connectionLimit 40 → 10)",
    ],
    cells: ["wms_prod_reader on wms_prod: -use -read"],
  },
  "rotate-credential-dev": {
    groups: [
      "widens access: app wms in ci: new login portal_wms_ci_2",
      "widens access: app wms in dev: new login portal_wms_dev_2",
    ],
    findings: [
      "widens access",
      "widens access | login portal_wms_ci_2 | gets membership in wms_ci_owner",
      "widens access | login portal_wms_dev_2 | gets membership in wms_dev_owner",
    ],
    cells: ["portal_wms_ci_2 on —: +connect", "portal_wms_dev_2 on —: +connect"],
  },
};
