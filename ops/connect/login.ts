import type { DeclaredVisitor } from "../../infra/config/people";
import { MistakeError } from "../../infra/mistake";
import { DATABASE } from "../../infra/names";
import { type ConnectionArgs, certifiedName } from "../app/connection";
import type { AppDeployment } from "../app/deployment";
import type { PasswordProof } from "../app/libpq";
import type { Place } from "../app/place";
import { appConnection, visitorConnection } from "../app/session";
import { iamToken } from "./iam-token";

/** A tunnel that this command has opened. */
export interface Way {
  /** Port on this machine. */
  readonly port: number;
  /** The instance's own address and port behind it. */
  readonly host: string;
  readonly remotePort: number;
  /** Profile of the AWS CLI with which it was opened. */
  readonly profile?: string | undefined;
}

/** Whom psql connects as, and by what it proves it. */
export interface Entrance {
  readonly args: ConnectionArgs;
  readonly proof: PasswordProof;
}

const VERB = "connect";

/** Port of an instance behind a tunnel that somebody else has opened. */
const POSTGRES_PORT = 5432;

/**
 * Reads the password, or has a token signed.
 * @param person undefined is the app itself
 * @throws {MistakeError} where the secret cannot be read, or nothing knows the instance's own name
 */
export async function entranceOf(
  deployment: AppDeployment,
  person: DeclaredVisitor | undefined,
  way: Way | undefined,
): Promise<Entrance> {
  // Whoever has opened the tunnel knows what is behind it, which a secret that leads to the tunnel does not.
  const place: Place =
    way === undefined
      ? deployment.place
      : {
          ...deployment.place,
          endpoint: { host: "127.0.0.1", port: way.port },
          serverName: certifiedName(deployment.place, [way.host]),
        };
  if (person === undefined)
    return { args: await appConnection(VERB, { ...deployment, place }), proof: "scram-sha-256" };
  // The local platform has no IAM: there everybody has a password.
  if (person.settings.iam && place.platformDir === undefined)
    return { args: await iamConnection(person, place, way), proof: "password" };
  return {
    args: await visitorConnection(VERB, person.names, deployment.stack, place),
    proof: "scram-sha-256",
  };
}

async function iamConnection(
  { names: { login } }: DeclaredVisitor,
  place: Place,
  way: Way | undefined,
): Promise<ConnectionArgs> {
  const { endpoint, region } = place;
  const host = certifiedName(place, endpoint === undefined ? [] : [endpoint.host]);
  if (host === undefined || endpoint === undefined)
    throw new MistakeError(
      "a token is signed for the instance's own address, which nothing here knows: give --server-name",
    );
  const port = way?.remotePort ?? (endpoint.host === host ? endpoint.port : POSTGRES_PORT);
  const password = await iamToken({ host, port, region, login, profile: way?.profile });
  const whenRefused = "IAM does not let the token's signer connect as this role";
  return {
    place,
    endpoint,
    serverName: host,
    database: DATABASE,
    user: login,
    password,
    verb: VERB,
    whenRefused,
  };
}
