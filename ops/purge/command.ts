import { readFileSync } from "node:fs";
import type { Client, QueryConfig } from "pg";
import type { Options } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { isConfirmed, requireAnswerable } from "../../cli/confirm";
import { EXIT, UsageError } from "../../cli/exit-status";
import { APP_PLACE, lockTimeout, lockTimeoutOf, YES } from "../../cli/options";
import { codeOf, MistakeError } from "../../infra/mistake";
import { deploymentOf } from "../app/deployment";
import { withAppSession } from "../app/session";
import { inTransaction, Undone } from "../app/transaction";
import { checkNames } from "./check-names";
import { type PurgeStatement, readStatements } from "./statements";

const OPTIONS = {
  file: { type: "string", value: "FILE", help: "the statements, each with a WHERE" },
  "dry-run": { type: "boolean", help: "show the row counts, and change nothing" },
  ...YES,
  ...lockTimeout(5),
  ...APP_PLACE,
} as const satisfies Options;

/** How long the question may stand: the changed rows are locked meanwhile. */
const ANSWER_MS = 300_000;

/** Rows that the transaction changed by table, with those that foreign keys and triggers changed along. */
const CHANGED = `
  SELECT relname AS name, n_tup_del::int AS deleted, n_tup_upd::int AS updated, n_tup_ins::int AS inserted
  FROM pg_stat_xact_user_tables WHERE schemaname = $1 AND n_tup_del + n_tup_upd + n_tup_ins > 0 ORDER BY 1`;

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw new MistakeError(`${file} cannot be read (${codeOf(thrown) ?? "unknown error"})`);
  }
}

/** Runs each statement by itself, in the protocol that takes one at a time, and prints what it changed. */
async function run(client: Client, file: string, schema: string, statements: readonly PurgeStatement[]) {
  await checkNames(client, file, schema, statements);
  for (const { verb, sql, line, target } of statements) {
    const query: QueryConfig & { queryMode: "extended" } = { text: sql, queryMode: "extended" };
    const { rowCount } = await client.query(query);
    console.log(`  ${file}:${line}  ${verb} ${target}: ${rowCount ?? 0} rows`);
  }
  const { rows } = await client.query<{ name: string; deleted: number; updated: number; inserted: number }>(
    CHANGED,
    [schema],
  );
  console.log("In all, with foreign keys and triggers:");
  for (const { name, deleted, updated, inserted } of rows) {
    const counts = [
      `${deleted} deleted`,
      `${updated} updated`,
      ...(inserted > 0 ? [`${inserted} inserted`] : []),
    ];
    console.log(`  ${name}: ${counts.join(", ")}`);
  }
  if (rows.length === 0) console.log("  nothing");
}

/** Runs a script of DELETE and UPDATE statements, and commits it once the counts have been seen. */
export const PURGE: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "wms prod --file delete.sql --dry-run",
  async run({ values, positionals }) {
    const deployment = deploymentOf("purge", positionals, values);
    const { file, yes, "dry-run": isDry } = values;
    if (file === undefined) throw new UsageError("purge needs --file delete.sql");
    if (yes && isDry) throw new UsageError("--yes and --dry-run exclude each other");
    const lockTimeoutSeconds = lockTimeoutOf(values);
    const { schema } = deployment.names;
    const statements = await readStatements(file, readText(file), schema);
    if (!isDry) requireAnswerable(yes, "run it in a terminal, or add --dry-run to see the counts, or --yes");
    return withAppSession("purge", deployment, async ({ client, at, login }) => {
      console.log(`${schema} on ${deployment.place.name} (${at}, as ${login}), in one transaction:`);
      const done = await inTransaction(client, { schema, lockTimeoutSeconds }, async () => {
        await client.query(`SET LOCAL idle_in_transaction_session_timeout = ${ANSWER_MS + 10_000}`);
        await run(client, file, schema, statements);
        if (isDry || !(await isConfirmed(schema, yes, AbortSignal.timeout(ANSWER_MS)))) throw new Undone();
        return true;
      });
      console.log(done === true ? "Committed" : "Rolled back: nothing was changed");
      return done === true || isDry ? EXIT.done : EXIT.failed;
    });
  },
};
