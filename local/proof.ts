import { Client, escapeLiteral as literal, escapeIdentifier as quoted } from "pg";
import type { AppSecret } from "./app-secrets";
import { codeOf, messageOf } from "./person-error";

const DENIED = "42501";
const PROBE = "portal_db_probe";
/** Logins that are proven at a time. */
const AT_A_TIME = 4;

/**
 * Logs in with every URL and tries what each login may do and what it may not.
 * @returns one line a broken promise, naming the login; none of them holds a password
 */
export async function prove(secrets: readonly AppSecret[]): Promise<readonly string[]> {
  const waiting = [...secrets];
  const broken: string[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { login } = next;
      const problems = await proveOne(next, secrets).catch((thrown) => [messageOf(thrown)]);
      broken.push(...problems.map((problem) => `${login}: ${problem}`));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return broken.sort();
}

async function proveOne(secret: AppSecret, all: readonly AppSecret[]): Promise<readonly string[]> {
  const client = new Client({ connectionString: secret.url });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("BEGIN");
    const others = all.map(({ schema }) => schema).filter((schema) => schema !== secret.schema);
    return [
      ...(await ownSchema(client, secret.schema)),
      ...(await denials(client, secret.schema, others)),
      ...(await readerRights(client, secret.schema)),
    ];
  } finally {
    await client.query("ROLLBACK").catch(() => {});
    await client.end();
  }
}

async function ownSchema(client: Client, schema: string): Promise<readonly string[]> {
  // Unqualified: the search path of the login must lead to its schema.
  await client.query(`CREATE TABLE ${PROBE} (id serial PRIMARY KEY, note text)`);
  await client.query(`INSERT INTO ${PROBE} (note) VALUES ('kept')`);
  const { rows } = await client.query<{ place: string; owner: string; kept: string }>(
    `SELECT c.relnamespace::regnamespace::text AS place, pg_get_userbyid(c.relowner) AS owner,
       (SELECT note FROM ${PROBE}) AS kept
     FROM pg_class c WHERE c.oid = ${literal(PROBE)}::regclass`,
  );
  const [found] = rows;
  const isRight = found?.place === schema && found.owner === `${schema}_owner` && found.kept === "kept";
  return isRight ? [] : [`a new table is in ${found?.place} and belongs to ${found?.owner}`];
}

async function denials(
  client: Client,
  schema: string,
  others: readonly string[],
): Promise<readonly string[]> {
  const [neighbour] = others;
  const tries: readonly (readonly [string, string])[] = [
    ["may create in public", `CREATE TABLE public.${PROBE} (id int)`],
    ["may drop its own schema", `DROP SCHEMA ${quoted(schema)} CASCADE`],
    ["may create schemas", `CREATE SCHEMA ${PROBE}`],
    ["may create roles", `CREATE ROLE ${PROBE}`],
    ...(neighbour === undefined
      ? []
      : [[`may create in ${neighbour}`, `CREATE TABLE ${quoted(neighbour)}.${PROBE} (id int)`] as const]),
  ];
  const problems: string[] = [];
  for (const [problem, sql] of tries) if (!(await isDenied(client, sql))) problems.push(problem);
  const { rows } = await client.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname = ANY($1) AND (
       has_schema_privilege(current_user, oid, 'USAGE, CREATE')
       OR has_schema_privilege(session_user, oid, 'USAGE, CREATE'))`,
    [others],
  );
  return [...problems, ...rows.map(({ name }) => `may enter ${name}`)];
}

async function isDenied(client: Client, sql: string): Promise<boolean> {
  await client.query("SAVEPOINT try");
  try {
    await client.query(sql);
    return false;
  } catch (thrown) {
    return codeOf(thrown) === DENIED;
  } finally {
    await client.query("ROLLBACK TO try");
  }
}

async function readerRights(client: Client, schema: string): Promise<readonly string[]> {
  const reader = `${schema}_reader`;
  const { rows } = await client.query<{ reads: boolean; writes: boolean }>(
    `SELECT has_schema_privilege(oid, $2, 'USAGE') AND has_table_privilege(oid, $3, 'SELECT') AS reads,
       has_schema_privilege(oid, $2, 'CREATE') OR has_table_privilege(oid, $3, 'INSERT, UPDATE, DELETE') AS writes
     FROM pg_roles WHERE rolname = $1`,
    [reader, schema, PROBE],
  );
  const [rights] = rows;
  if (rights === undefined) return [];
  return [
    ...(rights.reads ? [] : [`${reader} may not read a new table`]),
    ...(rights.writes ? [`${reader} may write`] : []),
  ];
}
