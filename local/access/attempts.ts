import { type Client, escapeIdentifier as quoted } from "pg";
import type { FoundCell } from "../../infra/access-cells";
import { NO_SCHEMA } from "../../infra/access-matrix";
import { codeOf } from "../person-error";

const DENIED = "42501";
/** Not allowed, or no schema in the search path that it may use. */
const REFUSED = [DENIED, "3F000"];

/** Runs a statement and undoes it. @returns whether the server let the role do it, as far as its rights go */
async function isLet(client: Client, sql: string): Promise<boolean> {
  await client.query("SAVEPOINT attempt");
  try {
    await client.query(sql);
    return true;
  } catch (thrown) {
    const code = codeOf(thrown) ?? "";
    // Nobody answers any more, or somebody else holds a lock: that says nothing about rights.
    if (!/^[0-9A-Z]{5}$/.test(code) || /^(08|57|53)|^55P03$|^40/.test(code)) throw thrown;
    return code !== DENIED;
  } finally {
    await client.query("ROLLBACK TO attempt").catch(() => {});
  }
}

/** Whether the login acts as its owner by itself; where it does not, it does from here on if it may. */
async function actsAs(client: Client, owner: string): Promise<boolean> {
  const { rows } = await client.query<{ role: string }>("SELECT current_user AS role");
  if (rows[0]?.role === owner) return true;
  await client.query("SAVEPOINT acting");
  await client.query(`SET LOCAL ROLE ${quoted(owner)}`).catch(() => client.query("ROLLBACK TO acting"));
  return false;
}

/** Where a new table of the app ends up; undefined when it may not make one. The table stays. */
async function newTable(
  client: Client,
  probe: string,
): Promise<{ place: string; owner: string } | undefined> {
  // Unqualified: the search path of the login must lead to its schema.
  await client.query("SAVEPOINT made");
  try {
    await client.query(`CREATE TABLE ${probe} (id int, note text)`);
  } catch (thrown) {
    if (!REFUSED.includes(codeOf(thrown) ?? "")) throw thrown;
    await client.query("ROLLBACK TO made");
    return undefined;
  }
  await client.query(`INSERT INTO ${probe} VALUES (1, ''); UPDATE ${probe} SET note = 'kept' WHERE id = 1`);
  const { rows } = await client.query<{ place: string; owner: string }>(
    `SELECT n.nspname AS place, pg_get_userbyid(c.relowner) AS owner
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('${probe}')`,
  );
  return rows[0];
}

/**
 * Tries what an app does and what it must not, by statements, as its login. Needs an open transaction, in which the
 * new table is left for the catalog to be asked about; whoever opened it rolls it back.
 * @param schemas every other schema of the database
 */
export async function attemptedCells(
  client: Client,
  { login, owner, schema }: { readonly login: string; readonly owner: string; readonly schema: string },
  schemas: readonly string[],
): Promise<FoundCell[]> {
  const cell = (place: string, right: FoundCell["right"], is: boolean): FoundCell => ({
    role: login,
    place,
    right,
    found: is ? "yes" : "no",
  });
  // A name of its own: sessions that try the same at once would wait for each other.
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const probe = `portal_db_probe_${rows[0]?.pid}`;
  const cells: FoundCell[] = [cell(owner, "assume", await actsAs(client, owner))];
  const made = await newTable(client, probe);
  cells.push(
    ...(made === undefined
      ? [cell(schema, "create", false)]
      : [
          cell(made.place, "create", true),
          ...(made.place === schema ? [] : [cell(schema, "create", false)]),
          ...(made.owner === owner ? [] : [cell(schema, "own", false)]),
        ]),
  );
  // As itself: the login inherits what its owner role may do.
  await client.query("SET LOCAL ROLE NONE");
  // RESTRICT, with the new table in it: even where it is allowed, it cannot happen. Another refusal than the missing right shows that.
  if (made?.place === schema)
    cells.push(cell(schema, "drop", await isLet(client, `DROP SCHEMA ${quoted(schema)} RESTRICT`)));
  for (const other of schemas) {
    cells.push(cell(other, "create", await isLet(client, `CREATE TABLE ${quoted(other)}.${probe} (id int)`)));
  }
  cells.push(cell(NO_SCHEMA, "create schemas", await isLet(client, `CREATE SCHEMA ${probe}`)));
  cells.push(cell(NO_SCHEMA, "create roles", await isLet(client, `CREATE ROLE ${probe}`)));
  return cells;
}
