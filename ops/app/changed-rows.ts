import type { Client } from "pg";
import { printLine } from "../../cli/lines";

/** Rows that a transaction changed in one table, with those that foreign keys and triggers changed along. */
export interface ChangedRows {
  readonly table: string;
  readonly deleted: number;
  readonly updated: number;
  readonly inserted: number;
}

/** Materialized views are counted there, too; their rows are not their own. */
const CHANGED = `
  SELECT s.relname AS "table", s.n_tup_del::int AS deleted, s.n_tup_upd::int AS updated, s.n_tup_ins::int AS inserted
  FROM pg_catalog.pg_stat_xact_user_tables s JOIN pg_catalog.pg_class c ON c.oid = s.relid AND c.relkind <> 'm'
  WHERE s.schemaname = $1 AND s.n_tup_del + s.n_tup_upd + s.n_tup_ins > 0 ORDER BY 1`;

/** What the transaction has changed so far in a schema. */
export async function rowsChanged(client: Client, schema: string): Promise<ChangedRows[]> {
  const { rows } = await client.query<ChangedRows>(CHANGED, [schema]);
  return rows;
}

/** What was changed between two counts; a table that was emptied whole meanwhile may have been counted anew. */
export function changedSince(before: readonly ChangedRows[], now: readonly ChangedRows[]): ChangedRows[] {
  const beforeByTable = new Map(before.map((one) => [one.table, one]));
  return now
    .map((one) => {
      const then = beforeByTable.get(one.table);
      return {
        table: one.table,
        deleted: Math.max(0, one.deleted - (then?.deleted ?? 0)),
        updated: Math.max(0, one.updated - (then?.updated ?? 0)),
        inserted: Math.max(0, one.inserted - (then?.inserted ?? 0)),
      };
    })
    .filter(({ deleted, updated, inserted }) => deleted + updated + inserted > 0);
}

/** For people: `1 row`, `2 rows`. */
export const rowsText = (count: number): string => `${count} row${count === 1 ? "" : "s"}`;

/** Says for each table what was changed in it, on lines of their own. */
export function printChanged(changed: readonly ChangedRows[]): void {
  console.log("In all, with foreign keys and triggers:");
  for (const { table, deleted, updated, inserted } of changed) {
    const counts = [
      `${deleted} deleted`,
      `${updated} updated`,
      ...(inserted > 0 ? [`${inserted} inserted`] : []),
    ];
    printLine(`${table}: ${counts.join(", ")}`, "  ");
  }
  if (changed.length === 0) console.log("  nothing");
}
