import type { Client } from "pg";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import { printable } from "../../infra/printable";
import { isStatementsFault } from "./run-alone";

/** A materialized view that holds rows of its own. */
interface Filled {
  readonly number: string;
  readonly identity: string;
}

const FILLED = `
  SELECT c.oid::text AS number, format('%I.%I', n.nspname, c.relname) AS identity
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relkind = 'm' AND c.relispopulated ORDER BY c.relname`;

/**
 * Everything that stands on tables, by whatever steps: views, operators, types. What a function reads is written down
 * nowhere, so that what stands on a function of the schema is among it, too. A partition's rows are its table's.
 */
const STANDING = `
  WITH RECURSIVE reached (class, object) AS (
    SELECT 'pg_class'::regclass::oid, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = ANY ($2)
    UNION SELECT 'pg_proc'::regclass::oid, p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = $1
    UNION SELECT next.* FROM reached CROSS JOIN LATERAL (
      SELECT CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass::oid END, coalesce(r.ev_class, d.objid)
        FROM pg_depend d LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
        WHERE d.refclassid = reached.class AND d.refobjid = reached.object
      UNION ALL SELECT 'pg_class'::regclass::oid, i.inhparent FROM pg_inherits i
        WHERE reached.class = 'pg_class'::regclass AND i.inhrelid = reached.object) next)
  SELECT object::text AS number FROM reached WHERE class = 'pg_class'::regclass`;

/**
 * The materialized views of a schema that hold rows, inside the caller's transaction, whose search path is `pg_catalog`
 * from then on.
 * @param tables only those that may hold rows of these tables
 */
export async function filledViews(
  client: Client,
  schema: string,
  tables?: readonly string[],
): Promise<string[]> {
  await client.query("SET LOCAL search_path TO pg_catalog");
  const { rows: filled } = await client.query<Filled>(FILLED, [schema]);
  if (tables === undefined || filled.length === 0) return filled.map(({ identity }) => identity);
  const { rows } = await client.query<{ number: string }>(STANDING, [schema, tables]);
  const reached = new Set(rows.map(({ number }) => number));
  return filled.filter(({ number }) => reached.has(number)).map(({ identity }) => identity);
}

/**
 * Fills materialized views anew, inside the caller's transaction. All of them are emptied first: one that reads
 * another, also through a function, cannot be filled from old rows, and is tried again when that one is filled.
 * @throws {MistakeError} with the first view that cannot be filled
 */
export async function refreshViews(client: Client, identities: readonly string[]): Promise<void> {
  for (const identity of identities) await client.query(`REFRESH MATERIALIZED VIEW ${identity} WITH NO DATA`);
  for (let waiting = [...identities]; waiting.length > 0; ) {
    const next: string[] = [];
    let problem: unknown;
    for (const identity of waiting) {
      await client.query("SAVEPOINT refresh");
      try {
        await client.query(`REFRESH MATERIALIZED VIEW ${identity}`);
        await client.query("RELEASE SAVEPOINT refresh");
      } catch (thrown) {
        if (codeOf(thrown) !== NOT_FILLED) throw withView(identity, thrown);
        await client.query("ROLLBACK TO SAVEPOINT refresh; RELEASE SAVEPOINT refresh");
        problem ??= withView(identity, thrown);
        next.push(identity);
      }
    }
    if (next.length === waiting.length) throw problem;
    waiting = next;
  }
}

/** "materialized view … has not been populated" (object_not_in_prerequisite_state). */
const NOT_FILLED = "55000";

function withView(identity: string, thrown: unknown): unknown {
  if (!isStatementsFault(thrown)) return thrown;
  return new MistakeError(
    `the materialized view ${printable(identity)} cannot be filled anew: ${printable(messageOf(thrown))}; nothing was changed`,
  );
}
