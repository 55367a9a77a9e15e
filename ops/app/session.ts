import type { Client } from "pg";
import { interruptible } from "../../cli/interruption";
import type { AppSecretValue } from "../../infra/app/database-url";
import { MistakeError } from "../../infra/mistake";
import { printable } from "../../infra/printable";
import { deployerHost } from "./admin-session";
import { type ConnectionArgs, certifiedName, connect, type Session } from "./connection";
import type { AppDeployment } from "./deployment";
import { sessionUnderWay } from "./fate";
import { readAppSecret } from "./secrets";

/**
 * What a command connects with as the app: its secret, and on AWS the name of the instance that has to answer.
 * @param secret the app's, where it has been read
 */
export async function appConnection(
  verb: string,
  deployment: AppDeployment,
  secret?: AppSecretValue,
): Promise<ConnectionArgs> {
  const { place, stack } = deployment;
  const { host, port, dbname, username, password } = secret ?? (await readAppSecret(deployment));
  const endpoint = place.endpoint ?? { host, port };
  const isLocal = place.platformDir !== undefined;
  return {
    place,
    endpoint,
    // Dev's URLs lead to the tunnel, which has no name that a certificate bears.
    serverName:
      certifiedName(place, [host, endpoint.host]) ?? (isLocal ? host : await deployerHost(place, stack)),
    database: dbname,
    user: username,
    password,
    verb,
    whenRefused: `the password in the secret is not the server's; npm run ops -- repair ${stack}`,
  };
}

/** Logs in as the app does, whatever it is let do then. @throws {MistakeError} when nobody answers or the password is wrong */
export async function logIn(verb: string, deployment: AppDeployment): Promise<Session> {
  return connect(await appConnection(verb, deployment));
}

/**
 * Logs in as the app does. The session can do what the app can, and so touches its own schema alone.
 * @throws {MistakeError} when nobody answers, the password is wrong, or the login does not act as the owner
 */
async function openAppSession(verb: string, deployment: AppDeployment): Promise<Session> {
  const session = await logIn(verb, deployment);
  const { names, stack } = deployment;
  const { rows } = await session.client.query<{ role: string; schema: string | null }>(
    "SELECT current_user AS role, current_schema() AS schema",
  );
  const [found] = rows;
  if (found?.role === names.owner && found.schema === names.schema) return session;
  await session.client.end();
  throw new MistakeError(
    `${session.login} acts as ${printable(`${found?.role} in ${found?.schema ?? "no schema"}`)}, not as ${names.owner} ` +
      `in ${names.schema}: npm run ops -- repair ${stack}`,
  );
}

/** Runs work with an app's connection and closes it; a signal meanwhile is answered with what became of the data. */
export async function withAppSession<T>(
  verb: string,
  deployment: AppDeployment,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  let session: Session | undefined;
  const underWay = sessionUnderWay(() => session?.client);
  return interruptible(underWay, async () => {
    session = await openAppSession(verb, deployment);
    try {
      return await work(session);
    } finally {
      await session.client.end().catch(() => {});
    }
  });
}

/** Major version of the server, such as 17. */
export async function serverMajor(client: Client): Promise<number> {
  const { rows } = await client.query<{ number: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS number",
  );
  return rows[0]?.number ?? 0;
}
