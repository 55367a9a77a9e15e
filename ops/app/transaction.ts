import type { Client } from "pg";
import { codeOf, isLost, MistakeError, messageOf } from "../../infra/mistake";

/** First key of the advisory locks that keep two commands out of one schema; the second is the schema's. */
const COMMAND_LOCK = 0x706f7274;

/** A transaction that is given up without an error: what it did is undone. */
export class Undone extends Error {}

/** How long statements wait for locks. */
export interface TransactionOptions {
  readonly schema: string;
  /** Seconds until a lock that another session holds is an error. */
  readonly lockTimeoutSeconds: number;
}

/**
 * Runs work in one transaction, alone among the commands that work on the schema: all of it happens, or nothing.
 * @returns undefined when the work gave up with {@link Undone}
 * @throws {MistakeError} for a lock that another session holds, with its pid; a lost connection; missing rights
 */
export async function inTransaction<T>(
  client: Client,
  options: TransactionOptions,
  work: () => Promise<T>,
): Promise<T | undefined> {
  let result: T;
  try {
    await client.query("BEGIN");
    await client.query(`SET LOCAL lock_timeout = '${Math.round(options.lockTimeoutSeconds * 1000)}ms'`);
    await client.query("SET LOCAL standard_conforming_strings = on");
    const { rows } = await client.query<{ free: boolean }>(
      "SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS free",
      [COMMAND_LOCK, options.schema],
    );
    if (rows[0]?.free !== true) {
      throw new MistakeError(`another command is at work on ${options.schema}: wait until it is done`);
    }
    result = await work();
  } catch (thrown) {
    await client.query("ROLLBACK").catch(() => {});
    if (thrown instanceof Undone) return undefined;
    throw await problemOf(client, options, thrown);
  }
  try {
    await client.query("COMMIT");
  } catch (thrown) {
    throw new MistakeError(
      `the connection was lost while the change was committed (${messageOf(thrown)}): look whether it was made`,
    );
  }
  return result;
}

async function problemOf(client: Client, options: TransactionOptions, thrown: unknown): Promise<unknown> {
  if (thrown instanceof MistakeError) return thrown;
  const code = codeOf(thrown);
  const nothing = "nothing was changed";
  if (code === "55P03" || code === "40P01") {
    const holders = await lockHolders(client, options.schema).catch(() => ["which one cannot be read"]);
    const who = holders.length === 0 ? "it has ended since" : holders.join("; ");
    const problem = code === "40P01" ? "a deadlock with another session" : "another session holds a lock";
    return new MistakeError(
      `${problem} in ${options.schema}, ${nothing}: ${who}. End it, or try again later`,
    );
  }
  if (code === "42501") return new MistakeError(`${messageOf(thrown)}; ${nothing}`);
  if (code === "53200") {
    return new MistakeError(`the server has no room for more locks (max_locks_per_transaction); ${nothing}`);
  }
  const message = messageOf(thrown);
  if (isLost(thrown)) return new MistakeError(`the connection was lost (${message}); ${nothing}`);
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code))
    return new MistakeError(`${message} (${code}); ${nothing}`);
  return thrown;
}

/** A session that holds locks. */
interface Holder {
  readonly pid: number;
  readonly login: string | null;
  readonly application: string | null;
  readonly since: string | null;
  readonly tables: readonly string[];
}

const HOLDERS = `
  SELECT l.pid, a.usename AS login, a.application_name AS application,
    to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS since,
    (array_agg(DISTINCT c.relname::text))[1:3] AS tables
  FROM pg_locks l
    JOIN pg_class c ON c.oid = l.relation AND c.relnamespace = to_regnamespace(quote_ident($1))
    LEFT JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.granted AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  GROUP BY l.pid, a.usename, a.application_name, a.xact_start ORDER BY a.xact_start, l.pid LIMIT 5`;

/**
 * Sessions that hold a lock on a relation of the schema: pid, login, application and since when.
 * @returns one line each, such as `pid 4711 (portal_wms_dev, application "api", since …) on orders`
 */
export async function lockHolders(client: Client, schema: string): Promise<string[]> {
  // As the login itself: the owner, which it acts as, may not see since when the login's sessions work.
  await client.query("BEGIN");
  await client.query("SET LOCAL ROLE NONE");
  const { rows } = await client.query<Holder>(HOLDERS, [schema]);
  await client.query("ROLLBACK");
  return rows.map(({ pid, login, application, since, tables }) => {
    const named = application === null || application === "" ? "without a name" : JSON.stringify(application);
    const began = since === null ? "" : `, since ${since}`;
    return `pid ${pid} (${login ?? "unknown login"}, application ${named}${began}) on ${tables.join(", ")}`;
  });
}
