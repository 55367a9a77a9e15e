import type { Client } from "pg";
import { interruptible } from "../../cli/interruption";
import { MistakeError } from "../../infra/mistake";
import type { VisitorNames } from "../../infra/people/names";
import { printable } from "../../infra/printable";
import { deployerHost } from "./admin-session";
import { type ConnectionArgs, certifiedName, connect, type Session } from "./connection";
import type { AppDeployment } from "./deployment";
import { sessionUnderWay } from "./fate";
import type { Place } from "./place";
import { type LoginSecret, type ReadAppSecret, readAppSecret, readVisitorSecret } from "./secrets";

/**
 * What a command connects with as the app: its secret, and on AWS the name of the instance that has to answer.
 * @param secret the app's, where it has been read, or its migrations'
 */
export async function appConnection(
  verb: string,
  deployment: AppDeployment,
  secret?: ReadAppSecret,
): Promise<ConnectionArgs> {
  const { place, stack } = deployment;
  return connectionWith(verb, secret ?? (await readAppSecret(deployment)), stack, place);
}

/** What a command connects with as a person or a tool. */
export async function visitorConnection(
  verb: string,
  names: VisitorNames,
  stack: string,
  place: Place,
): Promise<ConnectionArgs> {
  return connectionWith(verb, await readVisitorSecret(names, stack, place), stack, place);
}

async function connectionWith(
  verb: string,
  { host, port, dbname, username, password }: LoginSecret,
  stack: string,
  place: Place,
): Promise<ConnectionArgs> {
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

/** A session that acts as an app's owner, and what it was connected with. */
export interface OwnerSession extends Session {
  readonly connection: ConnectionArgs;
}

/**
 * Logs in as what owns the app's tables: the app itself, or its migrations where they have a login of their own. The
 * session can do what they can, and so touches the app's own schema alone.
 * @throws {MistakeError} when nobody answers, the password is wrong, or the login does not act as the owner
 */
async function openOwnerSession(verb: string, deployment: AppDeployment): Promise<OwnerSession> {
  const { names, stack } = deployment;
  let connection = await appConnection(verb, deployment);
  let opened = await opening(connection);
  if (opened.role === names.runtime) {
    const { client, login } = opened.session;
    await client.end();
    const secret = await readAppSecret(deployment, "DIRECT_URL").catch((thrown: unknown) => {
      if (!(thrown instanceof MistakeError)) throw thrown;
      throw new MistakeError(`${login} may change no table, only migrations may: ${thrown.message}`);
    });
    connection = await appConnection(verb, deployment, secret);
    opened = await opening(connection);
  }
  const { session, role, schema } = opened;
  if (role === names.owner && schema === names.schema) return { ...session, connection };
  await session.client.end();
  throw new MistakeError(
    `${session.login} acts as ${printable(`${role} in ${schema ?? "no schema"}`)}, not as ${names.owner} ` +
      `in ${names.schema}: npm run ops -- repair ${stack}`,
  );
}

interface Opened {
  readonly session: Session;
  readonly role: string | undefined;
  readonly schema: string | null | undefined;
}

/** A session, what it acts as, and where. */
async function opening(connection: ConnectionArgs): Promise<Opened> {
  const session = await connect(connection);
  const { rows } = await session.client.query<{ role: string; schema: string | null }>(
    "SELECT current_user AS role, current_schema() AS schema",
  );
  return { session, role: rows[0]?.role, schema: rows[0]?.schema };
}

/** Runs work with a connection as the app's owner and closes it; a signal meanwhile is answered with what became of the data. */
export async function withOwnerSession<T>(
  verb: string,
  deployment: AppDeployment,
  work: (session: OwnerSession) => Promise<T>,
): Promise<T> {
  let session: Session | undefined;
  const underWay = sessionUnderWay(() => session?.client);
  return interruptible(underWay, async () => {
    const opened = await openOwnerSession(verb, deployment);
    session = opened;
    try {
      return await work(opened);
    } finally {
      await opened.client.end().catch(() => {});
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
