import type { Client } from "pg";

/** A session that holds locks. */
interface Holder {
  readonly pid: number;
  readonly login: string | null;
  readonly application: string | null;
  readonly since: string | null;
  readonly tables: readonly string[];
}

const HOLDERS = `
  SELECT l.pid, a.usename AS login, a.application_name AS application,
    to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS since,
    (array_agg(DISTINCT c.relname::text))[1:3] AS tables
  FROM pg_locks l
    JOIN pg_class c ON c.oid = l.relation AND c.relnamespace = to_regnamespace(quote_ident($1))
    LEFT JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.granted AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  GROUP BY l.pid, a.usename, a.application_name, a.xact_start ORDER BY a.xact_start, l.pid LIMIT 5`;

/**
 * Sessions that hold a lock on a relation of the schema: pid, login, application and since when.
 * @returns one line each, such as `pid 4711 (portal_wms_dev, application "api", since …) on orders`
 */
export async function lockHolders(client: Client, schema: string): Promise<string[]> {
  // As the login itself: the owner, which it acts as, may not see since when the login's sessions work.
  await client.query("BEGIN");
  await client.query("SET LOCAL ROLE NONE");
  const { rows } = await client.query<Holder>(HOLDERS, [schema]);
  await client.query("ROLLBACK");
  return rows.map(({ pid, login, application, since, tables }) => {
    const named = application === null || application === "" ? "without a name" : JSON.stringify(application);
    const began = since === null ? "" : `, since ${since}`;
    return `pid ${pid} (${login ?? "unknown login"}, application ${named}${began}) on ${tables.join(", ")}`;
  });
}
