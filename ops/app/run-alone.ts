import type { Client, QueryConfig } from "pg";
import { codeOf } from "../../infra/mistake";

/** What the server says of a statement that it ran. */
export interface Done {
  /** Its kind, such as `UPDATE`. */
  readonly verb: string;
  /** Rows that it changed or gave; null for one that counts none. */
  readonly rows: number | null;
}

/** Runs a statement in the protocol that takes one at a time: the server refuses a text that it reads as more. */
export async function runAlone(client: Client, sql: string): Promise<Done> {
  const query: QueryConfig & { queryMode: "extended" } = { text: sql, queryMode: "extended" };
  const { command, rowCount } = await client.query(query);
  return { verb: command, rows: rowCount };
}

/** Whether an error is a statement's own: a lock, or the end of the connection, is not. */
export function isStatementsFault(thrown: unknown): boolean {
  const code = codeOf(thrown) ?? "";
  return /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P|55P03|40P01)/.test(code);
}
