import type { Client } from "pg";
import { utcText } from "./units";

/** A replication slot: what it has not been told yet, the server keeps. */
export interface Slot {
  readonly slot: string;
  readonly kind: string;
  readonly database: string | null;
  readonly isActive: boolean;
  /** WAL that is kept for it; null where it keeps none any more. */
  readonly walHeldBytes: number | null;
  /** As `pg_replication_slots` has it: reserved, extended, unreserved, lost. */
  readonly walStatus: string | null;
  /** Transactions since the oldest one that it keeps dead rows of; null where it keeps none. */
  readonly ageTransactions: number | null;
}

/** A transaction that was prepared for two-phase commit and waits for its end, with every lock that it has. */
export interface Prepared {
  readonly name: string;
  readonly login: string;
  readonly preparedSeconds: number;
  readonly ageTransactions: number;
}

/** What one schema's reads found in memory; null where nothing was read. */
export interface CacheHits {
  readonly schema: string;
  readonly tableHitPercent: number | null;
  readonly indexHitPercent: number | null;
}

/** The server's state that all its apps share. */
export interface ServerState {
  readonly version: string;
  /** When it was asked, in UTC. */
  readonly at: string;
  readonly databaseBytes: number;
  /** When its counters began, in UTC; null: with the database itself. */
  readonly statisticsSince: string | null;
  readonly maxConnections: number;
  /** Those that only the master, RDS or a superuser gets. */
  readonly reservedConnections: number;
  /** What the database itself lets in; null where it sets no limit. */
  readonly databaseLimit: number | null;
  readonly isAutovacuumOn: boolean;
  /** Transactions since the database's oldest row was frozen; at 2,100 million the server takes none any more. */
  readonly ageTransactions: number;
  readonly ageMultixacts: number;
  /** Age from which on autovacuum works even where it is turned off. */
  readonly freezeAtTransactions: number;
}

const STATE = `
  SELECT current_setting('server_version') AS version, ${utcText("now()")} AS at,
    pg_database_size(current_database())::float8 AS "databaseBytes",
    ${utcText("pg_stat_get_db_stat_reset_time(oid)")} AS "statisticsSince",
    current_setting('max_connections')::int AS "maxConnections",
    (SELECT sum(setting::int)::int FROM pg_settings WHERE name IN ('superuser_reserved_connections', 'reserved_connections',
      'rds.rds_superuser_reserved_connections', 'rds.rds_reserved_connections')) AS "reservedConnections",
    nullif(datconnlimit, -1) AS "databaseLimit", current_setting('autovacuum') = 'on' AS "isAutovacuumOn",
    age(datfrozenxid) AS "ageTransactions", mxid_age(datminmxid) AS "ageMultixacts",
    current_setting('autovacuum_freeze_max_age')::int AS "freezeAtTransactions"
  FROM pg_database WHERE datname = current_database()`;

/** @throws Error when the database is gone */
export async function readState(client: Client): Promise<ServerState> {
  const [state] = (await client.query<ServerState>(STATE)).rows;
  if (state === undefined) throw new Error("the database is not among the databases");
  return state;
}

const SLOTS = `
  SELECT slot_name AS slot, slot_type AS kind, database, active AS "isActive", wal_status AS "walStatus",
    pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 AS "walHeldBytes",
    greatest(age(xmin), age(catalog_xmin)) AS "ageTransactions"
  FROM pg_replication_slots ORDER BY "walHeldBytes" DESC NULLS LAST, slot`;

const PREPARED = `
  SELECT gid AS name, owner AS login, extract(epoch FROM now() - prepared)::float8 AS "preparedSeconds",
    age(transaction) AS "ageTransactions"
  FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared, gid`;

const CACHE = `
  SELECT nspname AS schema,
    floor(100 * sum(heap_blks_hit) / nullif(sum(heap_blks_hit + heap_blks_read), 0))::int AS "tableHitPercent",
    floor(100 * sum(idx_blks_hit) / nullif(sum(idx_blks_hit + idx_blks_read), 0))::int AS "indexHitPercent"
  FROM unnest($1::text[]) AS nspname LEFT JOIN pg_statio_all_tables ON schemaname = nspname
  GROUP BY nspname ORDER BY nspname`;

export const readSlots = async (client: Client): Promise<Slot[]> => (await client.query<Slot>(SLOTS)).rows;

export const readPrepared = async (client: Client): Promise<Prepared[]> =>
  (await client.query<Prepared>(PREPARED)).rows;

export const readCache = async (client: Client, schemas: readonly string[]): Promise<CacheHits[]> =>
  (await client.query<CacheHits>(CACHE, [schemas])).rows;

/** Indexes that a session is at work on, as `schema.index`: as far as its login may be seen into. */
export async function readBuilds(client: Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT n.nspname || '.' || c.relname AS name FROM pg_stat_progress_create_index p
       JOIN pg_class c ON c.oid = p.index_relid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE p.datname = current_database()`,
  );
  return new Set(rows.map(({ name }) => name));
}
