import { checkServerIdentity } from "node:tls";
import { Client, type ClientConfig } from "pg";
import type { AppSecretValue } from "../../infra/app/database-url";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import type { AppDeployment } from "./deployment";
import { readAppSecret } from "./secrets";

const CONNECT_TIMEOUT_MS = 15_000;

const CERTIFICATE_CODES = [
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
];

/** How the connection is encrypted: as the app's URL says, and through a tunnel still against the instance's name. */
function sslOf({ DATABASE_URL, host }: AppSecretValue): ClientConfig["ssl"] {
  const mode = new URL(DATABASE_URL).searchParams.get("sslmode");
  if (mode === "disable") return false;
  if (mode === "require") return { rejectUnauthorized: false };
  return { checkServerIdentity: (_host, certificate) => checkServerIdentity(host, certificate) };
}

/** What a failed connection means. */
function connectProblem(at: string, login: string, stack: string, thrown: unknown): MistakeError {
  const code = codeOf(thrown) ?? "";
  if (code === "28P01" || code === "28000") {
    return new MistakeError(
      `${at} refuses ${login}: the password in the secret is not the server's; deploy stack ${stack} again`,
    );
  }
  if (code === "53300")
    return new MistakeError(`${login} has no connection left on ${at}: end one of its sessions`);
  if (CERTIFICATE_CODES.includes(code)) {
    return new MistakeError(
      `the certificate of ${at} cannot be verified (${code}): set NODE_EXTRA_CA_CERTS to the RDS CA bundle`,
    );
  }
  const hint = "is the platform started (npm run local), or the tunnel open (npm run ops -- tunnel)?";
  return new MistakeError(`no connection to ${at} (${code || messageOf(thrown)}): ${hint}`);
}

/** An app's own connection, and the secret that opened it. */
export interface AppSession {
  readonly client: Client;
  /** `host:port/database`, for people. */
  readonly at: string;
  /** Role that logged in; it acts as the owner. */
  readonly login: string;
}

/** Logs in as the app does, whatever it is let do then. @throws {MistakeError} when nobody answers or the password is wrong */
export async function logIn(verb: string, deployment: AppDeployment): Promise<AppSession> {
  const secret = await readAppSecret(deployment);
  const { host, port } = deployment.place.endpoint ?? secret;
  const at = `${host}:${port}/${secret.dbname}`;
  const client = new Client({
    host,
    port,
    database: secret.dbname,
    user: secret.username,
    password: secret.password,
    ssl: sslOf(secret),
    application_name: `portal-db ${verb}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  // A lost connection is also the running query's error, which is the one that is shown.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (thrown) {
    throw connectProblem(at, secret.username, deployment.stack, thrown);
  }
  return { client, at, login: secret.username };
}

/**
 * Logs in as the app does. The session can do what the app can, and so touches its own schema alone.
 * @throws {MistakeError} when nobody answers, the password is wrong, or the login does not act as the owner
 */
async function openAppSession(verb: string, deployment: AppDeployment): Promise<AppSession> {
  const session = await logIn(verb, deployment);
  const { names, stack } = deployment;
  const { rows } = await session.client.query<{ role: string; schema: string | null }>(
    "SELECT current_user AS role, current_schema() AS schema",
  );
  const [found] = rows;
  if (found?.role === names.owner && found.schema === names.schema) return session;
  await session.client.end();
  throw new MistakeError(
    `${session.login} acts as ${found?.role} in ${found?.schema ?? "no schema"}, not as ${names.owner} ` +
      `in ${names.schema}: deploy stack ${stack} again`,
  );
}

/** Runs work with an app's connection and closes it. */
export async function withAppSession<T>(
  verb: string,
  deployment: AppDeployment,
  work: (session: AppSession) => Promise<T>,
): Promise<T> {
  const session = await openAppSession(verb, deployment);
  try {
    return await work(session);
  } finally {
    await session.client.end().catch(() => {});
  }
}

/** Major version of the server, such as 17. */
export async function serverMajor(client: Client): Promise<number> {
  const { rows } = await client.query<{ number: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS number",
  );
  return rows[0]?.number ?? 0;
}
