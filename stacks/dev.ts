import * as pulumi from "@pulumi/pulumi";
import type { BorrowerConfig } from "../infra/config/config";
import { declareAdminProvider, readAdminPassword } from "../infra/database/admin";
import { ownerOutputs } from "../infra/database/owner-outputs";
import { declareStackKey } from "../infra/encryption-key";
import { tagsOf } from "../infra/tags";
import { declareApps } from "./declared-apps";

/** Dev, and every ephemeral environment: borrows prod's instance, declares schemas of its own environments. */
export function declareDev(config: BorrowerConfig): Record<string, unknown> {
  const ownerOutput = ownerOutputs(
    config.prodStack ?? `${pulumi.getOrganization()}/${pulumi.getProject()}/prod`,
  );
  const address = ownerOutput("instanceAddress");
  const port = ownerOutput("instancePort");
  const [environment = config.stack] = config.environments;
  const kmsKeyArn = declareStackKey("secrets-key", {
    stack: config.stack,
    environment,
    tags: tagsOf({ stack: config.stack }),
  });
  const admin = declareAdminProvider("admin", {
    host: config.adminEndpoint?.host ?? address,
    port: config.adminEndpoint?.port ?? port,
    username: config.adminUsername,
    password:
      config.adminPassword === undefined
        ? readAdminPassword(ownerOutput("adminSecretArn"))
        : pulumi.secret(config.adminPassword),
    sslmode: config.sslmode,
    caBundle: config.adminCaBundle,
  });
  const apps = declareApps({
    config,
    kmsKeyArn,
    admin,
    host: config.appEndpoint?.host ?? address,
    port: config.appEndpoint?.port ?? port,
  });
  return { instanceAddress: address, instancePort: port, ...apps };
}
