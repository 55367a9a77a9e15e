import { readFileSync } from "node:fs";
import { checkServerIdentity } from "node:tls";
import { Client, type ClientConfig } from "pg";
import { type Endpoint, isLoopback } from "../../infra/config/endpoint";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import { TIMEOUT_SETTINGS } from "../../infra/timeouts";
import type { Place } from "./place";

/** Seconds until a server that does not answer is an error. */
export const CONNECT_TIMEOUT_SECONDS = 15;

/** Whom a command connects to, and as whom. */
export interface ConnectionArgs {
  readonly place: Place;
  /** Where the server is reached: its own address, or the tunnel's. */
  readonly endpoint: Endpoint;
  /** The instance's own name, which its certificate has to bear; undefined where nothing knows it. */
  readonly serverName: string | undefined;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** The command, for `pg_stat_activity`. */
  readonly verb: string;
  /** What to do when the server does not take the password. */
  readonly whenRefused: string;
  /** Settings of the session, which outrank those of the role and of the database, such as `-c search_path=pg_catalog`. */
  readonly options?: string;
  /** The login's limits of time hold: a person works here, who may leave, and no command that goes on by itself. */
  readonly keepsLimits?: boolean;
}

/**
 * What outranks the limits of time of the login, and those that the database's owner may have set for every session: they
 * would end what takes as long as a schema is large.
 */
const NO_LIMITS = [...Object.values(TIMEOUT_SETTINGS), "idle_session_timeout"]
  .map((name) => `-c ${name}=0`)
  .join(" ");

/** What a command's session starts with, in the words that Postgres takes from whoever connects. */
export function sessionOptions({
  options,
  keepsLimits = false,
}: Pick<ConnectionArgs, "options" | "keepsLimits">): string {
  return [options ?? [], keepsLimits ? [] : NO_LIMITS].flat().join(" ");
}

/** A connection, and whose it is. */
export interface Session {
  readonly client: Client;
  /** `host:port/database`, for people. */
  readonly at: string;
  /** Role that logged in. */
  readonly login: string;
}

/** What a server on AWS has to prove before anything is sent to it. */
export interface ServerProof {
  readonly serverName: string;
  /** Path of the CA bundle. */
  readonly bundleFile: string;
  readonly bundle: string;
}

/**
 * The name that the certificate has to bear, which a tunnel hides: `--server-name`, or the first host that is not this
 * machine.
 */
export function certifiedName(place: Place, hosts: readonly string[]): string | undefined {
  return place.serverName ?? hosts.find((host) => !isLoopback(host));
}

/**
 * What the server has to prove. On AWS that it is the instance, whatever the stack's sslmode says to apps: everybody
 * can listen on the tunnel's end, and every customer of RDS has a certificate of the same CA.
 * @returns undefined on the local platform, which has no TLS and is reached on this machine alone
 * @throws {MistakeError} where there is nothing to verify it with
 */
export function serverProof({ place, endpoint, serverName }: ConnectionArgs): ServerProof | undefined {
  if (place.platformDir !== undefined) {
    if (isLoopback(endpoint.host)) return undefined;
    throw new MistakeError(
      `${endpoint.host} is not on this machine, and the local platform is: leave --endpoint out, or say --aws`,
    );
  }
  if (serverName === undefined) {
    throw new MistakeError(
      `${endpoint.host}:${endpoint.port} is a tunnel, and the name of the instance behind it is not known: give ` +
        "--server-name with the instance's address, such as ecomos-prod.….us-east-1.rds.amazonaws.com",
    );
  }
  return { serverName, ...bundleOf(place) };
}

const HOW_TO_GET_IT =
  "download https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem and name the file with --ca-bundle, " +
  "in the stack's setting adminCaBundle or in NODE_EXTRA_CA_CERTS";

function bundleOf({ caBundle: bundleFile }: Place): Omit<ServerProof, "serverName"> {
  if (bundleFile === undefined)
    throw new MistakeError(`there is no CA bundle to verify the server with: ${HOW_TO_GET_IT}`);
  let bundle: string;
  try {
    bundle = readFileSync(bundleFile, "utf8");
  } catch (thrown) {
    throw new MistakeError(
      `the CA bundle ${bundleFile} cannot be read (${codeOf(thrown)}): ${HOW_TO_GET_IT}`,
    );
  }
  if (bundle.includes("-----BEGIN CERTIFICATE-----")) return { bundleFile, bundle };
  throw new MistakeError(`the CA bundle ${bundleFile} has no certificate in it: ${HOW_TO_GET_IT}`);
}

function sslOf(proof: ServerProof | undefined): ClientConfig["ssl"] {
  if (proof === undefined) return false;
  return {
    ca: proof.bundle,
    // Said, since NODE_TLS_REJECT_UNAUTHORIZED=0 turns off what is not.
    rejectUnauthorized: true,
    // node-postgres asks for the host that it connects to, which is the tunnel's.
    checkServerIdentity: (_host, certificate) => checkServerIdentity(proof.serverName, certificate),
  };
}

