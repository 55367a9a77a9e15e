import { type Client, escapeIdentifier as quoted } from "pg";
import { codeOf } from "../infra/mistake";
import type { AppNames } from "../infra/names";
import type { FoundCell } from "./cells";
import { NO_SCHEMA } from "./matrix";

/**
 * From here on names mean Postgres's own: an app that has a function `has_schema_privilege`, or an operator `=`, in its
 * search path would answer for the server otherwise.
 */
const NAMES_OF_POSTGRES = "SET LOCAL search_path = pg_catalog";

/** Not allowed, or no schema in the search path that it may use. */
const REFUSED = ["42501", "3F000"];

/**
 * Runs each statement of `portal_db.tried` and undoes it; `portal_db.let` becomes the list of whether the role's rights
 * let it. What says nothing about rights, a lock of somebody else or a server that goes, is an error.
 */
const TRY_ALL = `
  DO $attempts$
  DECLARE attempt text; let bool[] := '{}';
  BEGIN
    FOR attempt IN SELECT jsonb_array_elements_text(current_setting('portal_db.tried')::jsonb) LOOP
      BEGIN
        EXECUTE attempt;
        RAISE EXCEPTION 'done: undo it';
      EXCEPTION WHEN OTHERS THEN
        IF SQLSTATE ~ '^(08|40|53|57)|^55P03$' THEN RAISE; END IF;
        let := let || (SQLSTATE <> '42501');
      END;
    END LOOP;
    PERFORM set_config('portal_db.let', array_to_json(let)::text, true);
  END $attempts$`;

/**
 * Tries statements, each on its own, and leaves nothing of them. All go in one round trip: a login tries one for every
 * schema, which through a tunnel would take a login minutes.
 * @returns whether the server let the role do each, as far as its rights go
 */
async function areLet(client: Client, statements: readonly string[]): Promise<boolean[]> {
  await client.query("SELECT set_config('portal_db.tried', $1, true)", [JSON.stringify(statements)]);
  await client.query(TRY_ALL);
  const { rows } = await client.query<{ let: boolean[] }>(
    "SELECT current_setting('portal_db.let')::json AS let",
  );
  return rows[0]?.let ?? [];
}

const SCHEMAS = `SELECT nspname AS name FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname`;

/** Whether the login acts as its role by itself; where it does not, it does from here on if it may. */
async function actsAs(client: Client, role: string): Promise<boolean> {
  const { rows } = await client.query<{ role: string }>("SELECT current_user AS role");
  if (rows[0]?.role === role) return true;
  await client.query("SAVEPOINT acting");
  await client.query(`SET LOCAL ROLE ${quoted(role)}`).catch(() => client.query("ROLLBACK TO acting"));
  return false;
}

/**
 * Where a new table of the app ends up; undefined when it may not make one. The table stays, and the session's names are
 * Postgres's own afterwards.
 */
async function newTable(
  client: Client,
  probe: string,
): Promise<{ place: string; owner: string } | undefined> {
  // Unqualified: the search path of the login must lead to its schema.
  await client.query("SAVEPOINT made");
  try {
    await client.query(`CREATE TABLE ${probe} (id int, kept boolean)`);
  } catch (thrown) {
    if (!REFUSED.includes(codeOf(thrown) ?? "")) throw thrown;
    await client.query("ROLLBACK TO made");
    await client.query(NAMES_OF_POSTGRES);
    return undefined;
  }
  await client.query(`INSERT INTO ${probe} VALUES (1, false)`);
  const { rows: written } = await client.query<{ table: number }>(
    `UPDATE ${probe} SET kept = true RETURNING tableoid AS table`,
  );
  await client.query(NAMES_OF_POSTGRES);
  const { rows } = await client.query<{ place: string; owner: string }>(
    `SELECT n.nspname AS place, pg_get_userbyid(c.relowner) AS owner
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1`,
    [written[0]?.table],
  );
  return rows[0];
}

/**
 * Tries what a person or a tool must not do, in an open transaction that may write. Afterwards the session's names are
 * Postgres's own.
 * @returns the cells, and every schema of the database
 */
