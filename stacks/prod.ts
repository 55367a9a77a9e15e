import * as pulumi from "@pulumi/pulumi";
import type { OwnerConfig } from "../infra/config/config";
import type { Neighbour } from "../infra/config/neighbours";
import { adoptedApps } from "../infra/config/shape";
import { MASTER_PROVIDER } from "../infra/database/access";
import { DatabaseAccess } from "../infra/database/component";
import { declareDeployerSecret } from "../infra/database/deployer-secret";
import { Deployers, declareGeneratedPassword } from "../infra/database/deployers";
import { declareDeployerProvider } from "../infra/database/provider";
import { declareStackKey } from "../infra/encryption-key";
import { alarmRules } from "../infra/instance/alarm-rules";
import { InstanceAlarms } from "../infra/instance/alarms";
import { Bastion } from "../infra/instance/bastion";
import { DatabaseInstance } from "../infra/instance/component";
import type { PresentLogGroup } from "../infra/instance/log-groups";
import { instanceIdentifier } from "../infra/instance/settings";
import {
  ADMIN,
  ADMIN_SECRET,
  DATABASE,
  DEV_ADMIN,
  DEV_ADMIN_SECRET,
  deployerRoleOf,
  MAINTENANCE_DATABASE,
  MASTER_SECRET,
} from "../infra/names";
import { tagsOf } from "../infra/tags";
import { declareApps } from "./declared-apps";
import { declarePeople } from "./declared-people";

/**
 * The stack that owns the instance, everything database-wide, and every prod schema.
 * @param neighbours stacks whose files stand beside: their deployer gets what it needs of the master
 * @param logGroups the instance's that are there already
 */
export function declareProd(
  config: OwnerConfig,
  neighbours: readonly Neighbour[],
  logGroups: readonly PresentLogGroup[],
): Record<string, unknown> {
  const tags = tagsOf({ stack: config.stack, environment: "prod" });
  const masterPassword =
    config.masterPassword === undefined
      ? declareGeneratedPassword("master-password", { aliases: [{ name: "admin-password" }] })
      : pulumi.secret(config.masterPassword);
  const instance = new DatabaseInstance("instance", { config, password: masterPassword, logGroups, tags });
  const alarms = new InstanceAlarms("alarms", {
    instanceIdentifier: instance.identifier,
    rules: alarmRules(config),
    emails: config.alarmEmails,
    tags,
  });
  const bastion =
    config.bastion === undefined
      ? undefined
      : new Bastion("bastion", {
          settings: config.bastion,
          identifier: instanceIdentifier(config),
          vpcId: config.vpcId,
          databaseGroupId: instance.securityGroupId,
          tags,
        });
  const kmsKeyArn = declareStackKey("secrets-key", { stack: config.stack, environment: "prod", tags });
  const { address: host, port } = instance;
  const where = { host, port, kmsKeyArn, tags };
  const masterSecretArn = declareDeployerSecret("master-secret", {
    ...where,
    secret: MASTER_SECRET,
    description: "Master user of the instance",
    username: config.masterUsername,
    password: masterPassword,
    database: MAINTENANCE_DATABASE,
  });
  const outputs = {
    instanceIdentifier: instance.identifier,
    instanceAddress: host,
    instancePort: port,
    masterSecretArn,
    dashboardUrl: alarms.dashboardUrl,
    ...(bastion === undefined ? {} : { bastionInstanceId: bastion.instanceId }),
  };
  if (config.instanceOnly) {
    return { ...outputs, declared: "the instance alone; set instanceOnly to false once it can be reached" };
  }
  const reached = {
    host: config.adminEndpoint?.host ?? host,
    port: config.adminEndpoint?.port ?? port,
    sslmode: config.sslmode,
    caBundle: config.adminCaBundle,
  };
  const master = declareDeployerProvider(
    MASTER_PROVIDER,
    {
      ...reached,
      database: MAINTENANCE_DATABASE,
      username: config.masterUsername,
      password: masterPassword,
    },
    { dependsOn: instance },
  );
  const ofOthers = neighbours.flatMap((one) =>
    one.adopted.map((names) => ({ names, deployer: deployerRoleOf(one.stack) })),
  );
  const adopted = [...adoptedApps(config).map((names) => ({ names, deployer: ADMIN })), ...ofOthers];
  const deployers = new Deployers("deployers", { adopted }, { providers: [master] });
  const afterDeployers = { dependsOn: deployers };
  const adminSecretArn = declareDeployerSecret(
    "admin-secret",
    {
      ...where,
      secret: ADMIN_SECRET,
      description: "Deployer of prod",
      username: ADMIN,
      password: deployers.adminPassword,
      database: DATABASE,
    },
    afterDeployers,
  );
  const devAdminSecretArn = declareDeployerSecret(
    "dev-admin-secret",
    {
      ...where,
      secret: DEV_ADMIN_SECRET,
      description: "Deployer of every other stack",
      username: DEV_ADMIN,
      password: deployers.devAdminPassword,
      database: DATABASE,
    },
    afterDeployers,
  );
  const admin = declareDeployerProvider(
    "admin",
    {
      ...reached,
      database: DATABASE,
      username: ADMIN,
      password: deployers.adminPassword,
    },
    afterDeployers,
  );
  const access = new DatabaseAccess(
    "database",
    { extensions: config.extensions, adopted: ofOthers },
    { providers: [admin] },
  );
  const { outputs: ofApps, waysIn } = declareApps({
    config,
    kmsKeyArn,
    admin,
    host: config.appEndpoint?.host ?? host,
    port: config.appEndpoint?.port ?? port,
    databaseReady: access.ready,
  });
  access.close(waysIn);
  const ofPeople = declarePeople({
    config,
    kmsKeyArn,
    admin,
    host: config.appEndpoint?.host ?? host,
    port: config.appEndpoint?.port ?? port,
    after: waysIn,
    iam: { master, instanceArn: instance.arn, resourceId: instance.resourceId },
  });
  return { ...outputs, adminSecretArn, devAdminSecretArn, ...ofApps, ...ofPeople };
}
