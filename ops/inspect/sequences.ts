import type { Client } from "pg";

/** A sequence, and how much of its numbers is used. */
export interface Sequence {
  readonly schema: string;
  readonly sequence: string;
  /** The column whose default it is, as `orders.id`. */
  readonly column: string | null;
  /** Null where it has given none yet, or somebody alters it. Text, since it may be greater than what JSON's readers hold. */
  readonly lastValue: string | null;
  /** The last one that the sequence, or the type of its column, can have. */
  readonly endValue: string;
  readonly usedPercent: number;
}

/**
 * The end is the column's, where that is of a smaller type than the sequence. One that is being altered, or whose rights
 * its owner has taken from itself, would be waited for or refused.
 */
const SEQUENCES = `
  WITH held AS MATERIALIZED (
    SELECT relation FROM pg_locks WHERE locktype = 'relation'
      AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')),
  found AS (
    SELECT n.nspname AS schema, c.relname AS sequence,
      CASE WHEN s.seqincrement > 0 THEN least(s.seqstart, 1) ELSE greatest(s.seqstart, -1) END::numeric AS start,
      a.relname || '.' || a.attname AS "column",
      CASE WHEN s.seqincrement > 0 THEN least(s.seqmax, a.most) ELSE greatest(s.seqmin, -a.most - 1) END::numeric AS "end",
      CASE WHEN NOT $2 AND c.oid NOT IN (SELECT relation FROM held) AND has_sequence_privilege(c.oid, 'SELECT, USAGE')
        THEN pg_sequence_last_value(c.oid) END::numeric AS last
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN LATERAL (
        SELECT t.relname, a.attname,
          CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 END::bigint AS most
        FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
          JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
          AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') LIMIT 1) a ON true
    WHERE n.nspname = ANY($1) AND NOT s.seqcycle)
  SELECT schema, sequence, "column", last::text AS "lastValue", "end"::text AS "endValue",
    floor(100 * coalesce(least(1, greatest(0, (last - start) / nullif("end" - start, 0))), 0))::int AS "usedPercent"
  FROM found ORDER BY "usedPercent" DESC, schema, sequence`;

/** Sequences that end some day, the fullest first. @param isHeld asks none how far it is */
export async function readSequences(
  client: Client,
  schemas: readonly string[],
  isHeld: boolean,
): Promise<Sequence[]> {
  return (await client.query<Sequence>(SEQUENCES, [schemas, isHeld])).rows;
}
