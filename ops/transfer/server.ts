import type { Client } from "pg";

/** Major version of the server, such as 17. */
export async function serverMajor(client: Client): Promise<number> {
  const { rows } = await client.query<{ number: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS number",
  );
  return rows[0]?.number ?? 0;
}

/** Tables with rows of a schema, and what it takes on the server with its indexes. */
export async function schemaSize(client: Client, schema: string): Promise<{ tables: number; bytes: number }> {
  const { rows } = await client.query<{ tables: number; bytes: string }>(
    `SELECT (count(*) FILTER (WHERE relkind = 'r'))::int AS tables, coalesce(sum(pg_total_relation_size(oid)), 0)::text AS bytes
     FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relkind IN ('r', 'm')`,
    [schema],
  );
  const [found] = rows;
  return { tables: found?.tables ?? 0, bytes: Number(found?.bytes ?? 0) };
}

/** How many large objects the app has: they stand in no schema, so that no snapshot of one can hold them. */
export async function largeObjects(client: Client): Promise<number> {
  const { rows } = await client.query<{ number: number }>(
    `SELECT count(*)::int AS number FROM pg_largeobject_metadata
     WHERE lomowner IN (current_user::regrole, session_user::regrole)`,
  );
  return rows[0]?.number ?? 0;
}
