import { readFileSync } from "node:fs";
import type { Client } from "pg";
import type { Options } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { isConfirmed, requireAnswerable } from "../../cli/confirm";
import { EXIT, UsageError } from "../../cli/exit-status";
import { printLine } from "../../cli/lines";
import { APP_PLACE, lockTimeout, lockTimeoutOf, YES } from "../../cli/options";
import { codeOf, MistakeError } from "../../infra/mistake";
import { printChanged, rowsChanged, rowsText } from "../app/changed-rows";
import { deploymentOf } from "../app/deployment";
import { filledViews, refreshViews } from "../app/materialized-views";
import { runAlone } from "../app/run-alone";
import { withOwnerSession } from "../app/session";
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

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw new MistakeError(`${file} cannot be read (${codeOf(thrown) ?? "unknown error"})`);
  }
}

/**
 * Runs each statement, and prints what it changed.
 * @returns the materialized views that hold rows as they were
 */
async function run(client: Client, file: string, schema: string, statements: readonly PurgeStatement[]) {
  await checkNames(client, file, schema, statements);
  for (const { sql, line, target } of statements) {
    const { verb, rows } = await runAlone(client, sql);
    printLine(`${file}:${line}  ${verb} ${target}: ${rowsText(rows ?? 0)}`, "  ");
  }
  const changed = await rowsChanged(client, schema);
  printChanged(changed);
  const views = await filledViews(
    client,
    schema,
    changed.map(({ table }) => table),
  );
  for (const view of views) printLine(`Filled anew then, since it holds the rows as they were: ${view}`);
  return views;
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
    return withOwnerSession("purge", deployment, async ({ client, at, login }) => {
      printLine(`${schema} on ${deployment.place.name} (${at}, as ${login}), in one transaction:`);
      const done = await inTransaction(client, { schema, lockTimeoutSeconds }, async () => {
        await client.query(`SET LOCAL idle_in_transaction_session_timeout = ${ANSWER_MS + 10_000}`);
        const views = await run(client, file, schema, statements);
        if (isDry || !(await isConfirmed(schema, yes, AbortSignal.timeout(ANSWER_MS)))) throw new Undone();
        // Only now: nobody can read them from here on until it is committed.
        await refreshViews(client, views);
        return true;
      });
      console.log(done === true ? "Committed" : "Rolled back: nothing was changed");
      return done === true || isDry ? EXIT.done : EXIT.failed;
    });
  },
};
