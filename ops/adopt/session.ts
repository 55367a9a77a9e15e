import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "pg";
import { type Endpoint, isLoopback } from "../../infra/config/endpoint";
import { parseAdminSecret } from "../../infra/database/admin-credentials";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import { ADMIN_SECRET, DATABASE } from "../../infra/names";
import type { Place } from "../app/place";
import { awsProblem, secretsManager } from "../app/secrets";
import type { Declared } from "./declared";

/** The admin's connection. */
export interface AdoptSession {
  readonly client: Client;
  /** `host:port/database`, for people. */
  readonly at: string;
}

/** Before the first deploy there is no admin secret: the password comes from PGPASSWORD then. */
async function credentialsOf(
  place: Place,
  declared: Declared,
): Promise<{ username: string; password: string }> {
  const given = process.env.PGPASSWORD;
  if (given !== undefined && given !== "") return { username: declared.admin, password: given };
  try {
    const { SecretString } = await (await secretsManager(place)).getSecretValue({ SecretId: ADMIN_SECRET });
    return parseAdminSecret(SecretString ?? "");
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ResourceNotFoundException") {
      throw new MistakeError(
        `there is no secret ${ADMIN_SECRET} yet: give the password of ${declared.admin} in PGPASSWORD`,
      );
    }
    throw awsProblem(`the secret ${ADMIN_SECRET} cannot be read (or set PGPASSWORD)`, place, thrown);
  }
}

function endpointOf(place: Place, declared: Declared): Endpoint {
  if (place.endpoint !== undefined) return place.endpoint;
  if (place.platformDir !== undefined) {
    const { postgres } = JSON.parse(readFileSync(resolve(place.platformDir, "platform.json"), "utf8")) as {
      postgres: Endpoint;
    };
    return postgres;
  }
  const { endpoint } = declared;
  if (endpoint === undefined)
    throw new MistakeError(
      "where is the server? Give --endpoint host:port, such as localhost:6543 through the tunnel",
    );
  return endpoint;
}

/**
 * Logs in as the instance's master user.
 * @throws {MistakeError} when nobody answers or the password is wrong
 */
export async function openAdoptSession(place: Place, declared: Declared): Promise<AdoptSession> {
  const { username: user, password } = await credentialsOf(place, declared);
  const { host, port } = endpointOf(place, declared);
  const at = `${host}:${port}/${DATABASE}`;
  const isPlain = place.platformDir !== undefined || declared.sslmode === "disable";
  // A tunnel's end has no name in the server's certificate.
  const ssl = isPlain ? false : { rejectUnauthorized: !isLoopback(host) && declared.sslmode !== "require" };
  const client = new Client({
    host,
    port,
    user,
    password,
    database: DATABASE,
    ssl,
    application_name: "portal-db adopt",
    connectionTimeoutMillis: 15_000,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return { client, at };
  } catch (thrown) {
    const code = codeOf(thrown) ?? "";
    if (code === "28P01" || code === "28000")
      throw new MistakeError(`${at} refuses ${user}: the password is not the server's`);
    throw new MistakeError(
      `no connection to ${at} (${code || messageOf(thrown)}): is the tunnel open, or the platform started?`,
    );
  }
}
