import type { Client } from "pg";

/** Major version of the server, such as 17. */
export async function serverMajor(client: Client): Promise<number> {
  const { rows } = await client.query<{ number: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS number",
  );
  return rows[0]?.number ?? 0;
}

/** How many tables with rows a schema has. Their sizes would be worth telling, but asking for them waits for locks. */
export async function tableCount(client: Client, schema: string): Promise<number> {
  const { rows } = await client.query<{ tables: number }>(
    `SELECT count(*)::int AS tables FROM pg_class
     WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relkind = 'r'`,
    [schema],
  );
  return rows[0]?.tables ?? 0;
}

/** How many large objects the app has: they stand in no schema, so that no snapshot of one can hold them. */
export async function largeObjects(client: Client): Promise<number> {
  const { rows } = await client.query<{ number: number }>(
    `SELECT count(*)::int AS number FROM pg_largeobject_metadata
     WHERE lomowner IN (current_user::regrole, session_user::regrole)`,
  );
  return rows[0]?.number ?? 0;
}
