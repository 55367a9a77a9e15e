/** Forks of a relation, as `pg_table_size` adds them up. */
const SIZE = (oid: string): string =>
  ["main", "fsm", "vm", "init"].map((fork) => `pg_relation_size(${oid}, '${fork}')`).join(" + ");

/**
 * Relations that somebody has for himself. To ask for their size is to wait for them.
 * A relation of another database may have the same number; then its size is that of the last vacuum.
 */
export const HELD = `held AS MATERIALIZED (
    SELECT relation FROM pg_locks WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock')`;

/** The size of what `part` is the number of. @param isHeld also without a lock, where one came in between */
export const SIZED = (part: string, isHeld: string): string =>
  `CROSS JOIN LATERAL (SELECT ${isHeld} OR ${part} IN (SELECT relation FROM held) AS "isEstimate") e
   CROSS JOIN LATERAL (SELECT CASE WHEN "isEstimate" THEN (SELECT relpages::bigint FROM pg_class WHERE oid = ${part})
     * current_setting('block_size')::int ELSE coalesce(${SIZE(part)}, 0) END AS bytes) s`;
