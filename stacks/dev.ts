import type { BorrowerConfig } from "../infra/config/config";
import { readDeployerSecret } from "../infra/database/deployer-secret";
import { declareDeployerProvider } from "../infra/database/provider";
import { declareStackKey } from "../infra/encryption-key";
import { DATABASE, DEV_ADMIN_SECRET } from "../infra/names";
import { tagsOf } from "../infra/tags";
import { declareApps } from "./declared-apps";
import { declarePeople } from "./declared-people";

/** Dev, and every ephemeral environment: declares schemas of its own environments in prod's database, as the dev admin. */
export function declareDev(config: BorrowerConfig): Record<string, unknown> {
  const [environment = config.stack] = config.environments;
  const kmsKeyArn = declareStackKey("secrets-key", {
    stack: config.stack,
    environment,
    tags: tagsOf({ stack: config.stack }),
  });
  const { host, port, username, password } = readDeployerSecret(DEV_ADMIN_SECRET);
  const admin = declareDeployerProvider("admin", {
    host: config.adminEndpoint?.host ?? host,
    port: config.adminEndpoint?.port ?? port,
    database: DATABASE,
    username,
    password,
    sslmode: config.sslmode,
    caBundle: config.adminCaBundle,
  });
  const shared = {
    config,
    kmsKeyArn,
    admin,
    host: config.appEndpoint?.host ?? host,
    port: config.appEndpoint?.port ?? port,
  };
  const { outputs, waysIn } = declareApps(shared);
  const ofPeople = declarePeople({ ...shared, after: waysIn });
  return { instanceAddress: host, instancePort: port, ...outputs, ...ofPeople };
}
