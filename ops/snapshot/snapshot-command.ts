import type { Client } from "pg";
import { heldUp, lockHolders } from "../../access/lock-holders";
import type { Options } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT, UsageError } from "../../cli/exit-status";
import { printLine } from "../../cli/lines";
import { APP_PLACE, lockTimeout, lockTimeoutOf, PG_BIN } from "../../cli/options";
import { sizeText } from "../../cli/progress";
import { MistakeError, messageOf } from "../../infra/mistake";
import { deploymentOf } from "../app/deployment";
import { serverMajor, withOwnerSession } from "../app/session";
import { newFile } from "./archive";
import { dumpSchema, largeObjects, tableCount } from "./dump";
import { toolsFor } from "./postgres-tools";

const OPTIONS = {
  output: { type: "string", short: "o", value: "FILE", help: "the file to write, which must be new" },
  ...PG_BIN,
  ...lockTimeout(10),
  ...APP_PLACE,
} as const satisfies Options;

/** Writes one app's schema to a file. Reads alone: nothing of the app waits for it but changes of its tables' form. */
export const SNAPSHOT: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "wms prod -o wms.dump",
  async run({ values, positionals }) {
    const deployment = deploymentOf("snapshot", positionals, values);
    if (values.output === undefined) throw new UsageError("snapshot needs -o FILE: where to write it");
    const lockTimeoutSeconds = lockTimeoutOf(values);
    const file = newFile(values.output);
    const { names, place } = deployment;
    const { schema } = names;
    return withOwnerSession("snapshot", deployment, async ({ client, at, login, connection }) => {
      const tables = await tableCount(client, schema);
      printLine(`${schema} on ${place.name} (${at}, as ${login}): ${tables} tables`);
      const large = await largeObjects(client);
      if (large > 0) printLine(`Its ${large} large objects are in no schema, and so not in the file`);
      const tools = await toolsFor(await serverMajor(client), {
        folder: values["pg-bin"],
        mayInstall: place.platformDir !== undefined,
      });
      const written = await dumpSchema({ schema, connection, tools, file, lockTimeoutSeconds }).catch(
        async (thrown: unknown) => {
          throw await lockProblem(client, schema, thrown);
        },
      );
      printLine(`${file}: ${written.tables} tables, ${sizeText(written.bytes)}, ${written.seconds} s`);
      return EXIT.done;
    });
  },
};

/** pg_dump says that it waited for a lock in vain, and not for whom. */
async function lockProblem(client: Client, schema: string, thrown: unknown): Promise<unknown> {
  if (!/(lock|statement) timeout/.test(messageOf(thrown))) return thrown;
  const holders = await lockHolders(client, schema);
  return new MistakeError(
    heldUp(`another session holds a lock in ${schema}, no snapshot was written`, holders),
  );
}
