import type { OwnerConfig } from "../infra/config/config";
import { declareAdminPassword, declareAdminProvider, declareAdminSecret } from "../infra/database/admin";
import { DatabaseAccess } from "../infra/database/component";
import { INSTANCE_ALONE } from "../infra/database/owner-outputs";
import { declareStackKey } from "../infra/encryption-key";
import { alarmRules } from "../infra/instance/alarm-rules";
import { InstanceAlarms } from "../infra/instance/alarms";
import { Bastion } from "../infra/instance/bastion";
import { DatabaseInstance } from "../infra/instance/component";
import { instanceIdentifier } from "../infra/instance/settings";
import { tagsOf } from "../infra/tags";
import { declareApps } from "./declared-apps";

/** The stack that owns the instance, everything database-wide, and every prod schema. */
export function declareProd(config: OwnerConfig): Record<string, unknown> {
  const tags = tagsOf({ stack: config.stack, environment: "prod" });
  const password = declareAdminPassword("admin-password", config.adminPassword);
  const instance = new DatabaseInstance("instance", { config, password, tags });
  new InstanceAlarms("alarms", {
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
  const { address, port } = instance;
  const username = config.adminUsername;
  const adminSecretArn = declareAdminSecret("admin-secret", {
    username,
    password,
    host: address,
    port,
    kmsKeyArn,
    tags,
  });
  const outputs = {
    instanceIdentifier: instance.identifier,
    instanceAddress: address,
    instancePort: port,
    adminSecretArn,
    ...(bastion === undefined ? {} : { bastionInstanceId: bastion.instanceId }),
  };
  if (config.instanceOnly) {
    return {
      ...outputs,
      [INSTANCE_ALONE]: "the instance alone; set instanceOnly to false once it can be reached",
    };
  }
  const admin = declareAdminProvider(
    "admin",
    {
      host: config.adminEndpoint?.host ?? address,
      port: config.adminEndpoint?.port ?? port,
      username,
      password,
      sslmode: config.sslmode,
      caBundle: config.adminCaBundle,
    },
    { dependsOn: instance },
  );
  const access = new DatabaseAccess("database", { extensions: config.extensions }, { providers: [admin] });
  const apps = declareApps({
    config,
    kmsKeyArn,
    admin,
    host: config.appEndpoint?.host ?? address,
    port: config.appEndpoint?.port ?? port,
    databaseReady: access.ready,
  });
  return { ...outputs, ...apps };
}
