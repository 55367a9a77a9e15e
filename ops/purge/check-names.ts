import type { Client } from "pg";
import { MistakeError } from "../../infra/mistake";
import { printable } from "../../infra/printable";
import { HARMLESS_FUNCTIONS } from "../sql/changing-functions";
import type { PurgeStatement } from "./statements";

/** A function that statements call: all functions of its name. */
interface CalledFunction {
  readonly name: string;
  /** There is one in pg_catalog. */
  readonly isPostgres: boolean;
  /** The app has one of its own, which Postgres takes when its arguments fit better. */
  readonly isOwn: boolean;
  /** One of them may change something. */
  readonly isVolatile: boolean;
}

const FUNCTIONS = `
  SELECT proname AS name, bool_or(pronamespace = 'pg_catalog'::regnamespace) AS "isPostgres",
    bool_or(pronamespace <> 'pg_catalog'::regnamespace AND proowner = current_user::regrole) AS "isOwn",
    bool_or(provolatile = 'v' AND proname <> ALL ($2)) AS "isVolatile"
  FROM pg_proc WHERE proname = ANY ($1)
    AND pronamespace IN ('pg_catalog'::regnamespace, to_regnamespace(quote_ident($3))) GROUP BY 1`;

/**
 * Holds what statements name against the catalog: tables are in the app's schema, the changed ones are tables and
 * nothing with rules; functions are Postgres's own and change nothing.
 * @throws {MistakeError} with every name that does not fit
 */
export async function checkNames(
  client: Client,
  file: string,
  schema: string,
  statements: readonly PurgeStatement[],
): Promise<void> {
  const { rows: relations } = await client.query<{ name: string; kind: string }>(
    `SELECT relname AS name, relkind AS kind FROM pg_class
     WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relkind IN ('r', 'p', 'v', 'm')`,
    [schema],
  );
  const kindByName = new Map(relations.map(({ name, kind }) => [name, kind]));
  const called = [...new Set(statements.flatMap((statement) => statement.functions))];
  const { rows: functions } = await client.query<CalledFunction>(FUNCTIONS, [
    called,
    HARMLESS_FUNCTIONS,
    schema,
  ]);
  const functionByName = new Map(functions.map((found) => [found.name, found]));
  const { rows: operators } = await client.query<{ name: string }>(
    `SELECT DISTINCT oprname AS name FROM pg_operator
     WHERE oprnamespace = to_regnamespace(quote_ident($1)) AND oprowner = current_user::regrole`,
    [schema],
  );
  const problems: string[] = [];
  for (const statement of statements) {
    const at = `${file}:${statement.line}`;
    for (const relation of statement.relations) {
      const kind = kindByName.get(relation);
      if (kind === undefined) problems.push(`${at}: there is no table ${relation} in ${schema}`);
      else if (relation === statement.target && kind !== "r" && kind !== "p") {
        problems.push(`${at}: ${relation} is a view: change its tables`);
      }
    }
    for (const name of statement.functions) {
      const found = functionByName.get(name);
      if (found === undefined || !found.isPostgres)
        problems.push(`${at}: ${name}() is not one of Postgres's functions`);
      else if (found.isOwn) problems.push(`${at}: ${name}() exists in ${schema}, too: it could be meant`);
      else if (found.isVolatile) problems.push(`${at}: ${name}() can change something`);
    }
    const own = operators.find(({ name }) => statement.operators.includes(name));
    if (own !== undefined) problems.push(`${at}: the operator ${own.name} is the schema's own`);
  }
  if (problems.length > 0)
    throw new MistakeError(`nothing was run:\n  ${problems.map(printable).join("\n  ")}`);
}
