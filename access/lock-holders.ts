import type { Client } from "pg";
import { codeOf } from "../infra/mistake";
import { printable } from "../infra/printable";

/** A session that holds locks. */
interface Holder {
  readonly pid: number;
  readonly login: string | null;
  readonly application: string | null;
  readonly since: string | null;
  readonly tables: readonly string[];
}

/** @param pids whose sessions @param of which relations are named, and @param how */
const holders = (pids: string, of: string, how: string) => `
  SELECT a.pid, coalesce(a.usename, CASE a.backend_type WHEN 'client backend' THEN 'a login that is gone' ELSE a.backend_type END) AS login,
    a.application_name AS application,
    to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS since,
    array(SELECT DISTINCT ${how} FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
      WHERE l.pid = a.pid AND l.granted AND ${of}
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      ORDER BY 1 LIMIT 3) AS tables
  FROM pg_stat_activity a WHERE a.pid = ANY(${pids}) AND a.pid <> pg_backend_pid()
  ORDER BY a.xact_start, a.pid LIMIT 5`;

const IN_SCHEMA = "c.relnamespace = to_regnamespace(quote_ident($1))";

const OF_SCHEMA = holders(
  `array(SELECT l.pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE l.granted AND ${IN_SCHEMA})`,
  IN_SCHEMA,
  "c.relname::text",
);

/** Not the catalogs, whose oids are below: everybody has locks on them. */
const BLOCKING = holders(
  "pg_blocking_pids($1)",
  "c.relkind <> 'i' AND c.oid >= 16384",
  "c.relnamespace::regnamespace || '.' || c.relname",
);

/** Whether a statement ended since another session held a lock: after its time, or as one side of a deadlock. */
export function isHeldUp(thrown: unknown): boolean {
  return ["55P03", "40P01"].includes(codeOf(thrown) ?? "");
}

/** What a person reads of it. @param what such as `another session holds a lock in wms_dev, nothing was changed` */
export function heldUp(
  what: string,
  holders: readonly string[],
  remedy = "End it, or try again later",
): string {
  return `${what}: ${holders.length === 0 ? "it has ended since" : holders.join("; ")}. ${remedy}`;
}

/**
 * Sessions that hold a lock on a relation of the schema: pid, login, application and since when.
 * @returns one line each, such as `pid 4711 (portal_wms_dev, application "api", since …) on orders`
 */
export async function lockHolders(client: Client, schema: string): Promise<string[]> {
  // As the login itself: the owner, which it acts as, may not see since when the login's sessions work.
  await client.query("BEGIN");
  await client.query("SET LOCAL ROLE NONE");
  const { rows } = await client.query<Holder>(OF_SCHEMA, [schema]);
  await client.query("ROLLBACK");
  return rows.map(lineOf);
}

/** Sessions that another one waits for at this moment, as a superuser sees them: one line each, likewise. */
export async function blockersOf(client: Client, waitingPid: number): Promise<string[]> {
  return (await client.query<Holder>(BLOCKING, [waitingPid])).rows.map(lineOf);
}

function lineOf({ since, tables, ...session }: Holder): string {
  const on = tables.length === 0 ? "" : ` on ${tables.join(", ")}`;
  return `${sessionText(session, since === null ? undefined : `since ${since}`)}${printable(on)}`;
}

/** A session as people are told of it, e.g. `pid 4711 (portal_wms_dev, application "api")`. @param more stands behind that */
export function sessionText(
  { pid, login, application }: Pick<Holder, "pid" | "login" | "application">,
  more?: string,
): string {
  const named = application === null || application === "" ? "without a name" : JSON.stringify(application);
  const words = [login ?? "unknown login", `application ${named}`, ...(more === undefined ? [] : [more])];
  return printable(`pid ${pid} (${words.join(", ")})`);
}
