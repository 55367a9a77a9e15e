import { type Client, escapeIdentifier, escapeLiteral } from "pg";
import { MistakeError } from "../../infra/mistake";
import { DATABASE, EXTENSIONS_SCHEMA, SHADOW } from "../../infra/names";
import { scramVerifier } from "../../infra/scram-verifier";
import type { Places } from "../places";
import { connectSuperuser, HOST, runningPostgres } from "./postgres";
import { keptPassword } from "./postgres-cluster";

/** Why there is none for prod. */
export const NO_SHADOW_IN_PROD =
  "--shadow is for prisma migrate dev, which is never run on prod: name another environment";

/** Why it has no URL for libpq. */
export const SHADOW_IS_PRISMAS = "--shadow and --libpq exclude each other: that database is for Prisma alone";

/** Two that make it at once take turns. */
const LOCK = "SELECT pg_advisory_lock(hashtext('prisma_shadow'))";

/**
 * The URL of the shadow database for one schema. It is made when it is first asked for, and brought up to the extensions
 * that the real one has: a migration that uses one would fail in it. No app may connect to it, and its login to nothing else.
 * @param schema that of the app's `DATABASE_URL`, so that a migration finds the same names
 * @throws {MistakeError} when the server does not run
 */
export async function shadowUrl(places: Places, schema: string): Promise<string> {
  const port = await runningPostgres(places);
  if (port === undefined)
    throw new MistakeError("the platform's Postgres does not run: start it with npm run local");
  const server = await connectSuperuser(places, port);
  try {
    await server.query(LOCK);
    const password = keptPassword(places, "shadow");
    await ensureDatabase(server, password);
    const [shadow, real] = await Promise.all([
      connectSuperuser(places, port, SHADOW),
      connectSuperuser(places, port, DATABASE),
    ]);
    await copyExtensions(real, shadow).finally(() => Promise.all([shadow.end(), real.end()]));
    const query = `schema=${encodeURIComponent(schema)}&sslmode=disable`;
    return `postgresql://${SHADOW}:${password}@${HOST}:${port}/${SHADOW}?${query}`;
  } finally {
    await server.end();
  }
}

async function ensureDatabase(server: Client, password: string): Promise<void> {
  const name = escapeIdentifier(SHADOW);
  const role = await server.query("SELECT FROM pg_roles WHERE rolname = $1", [SHADOW]);
  const verifier = escapeLiteral(await scramVerifier(SHADOW, password));
  await server.query(`${role.rowCount === 0 ? "CREATE" : "ALTER"} ROLE ${name} LOGIN PASSWORD ${verifier}`);
  const database = await server.query("SELECT FROM pg_database WHERE datname = $1", [SHADOW]);
  if (database.rowCount === 0) await server.query(`CREATE DATABASE ${name} OWNER ${name}`);
  await server.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
}

const EXTENSIONS = `SELECT extname::text AS name FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace
  WHERE nspname = '${EXTENSIONS_SCHEMA}' ORDER BY e.oid`;

async function copyExtensions(real: Client, shadow: Client): Promise<void> {
  const schema = escapeIdentifier(EXTENSIONS_SCHEMA);
  const namesIn = async (client: Client) =>
    (await client.query<{ name: string }>(EXTENSIONS)).rows.map(({ name }) => name);
  const [wanted, present] = [await namesIn(real), await namesIn(shadow)];
  for (const name of present.filter((one) => !wanted.includes(one)))
    await shadow.query(`DROP EXTENSION ${escapeIdentifier(name)} CASCADE`);
  if (wanted.length === 0) return;
  await shadow.query(`CREATE SCHEMA IF NOT EXISTS ${schema}; GRANT USAGE ON SCHEMA ${schema} TO PUBLIC`);
  for (const name of wanted.filter((one) => !present.includes(one)))
    await shadow.query(`CREATE EXTENSION ${escapeIdentifier(name)} SCHEMA ${schema}`);
}
