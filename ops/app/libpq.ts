import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { libpqUrl, type SslMode } from "../../infra/app/database-url";
import type { Endpoint } from "../../infra/config/endpoint";
import { MistakeError } from "../../infra/mistake";
import { CONNECT_TIMEOUT_SECONDS, type ConnectionArgs, serverProof, sessionOptions } from "./connection";
import type { AppDeployment } from "./deployment";
import type { ReadAppSecret } from "./secrets";
import { appConnection } from "./session";

/** What a server may be told to prove that one knows the password: by SCRAM, nothing; RDS takes a token of IAM in clear. */
export type PasswordProof = "scram-sha-256" | "password";

/**
 * The environment in which a program of Postgres connects as a command does: nothing of this one's Postgres settings,
 * the password neither in its arguments nor in a file, the same proof asked of the server, and SCRAM alone.
 */
export async function libpqEnvironment(
  args: ConnectionArgs,
  proof: PasswordProof = "scram-sha-256",
): Promise<NodeJS.ProcessEnv> {
  const { endpoint } = args;
  const { host, hostaddr, sslmode, sslrootcert } = await libpqServer(args);
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: "C",
    PGHOST: host,
    PGPORT: String(endpoint.port),
    PGUSER: args.user,
    PGPASSWORD: args.password,
    PGDATABASE: args.database,
    PGREQUIREAUTH: proof,
    // It would be tried first, and sslmode says nothing of it.
    PGGSSENCMODE: "disable",
    PGCONNECT_TIMEOUT: String(CONNECT_TIMEOUT_SECONDS),
    PGAPPNAME: `portal-db ${args.verb}`,
    PGOPTIONS: sessionOptions(args),
    PGSSLMODE: sslmode,
    ...(sslrootcert === undefined ? {} : { PGSSLROOTCERT: sslrootcert }),
    ...(hostaddr === undefined ? {} : { PGHOSTADDR: hostaddr }),
  };
}

/** A server as libpq names it. */
interface LibpqServer {
  /** What the certificate is held against. */
  readonly host: string;
  /** Where the connection goes, where that is the tunnel. */
  readonly hostaddr?: string;
  readonly sslmode: SslMode;
  readonly sslrootcert?: string;
}

/** The server, and what it has to prove. @throws {MistakeError} where there is nothing to verify it with */
async function libpqServer(args: ConnectionArgs): Promise<LibpqServer> {
  const { host } = args.endpoint;
  const proof = serverProof(args);
  if (proof === undefined) return { host, sslmode: "disable" };
  const { serverName, bundleFile: sslrootcert } = proof;
  const verified = { host: serverName, sslmode: "verify-full", sslrootcert } as const;
  return serverName === host ? verified : { ...verified, hostaddr: await addressOf(host) };
}

/**
 * An app's URL as programs of Postgres take it. It asks of the server what the stack's `sslmode` says; to verify it, libpq
 * has to be told the bundle, and through a tunnel the instance's own name.
 */
export async function appLibpqUrl(deployment: AppDeployment, secret: ReadAppSecret): Promise<string> {
  const { url } = secret;
  const { endpoint } = deployment.place;
  if (new URL(url).searchParams.get("sslmode") !== "verify-full")
    return libpqUrl(endpoint === undefined ? url : urlAt(url, endpoint));
  const args = await appConnection("env", deployment, secret);
  const { host, hostaddr, sslrootcert } = await libpqServer(args);
  return libpqUrl(urlAt(url, { host, port: args.endpoint.port }), { sslrootcert, hostaddr });
}

/** A URL that leads to another server. */
export function urlAt(databaseUrl: string, { host, port }: Endpoint): string {
  const url = new URL(databaseUrl);
  url.hostname = host.includes(":") ? `[${host}]` : host;
  url.port = String(port);
  return url.href;
}

async function addressOf(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host, { family: 4 })).address;
  } catch {
    throw new MistakeError(`the host ${host} is not known here: check --endpoint`);
  }
}
