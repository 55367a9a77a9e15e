import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { adminSslMode, type SslMode } from "../app/database-url";
import { declare } from "../declare";

/** Seconds until a server that does not answer is an error. */
const CONNECT_TIMEOUT_SECONDS = 15;

/** How the provider reaches the server. */
export interface DeployerProviderArgs {
  /** The admin endpoint's host: the instance, or the tunnel. */
  host: pulumi.Input<string>;
  /** The admin endpoint's port. */
  port: pulumi.Input<number>;
  /** Database that the provider connects to. */
  database: string;
  /** Role that deploys. */
  username: pulumi.Input<string>;
  /** Its password; a secret. */
  password: pulumi.Input<string>;
  /** The stack's mode; the provider verifies when it has the CA bundle. */
  sslmode: SslMode;
  /** Path of the RDS CA bundle. */
  caBundle?: string | undefined;
}

/**
 * The Postgres provider, as one of the deployers: never a superuser.
 * @param opts `dependsOn` the instance where the stack makes it: an admin endpoint of its own says nothing of it
 */
export function declareDeployerProvider(
  name: string,
  args: DeployerProviderArgs,
  opts?: pulumi.ResourceOptions,
): postgresql.Provider {
  const { caBundle, sslmode } = args;
  return declare(
    postgresql.Provider,
    name,
    {
      host: args.host,
      port: args.port,
      username: args.username,
      password: args.password,
      database: args.database,
      superuser: false,
      connectTimeout: CONNECT_TIMEOUT_SECONDS,
      sslmode: pulumi.output(args.host).apply((host) => adminSslMode(sslmode, host, caBundle !== undefined)),
      ...(caBundle === undefined ? {} : { sslrootcert: caBundle }),
    },
    opts,
  );
}