/** For people. */
function placeText({ endpoint, database }: ConnectionArgs): string {
  return `${endpoint.host}:${endpoint.port}/${database}`;
}

/**
 * Connects. Every command goes through here: nothing is sent before the server has proven its name, and the password not
 * at all, since SCRAM proves that both know it.
 * @throws {MistakeError} when nobody answers, the server is another one, or it does not take the login
 */
export async function connect(args: ConnectionArgs): Promise<Session> {
  const { endpoint, database, user, password } = args;
  const proof = serverProof(args);
  const client = new Client({
    ...endpoint,
    database,
    user,
    password,
    ssl: sslOf(proof),
    options: sessionOptions(args),
    application_name: `portal-db ${args.verb}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_SECONDS * 1000,
    keepAlive: true,
  });
  // A lost connection is also the running query's error, which is the one that is shown.
  client.on("error", () => {});
  const at = placeText(args);
  const isProven = onlyScram(client, () =>
    notScram(at, user, "asks for the password itself, or for its MD5"),
  );
  try {
    await client.connect();
    if (!isProven()) throw notScram(at, user, UNPROVEN);
    await leaveOutTransactionTimeout(client);
    return { client, at, login: user };
  } catch (thrown) {
    // Whoever it is may keep the connection open, and the process with it.
    client.connection.stream.destroy();
    throw thrown instanceof MistakeError ? thrown : connectProblem(args, proof, thrown);
  }
}

/** Postgres 16 does not know it, and would refuse a connection that begins with it. */
async function leaveOutTransactionTimeout(client: Client): Promise<void> {
  await client.query("SET transaction_timeout = 0").catch((thrown: unknown) => {
    if (codeOf(thrown) !== "42704") throw thrown;
  });
}

/**
 * Holds a client to SCRAM: by itself node-postgres answers whatever the server asks for, also the password in clear.
 * @returns whether the server has proven that it knows the password
 */
function onlyScram(client: Client, refusal: () => MistakeError): () => boolean {
  const { connection } = client;
  // The client's own listeners come later, when it connects, and find a stream that nothing can be written to.
  for (const asked of ["authenticationCleartextPassword", "authenticationMD5Password"])
    connection.on(asked, () => connection.stream.destroy(refusal()));
  let isProven = false;
  // It carries the server's signature; a wrong one ends the connection.
  connection.on("authenticationSASLFinal", () => {
    isProven = true;
  });
  return () => isProven;
}

const UNPROVEN = "does not prove that it knows the password";

function notScram(at: string, login: string, does: string): MistakeError {
  return new MistakeError(
    `${at} ${does}, where SCRAM is due; the password was not sent. Something else listens there: find out what. Or ` +
      `${login} has had its password since before SCRAM: set it again`,
  );
}

const CERTIFICATE_CODES = [
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_HAS_EXPIRED",
];

/** The server is there, and does not take the password. */
export class WrongPassword extends MistakeError {}

/** A login holds as many connections as it may. */
export class NoConnectionLeft extends MistakeError {}

/** What a failed connection means. */
function connectProblem(args: ConnectionArgs, proof: ServerProof | undefined, thrown: unknown): MistakeError {
  const { user, whenRefused } = args;
  const at = placeText(args);
  const code = codeOf(thrown) ?? "";
  if (code === "28P01") return new WrongPassword(`${at} refuses ${user}: ${whenRefused}`);
  if (code === "28000")
    return new MistakeError(`${at} refuses ${user}, whatever its password is: ${messageOf(thrown)}`);
  if (code === "42501")
    return new MistakeError(
      `${user} may not connect to ${at}: it has no CONNECT on the database. Deploy its stack with --refresh`,
    );
  if (code === "53300")
    return new NoConnectionLeft(`${user} has no connection left on ${at}: end one of its sessions`);
  if (proof !== undefined && code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return new MistakeError(
      `${at} is not ${proof.serverName}: its certificate is for another name; nothing was sent. Where does the tunnel lead?`,
    );
  }
  if (proof !== undefined && CERTIFICATE_CODES.includes(code)) {
    return new MistakeError(
      `the certificate of ${at} does not hold against ${proof.bundleFile} (${code}); nothing was sent. For RDS ${HOW_TO_GET_IT}`,
    );
  }
  if (/^SASL: /.test(messageOf(thrown))) return notScram(at, user, UNPROVEN);
  if (/does not support SSL/.test(messageOf(thrown)))
    return new MistakeError(`${at} has no TLS, so it is no instance of RDS; nothing was sent`);
  const hint = "is the platform started (npm run local), or the tunnel open (npm run ops -- tunnel)?";
  return new MistakeError(`no connection to ${at} (${code || messageOf(thrown)}): ${hint}`);
}