export async function cellsOfVisitor(
  client: Client,
  login: string,
): Promise<{ readonly cells: readonly FoundCell[]; readonly schemas: readonly string[] }> {
  await client.query(NAMES_OF_POSTGRES);
  const { rows } = await client.query<{ pid: number }>("SELECT pg_catalog.pg_backend_pid() AS pid");
  const probe = `portal_db_probe_${rows[0]?.pid}`;
  const schemas = (await client.query<{ name: string }>(SCHEMAS)).rows.map(({ name }) => name);
  const tried = [...schemas.map((place) => creating(place, probe)), ...elsewhere(probe)];
  const isLet = await areLet(
    client,
    tried.map(({ sql }) => sql),
  );
  const cells = tried.map(({ place, right }, index): FoundCell => {
    return { role: login, place, right, found: isLet[index] === true ? "yes" : "no" };
  });
  return { cells, schemas };
}

const creating = (place: string, name: string) => ({
  place,
  right: "create" as const,
  sql: `CREATE TABLE ${quoted(place)}.${name} (id int)`,
});

/** What nobody but a deployer makes. */
const elsewhere = (probe: string) => [
  { place: NO_SCHEMA, right: "create schemas" as const, sql: `CREATE SCHEMA ${probe}` },
  { place: NO_SCHEMA, right: "create roles" as const, sql: `CREATE ROLE ${probe}` },
  { place: NO_SCHEMA, right: "temporary tables" as const, sql: `CREATE TEMPORARY TABLE ${probe} (id int)` },
];

/**
 * Tries what an app does and what it must not, by statements: as its owner or its runtime, which is what it is, and as the
 * bare login.
 * Needs an open transaction, in which the new table is left for the catalog to be asked about; whoever opened it rolls it
 * back. Afterwards the session's names are Postgres's own.
 * @returns the cells, and every schema of the database
 */
export async function attemptedCells(
  client: Client,
  {
    login,
    role,
    names: { owner, schema },
  }: { readonly login: string; readonly role: string; readonly names: AppNames },
): Promise<{ readonly cells: readonly FoundCell[]; readonly schemas: readonly string[] }> {
  const cellOf =
    (role: string) =>
    (place: string, right: FoundCell["right"], is: boolean): FoundCell => ({
      role,
      place,
      right,
      found: is ? "yes" : "no",
    });
  // A name of its own: sessions that try the same at once would wait for each other.
  const { rows } = await client.query<{ pid: number }>("SELECT pg_catalog.pg_backend_pid() AS pid");
  const probe = `portal_db_probe_${rows[0]?.pid}`;
  const cells: FoundCell[] = [cellOf(login)(role, "assume", await actsAs(client, role))];
  const made = await newTable(client, probe);
  const asRole = cellOf(role);
  const { rows: found } = await client.query<{ name: string }>(SCHEMAS);
  const schemas = found.map(({ name }) => name);
  cells.push(
    ...(made === undefined
      ? [asRole(schema, "create", false)]
      : [
          asRole(made.place, "create", true),
          ...(made.place === schema ? [] : [asRole(schema, "create", false)]),
          ...(made.owner === owner ? [] : [cellOf(owner)(schema, "own", false)]),
        ]),
  );
  // RESTRICT, with the new table in it: even where it is allowed, it cannot happen. Another refusal than the missing right shows that.
  const drop = made?.place === schema ? [`DROP SCHEMA ${quoted(schema)} RESTRICT`] : [];
  const tried = [
    ...drop.map((sql) => ({ place: schema, right: "drop" as const, sql })),
    ...schemas.filter((name) => name !== schema).map((other) => creating(other, probe)),
    ...elsewhere(probe),
  ];
  const tryAll = async (as: string, attempts: typeof tried): Promise<void> => {
    const isLet = await areLet(
      client,
      attempts.map(({ sql }) => sql),
    );
    const cell = cellOf(as);
    cells.push(...attempts.map(({ place, right }, index) => cell(place, right, isLet[index] === true)));
  };
  await tryAll(role, tried);
  // As itself it is let in, and nothing else: what it owned would go to whoever deploys, when it goes.
  await client.query("SET LOCAL ROLE NONE");
  await tryAll(login, [...tried, creating(schema, `${probe}_own`)]);
  return { cells, schemas };
}
