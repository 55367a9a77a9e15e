import type { Client } from "pg";
import { EXTENSIONS_SCHEMA } from "../../infra/names";

/** Volatile, and yet without an effect on anything. */
export const HARMLESS_FUNCTIONS: readonly string[] = [
  "random",
  "gen_random_uuid",
  "clock_timestamp",
  "statement_timestamp",
  "timeofday",
  "uuid_generate_v1",
  "uuid_generate_v1mc",
  "uuid_generate_v4",
  "gen_random_bytes",
  "gen_salt",
];

const CHANGING = `
  SELECT DISTINCT p.proname AS name FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE p.proname = ANY ($1) AND n.nspname IN ('pg_catalog', '${EXTENSIONS_SCHEMA}') AND p.provolatile = 'v'
    AND p.proname <> ALL ($2)`;

/** Those of Postgres's and the extensions' functions that may change something: `query_to_xml` runs any statement. */
export async function changingFunctions(
  client: Client,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(CHANGING, [names, HARMLESS_FUNCTIONS]);
  return new Set(rows.map(({ name }) => name));
}
