import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { MistakeError } from "../../infra/mistake";
import { CONNECT_TIMEOUT_SECONDS, type ConnectionArgs, serverProof } from "./connection";

/**
 * The environment in which a program of Postgres connects as a command does: nothing of this one's Postgres settings,
 * the password neither in its arguments nor in a file, the same proof asked of the server, and SCRAM alone.
 */
export async function libpqEnvironment(args: ConnectionArgs): Promise<NodeJS.ProcessEnv> {
  const { endpoint } = args;
  const proof = serverProof(args);
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: "C",
    PGHOST: proof?.serverName ?? endpoint.host,
    PGPORT: String(endpoint.port),
    PGUSER: args.user,
    PGPASSWORD: args.password,
    PGDATABASE: args.database,
    PGREQUIREAUTH: "scram-sha-256",
    // It would be tried first, and sslmode says nothing of it.
    PGGSSENCMODE: "disable",
    PGCONNECT_TIMEOUT: String(CONNECT_TIMEOUT_SECONDS),
    PGAPPNAME: `portal-db ${args.verb}`,
    ...(args.options === undefined ? {} : { PGOPTIONS: args.options }),
    ...(proof === undefined
      ? { PGSSLMODE: "disable" }
      : { PGSSLMODE: "verify-full", PGSSLROOTCERT: proof.bundleFile }),
    // Through the tunnel: the certificate is held against PGHOST, and the connection goes here.
    ...(proof === undefined || proof.serverName === endpoint.host
      ? {}
      : { PGHOSTADDR: await addressOf(endpoint.host) }),
  };
}

async function addressOf(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host, { family: 4 })).address;
  } catch {
    throw new MistakeError(`the host ${host} is not known here: check --endpoint`);
  }
}
