import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { MistakeError } from "../../infra/mistake";
import type { AppDeployment } from "../app/deployment";
import { readAppSecret } from "../app/secrets";

/**
 * The environment with which pg_dump logs in as the app: nothing of this one's Postgres settings, and the password
 * neither in its arguments nor in a file. Through a tunnel the certificate is still held against the instance's name.
 */
export async function toolEnvironment(deployment: AppDeployment): Promise<NodeJS.ProcessEnv> {
  const secret = await readAppSecret(deployment);
  const { endpoint } = deployment.place;
  const sslmode = new URL(secret.DATABASE_URL).searchParams.get("sslmode") ?? "verify-full";
  const bundle = process.env.NODE_EXTRA_CA_CERTS;
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: "C",
    PGHOST: sslmode === "verify-full" ? secret.host : (endpoint?.host ?? secret.host),
    PGPORT: String(endpoint?.port ?? secret.port),
    PGUSER: secret.username,
    PGPASSWORD: secret.password,
    PGDATABASE: secret.dbname,
    PGSSLMODE: sslmode,
    PGCONNECT_TIMEOUT: "15",
    PGAPPNAME: "portal-db snapshot",
    ...(sslmode === "verify-full" && endpoint !== undefined
      ? { PGHOSTADDR: await addressOf(endpoint.host) }
      : {}),
    ...(sslmode === "verify-full" && bundle !== undefined ? { PGSSLROOTCERT: bundle } : {}),
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
