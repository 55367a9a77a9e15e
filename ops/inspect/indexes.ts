import type { Client } from "pg";
import { HELD, SIZED } from "./sizes";

/** An index that somebody should look at. */
export interface Index {
  readonly schema: string;
  readonly table: string;
  readonly index: string;
  readonly bytes: number;
  readonly isEstimate: boolean;
}

/** What the catalogs say of an index. */
interface FoundIndex extends Index {
  /** How often it was used since the statistics began; of a partitioned one those of all its parts. */
  readonly scans: number;
  readonly isValid: boolean;
  /** Whether it holds a rule, such as that a column is unique, or tells rows apart for replication. */
  readonly isNeeded: boolean;
  /** Whether it belongs to the index of a partitioned table, and can go with that one alone. */
  readonly isPart: boolean;
  /** Everything that decides what it finds. */
  readonly definition: string;
}

/** What is stored of an expression says where it stood in its statement, too, which makes no difference. */
const EXPRESSION = (column: string): string =>
  `regexp_replace(coalesce(i.${column}::text, ''), ':location -?\\d+', '', 'g')`;

const INDEXES = `
  WITH RECURSIVE ${HELD},
  own AS (
    SELECT i.*, c.relname, c.relkind, c.relam, c.relispartition, t.relname AS of, n.nspname
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY($1) AND t.relkind IN ('r', 'm', 'p')),
  parts(index, part) AS (
    SELECT indexrelid, indexrelid FROM own
    UNION ALL SELECT index, inhrelid FROM parts JOIN pg_inherits ON inhparent = part),
  sums AS (
    SELECT index, sum(bytes)::float8 AS bytes, bool_or("isEstimate") AS "isEstimate",
      sum(pg_stat_get_numscans(part))::float8 AS scans
    FROM parts ${SIZED("part", "$2")} GROUP BY index)
  SELECT nspname AS schema, of AS table, relname AS index, bytes, "isEstimate", scans, indisvalid AS "isValid",
    indisunique OR indisprimary OR indisexclusion OR indisreplident
      OR EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) AS "isNeeded", relispartition AS "isPart",
    concat_ws('|', indrelid, relam, indnkeyatts, indkey, indclass, indcollation, indoption, indnullsnotdistinct,
      ${EXPRESSION("indexprs")}, ${EXPRESSION("indpred")}) AS definition
  FROM own i JOIN sums ON index = indexrelid ORDER BY bytes DESC, nspname, of, relname`;

/** Indexes that cost and do not serve. */
export interface Indexes {
  /** Never used since the statistics began. None of them holds a rule. */
  readonly unused: readonly Index[];
  /** Those that find what another one finds, which is named. */
  readonly duplicate: readonly (Index & { readonly sameAs: string })[];
  /** Those that no query uses, since they were not built to their end: nothing but a drop, or REINDEX, mends them. */
  readonly invalid: readonly (Index & { readonly isBeingBuilt: boolean })[];
}

const indexOf = ({ schema, table, index, bytes, isEstimate }: FoundIndex): Index => ({
  schema,
  table,
  index,
  bytes,
  isEstimate,
});

/** @param built indexes that a session is at work on, as `schema.index` */
export async function readIndexes(
  client: Client,
  schemas: readonly string[],
  isHeld: boolean,
  built: ReadonlySet<string>,
): Promise<Indexes> {
  const { rows } = await client.query<FoundIndex>(INDEXES, [schemas, isHeld]);
  const own = rows.filter(({ isPart }) => !isPart);
  const droppable = own.filter(({ isNeeded, isValid }) => isValid && !isNeeded);
  return {
    unused: droppable.filter(({ scans }) => scans === 0).map(indexOf),
    duplicate: droppable.flatMap((one) => {
      const same = own.filter(({ definition, isValid }) => isValid && definition === one.definition);
      // One stays: that which holds a rule, or else the most used.
      const [kept] = same.sort(
        (a, b) =>
          Number(b.isNeeded) - Number(a.isNeeded) || b.scans - a.scans || (a.index < b.index ? -1 : 1),
      );
      return kept === undefined || kept.index === one.index ? [] : [{ ...indexOf(one), sameAs: kept.index }];
    }),
    invalid: own
      .filter(({ isValid }) => !isValid)
      .map((one) => ({ ...indexOf(one), isBeingBuilt: built.has(`${one.schema}.${one.index}`) })),
  };
}
