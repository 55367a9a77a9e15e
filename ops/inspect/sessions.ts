import type { Client } from "pg";
import { queryText } from "./query-text";

/** A session of the server. What only its own role may see is null to everybody else. */
export interface ServerSession {
  readonly pid: number;
  readonly login: string;
  readonly application: string;
  readonly database: string | null;
  /** Whether this session may see what it does. */
  readonly isSeen: boolean;
  /** As `pg_stat_activity` has it: active, idle, idle in transaction. */
  readonly state: string | null;
  readonly stateSeconds: number | null;
  /** How long its transaction has been open. */
  readonly transactionSeconds: number | null;
  /** Transactions that have begun since its oldest one: rows that died since then cannot be removed. */
  readonly ageTransactions: number | null;
  /** Its last statement, without the values in it. */
  readonly query: string | null;
}

const SESSIONS = `
  SELECT pid, coalesce(usename, '(a role that is gone)') AS login, application_name AS application, datname AS database,
    usesysid IS NOT NULL AND pg_has_role(usesysid, 'USAGE') AS "isSeen", state,
    extract(epoch FROM clock_timestamp() - state_change)::float8 AS "stateSeconds",
    extract(epoch FROM clock_timestamp() - xact_start)::float8 AS "transactionSeconds",
    greatest(age(backend_xid), age(backend_xmin)) AS "ageTransactions", query
  FROM pg_stat_activity WHERE usesysid IS NOT NULL AND pid <> pg_backend_pid() ORDER BY pid`;

/** Every session but this one, in whatever database. */
export async function readSessions(client: Client): Promise<ServerSession[]> {
  const { rows } = await client.query<ServerSession>(SESSIONS);
  return rows.map((row) => ({
    ...row,
    query: row.isSeen && row.query !== null && row.query !== "" ? queryText(row.query) : null,
  }));
}

/** A lock that a session has, or waits for. */
export interface Lock {
  /** Null for a transaction that was prepared and belongs to no session. */
  readonly pid: number | null;
  readonly isGranted: boolean;
  readonly type: string;
  /** As Postgres calls it, such as AccessExclusiveLock. */
  readonly mode: string;
  /** The schema and the relation, where it is on one of this database. */
  readonly schema: string | null;
  readonly relation: string | null;
  /** Number of an advisory lock. */
  readonly advisory: string | null;
  readonly waitingSeconds: number | null;
  /** Processes that it waits for; 0 is a prepared transaction. */
  readonly blockers: readonly number[];
  /** Those of them that are nobody's session, but the server's own: what they are is shown to superusers alone. */
  readonly serverBlockers: readonly number[];
}

/** Locks on relations of the schemas, and every one that somebody waits for. Catalogs are below 16384. */
const LOCKS = `
  SELECT l.pid, l.granted AS "isGranted", l.locktype AS type, l.mode, n.nspname AS schema, c.relname AS relation,
    CASE WHEN l.locktype = 'advisory' THEN CASE WHEN l.objsubid = 1
      THEN ((l.classid::bigint << 32) | l.objid::bigint)::text ELSE l.classid || ', ' || l.objid END END AS advisory,
    extract(epoch FROM clock_timestamp() - l.waitstart)::float8 AS "waitingSeconds",
    b.blockers,
    array(SELECT a.pid FROM pg_stat_activity a WHERE a.pid = ANY(b.blockers) AND a.usesysid IS NULL ORDER BY 1) AS "serverBlockers"
  FROM pg_locks l
    CROSS JOIN LATERAL (SELECT CASE WHEN l.granted THEN '{}' ELSE pg_blocking_pids(l.pid) END AS blockers) b
    LEFT JOIN pg_class c ON c.oid = l.relation AND l.relation >= 16384
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE l.pid IS DISTINCT FROM pg_backend_pid()
    AND (NOT l.granted OR (n.nspname = ANY($1) AND c.relkind IN ('r', 'p', 'm', 'v', 'S', 'f')))
  ORDER BY l.waitstart NULLS LAST, l.pid, l.mode, n.nspname, c.relname`;

/** Who has a lock in these schemas, and who waits for one anywhere. Everybody may see it. */
export async function readLocks(client: Client, schemas: readonly string[]): Promise<Lock[]> {
  return (await client.query<Lock>(LOCKS, [schemas])).rows;
}
