import { type DeployerSecret, parseDeployerSecret } from "../../infra/database/deployer-credentials";
import { MistakeError } from "../../infra/mistake";
import {
  ADMIN_SECRET,
  DATABASE,
  DEV_ADMIN_SECRET,
  MAINTENANCE_DATABASE,
  MASTER_SECRET,
  PROD,
} from "../../infra/names";
import { certifiedName, connect, type Session } from "./connection";
import type { Place } from "./place";
import { AbsentSecretError, readSecret } from "./secrets";

/** Who deploys: the instance's master user, prod's admin, and the admin of every other stack. */
export type Deployer = "master" | "admin" | "dev-admin";

/** Each one's secret, and the database that it works in: the master stays out of the one that others own. */
const DEPLOYERS: Readonly<Record<Deployer, { readonly secret: string; readonly database: string }>> = {
  master: { secret: MASTER_SECRET, database: MAINTENANCE_DATABASE },
  admin: { secret: ADMIN_SECRET, database: DATABASE },
  "dev-admin": { secret: DEV_ADMIN_SECRET, database: DATABASE },
};

/** Who deploys a stack's schemas. */
export function deployerOf(stack: string): Deployer {
  return stack === PROD ? "admin" : "dev-admin";
}

async function readDeployer(place: Place, deployer: Deployer, instead: string): Promise<DeployerSecret> {
  const { secret } = DEPLOYERS[deployer];
  const absent = "deploy stack prod, which writes it";
  const text = await readSecret(place, secret, absent).catch((thrown: unknown) => {
    if (!(thrown instanceof MistakeError)) throw thrown;
    const message = `${thrown.message}, or ${instead}`;
    throw thrown instanceof AbsentSecretError ? new AbsentSecretError(message) : new MistakeError(message);
  });
  return parseDeployerSecret(secret, text);
}

/**
 * The instance's address, as the secret of the stack's deployer has it: for whoever knows the tunnel alone.
 * @throws {MistakeError} which says how else to name it: not everybody may read that secret
 */
export async function deployerHost(place: Place, stack: string): Promise<string> {
  const instead =
    "give the instance's address, which the server behind the tunnel has to prove, by --server-name";
  return (await readDeployer(place, deployerOf(stack), instead)).host;
}

/** What differs from a deployer's own secret and database. */
export interface AdminSessionOptions {
  /** @default `postgres` for the master, `portal_db` for the others */
  readonly database?: string;
  /** In place of the secret, which is not there before the first deploy. */
  readonly given?: { readonly username: string; readonly password: string };
  /** What may be done where the secret cannot be read. @default ask for its right */
  readonly instead?: string;
}

/**
 * Logs in as a deployer. It is itself, and names mean Postgres's own, whatever the database's owner has set:
 * somebody else's function would run with a deployer's rights otherwise.
 * @throws {MistakeError} when the secret cannot be read, nobody answers, or the password is wrong
 */
export async function openAdminSession(
  verb: string,
  place: Place,
  deployer: Deployer,
  { database, given, instead = "use a role that may read it" }: AdminSessionOptions = {},
): Promise<Session> {
  const reached = place.endpoint ?? place.adminEndpoint;
  const secret = given === undefined ? await readDeployer(place, deployer, instead) : undefined;
  const endpoint = reached ?? secret;
  const credentials = given ?? secret;
  if (endpoint === undefined || credentials === undefined) {
    throw new MistakeError(
      "where is the server? Give --endpoint host:port, such as localhost:6543 through the tunnel",
    );
  }
  const hosts = [...(secret === undefined ? [] : [secret.host]), endpoint.host];
  return connect({
    place,
    endpoint: { host: endpoint.host, port: endpoint.port },
    serverName: certifiedName(place, hosts),
    database: database ?? DEPLOYERS[deployer].database,
    user: credentials.username,
    password: credentials.password,
    verb,
    // The role, too: the database's default one would be somebody else's.
    options: `-c search_path=pg_catalog -c role=${credentials.username}`,
    whenRefused:
      given === undefined
        ? `the password in the secret ${DEPLOYERS[deployer].secret} is not the server's; deploy stack prod again`
        : "the password is not the server's",
  });
}
