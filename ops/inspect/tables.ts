import type { Client } from "pg";
import { HELD, SIZED } from "./sizes";
import { percentOf, utcText } from "./units";

/** A table or a materialized view. */
export interface Table {
  readonly schema: string;
  readonly table: string;
  /** All of it, as `pg_total_relation_size` counts. */
  readonly totalBytes: number;
  /** Its rows, without what is in TOAST. */
  readonly rowsBytes: number;
  readonly toastBytes: number;
  readonly indexesBytes: number;
  /** Whether the sizes are those of the last vacuum: somebody has it locked, and is not waited for. */
  readonly isEstimate: boolean;
  /** Rows, as the server counts along. */
  readonly liveRows: number;
  readonly deadRows: number;
  /** Of all its rows, live and dead. */
  readonly deadPercent: number;
  /** Dead rows from which on autovacuum works; null where it is turned off for the table. */
  readonly vacuumAtDeadRows: number | null;
  /** The last one by hand or by autovacuum, in UTC; null where there was none since the statistics began. */
  readonly lastVacuum: string | null;
  readonly lastAnalyze: string | null;
  /** Transactions since its oldest row was frozen. */
  readonly ageTransactions: number;
  readonly sequentialScans: number;
  readonly indexScans: number;
}

const TABLES = `
  WITH ${HELD},
  tables AS (
    SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'm')),
  parts AS (
    SELECT oid AS of, oid AS part, 'rows' AS kind FROM tables
    UNION ALL SELECT oid, reltoastrelid, 'toast' FROM tables WHERE reltoastrelid <> 0
    UNION ALL SELECT t.oid, indexrelid, 'toast' FROM tables t JOIN pg_index ON indrelid = reltoastrelid
    UNION ALL SELECT t.oid, indexrelid, 'indexes' FROM tables t JOIN pg_index ON indrelid = t.oid),
  sizes AS (
    SELECT of, sum(bytes)::float8 AS total, bool_or("isEstimate") AS "isEstimate",
      coalesce(sum(bytes) FILTER (WHERE kind = 'rows'), 0)::float8 AS rows,
      coalesce(sum(bytes) FILTER (WHERE kind = 'toast'), 0)::float8 AS toast,
      coalesce(sum(bytes) FILTER (WHERE kind = 'indexes'), 0)::float8 AS indexes
    FROM parts ${SIZED("part", "$2")} GROUP BY of),
  options AS (
    SELECT t.oid, jsonb_object_agg(option_name, option_value) AS own FROM tables t, pg_options_to_table(t.reloptions) GROUP BY 1)
  SELECT nspname AS schema, relname AS table, total AS "totalBytes", rows AS "rowsBytes", toast AS "toastBytes",
    indexes AS "indexesBytes", "isEstimate",
    pg_stat_get_live_tuples(t.oid)::float8 AS "liveRows", pg_stat_get_dead_tuples(t.oid)::float8 AS "deadRows",
    CASE WHEN lower(coalesce(own->>'autovacuum_enabled', 'on')) IN ('on', 'true', 'yes', '1', 't', 'y')
      AND current_setting('autovacuum') = 'on' THEN floor(least(
        coalesce((own->>'autovacuum_vacuum_threshold')::float8, current_setting('autovacuum_vacuum_threshold')::float8)
          + coalesce((own->>'autovacuum_vacuum_scale_factor')::float8, current_setting('autovacuum_vacuum_scale_factor')::float8)
          * greatest(reltuples, 0),
        nullif(coalesce((own->>'autovacuum_vacuum_max_threshold')::float8,
          current_setting('autovacuum_vacuum_max_threshold', true)::float8), -1)))
    END AS "vacuumAtDeadRows",
    ${utcText("greatest(pg_stat_get_last_vacuum_time(t.oid), pg_stat_get_last_autovacuum_time(t.oid))")} AS "lastVacuum",
    ${utcText("greatest(pg_stat_get_last_analyze_time(t.oid), pg_stat_get_last_autoanalyze_time(t.oid))")} AS "lastAnalyze",
    age(relfrozenxid) AS "ageTransactions", pg_stat_get_numscans(t.oid)::float8 AS "sequentialScans",
    (SELECT coalesce(sum(pg_stat_get_numscans(indexrelid)), 0)::float8 FROM pg_index WHERE indrelid = t.oid) AS "indexScans"
  FROM tables t JOIN sizes ON of = t.oid LEFT JOIN options o ON o.oid = t.oid
  ORDER BY total DESC, nspname, relname`;

/**
 * Tables of the schemas, the largest first.
 * @param isHeld takes all sizes from the last vacuum
 */
export async function readTables(
  client: Client,
  schemas: readonly string[],
  isHeld: boolean,
): Promise<Table[]> {
  const { rows } = await client.query<Omit<Table, "deadPercent">>(TABLES, [schemas, isHeld]);
  return rows.map((row) => ({ ...row, deadPercent: percentOf(row.deadRows, row.liveRows + row.deadRows) }));
}
