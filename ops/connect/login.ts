import { parsedJson } from "../../infra/config/stack-file";
import { MistakeError } from "../../infra/mistake";
import { DATABASE } from "../../infra/names";
import { deployerHost } from "../app/admin-session";
import { type ConnectionArgs, certifiedName } from "../app/connection";
import type { AppDeployment } from "../app/deployment";
import type { PasswordProof } from "../app/libpq";
import { readSecret } from "../app/secrets";
import { appConnection } from "../app/session";
import { iamToken } from "./iam-token";
import type { Person } from "./people";

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
  person: Person | undefined,
  way: Way | undefined,
): Promise<Entrance> {
  const { place } = deployment;
  const at = way === undefined ? place.endpoint : { host: "127.0.0.1", port: way.port };
  const reached = { ...deployment, place: { ...place, endpoint: at } };
  // A secret that leads to the tunnel does not know it; whoever opened the tunnel does.
  const behind = way === undefined ? [] : [way.host];
  if (person === undefined) {
    const serverName = certifiedName(place, behind);
    const named = { ...reached, place: { ...reached.place, serverName } };
    return { args: await appConnection(VERB, named), proof: "scram-sha-256" };
  }
  // The local platform has no IAM: there everybody has a password.
  if (person.isByIam && place.platformDir === undefined)
    return iamEntrance(reached, person, certifiedName(place, [...behind, at?.host ?? ""]), way);
  const { host, port, username, password } = await personSecret(deployment, person);
  const endpoint = at ?? { host, port };
  const known = certifiedName(place, [host, ...behind, endpoint.host]);
  const args = {
    place,
    endpoint,
    serverName: known ?? (place.platformDir ? host : await deployerHost(place, deployment.stack)),
    database: DATABASE,
    user: username,
    password,
    verb: VERB,
    whenRefused: "",
  };
  return { args, proof: "scram-sha-256" };
}

async function iamEntrance(
  { place }: AppDeployment,
  { login }: Person,
  host: string | undefined,
  way: Way | undefined,
): Promise<Entrance> {
  const { endpoint, region } = place;
  if (host === undefined || endpoint === undefined)
    throw new MistakeError(
      "a token is signed for the instance's own address, which nothing here knows: give --server-name",
    );
  const port = way?.remotePort ?? (endpoint.host === host ? endpoint.port : POSTGRES_PORT);
  const password = await iamToken({ host, port, region, login, profile: way?.profile });
  const args = { place, endpoint, serverName: host, database: DATABASE, user: login, password };
  return { args: { ...args, verb: VERB, whenRefused: "" }, proof: "password" };
}

/** @throws {MistakeError} never with the secret's text */
async function personSecret({ place, stack }: AppDeployment, { name, secret, login }: Person) {
  const absent = `deploy stack ${stack}, which makes it for ${name}`;
  const value = Object(parsedJson(await readSecret(place, secret, absent))) as Record<string, unknown>;
  const { host, port, username, password } = value;
  if (
    typeof host === "string" &&
    typeof port === "number" &&
    typeof password === "string" &&
    username === login
  )
    return { host, port, username: login, password };
  throw new MistakeError(`the secret ${secret} is not what stack ${stack} writes: deploy it again`);
}
