import type { Command } from "../../cli/command";
import { isAgreed } from "../../cli/confirm";
import { EXIT, UsageError } from "../../cli/exit-status";
import { printLine } from "../../cli/lines";
import { APP_PLACE, lockTimeout, lockTimeoutOf, YES } from "../../cli/options";
import { deploymentOf } from "../app/deployment";
import { countText, objectsOf } from "../app/schema-objects";
import { withOwnerSession } from "../app/session";
import { inTransaction } from "../app/transaction";
import { restoreDefaultPrivileges } from "./default-privileges";
import { emptySchema } from "./empty-schema";

const OPTIONS = { ...YES, ...lockTimeout(5), ...APP_PLACE } as const;

/** Empties one schema outside prod. */
export const RESET: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "wms dev",
  async run({ values, positionals }) {
    if (positionals[1] === "prod") throw new UsageError("prod is never reset");
    const deployment = deploymentOf("reset", positionals, values);
    const lockTimeoutSeconds = lockTimeoutOf(values);
    const { yes } = values;
    const { names, place } = deployment;
    const { schema } = names;
    return withOwnerSession("reset", deployment, async ({ client, at, login }) => {
      const found = await objectsOf(client, schema);
      printLine(`${schema} on ${place.name} (${at}, as ${login}): ${countText(found) || "nothing"}`);
      if (found.length > 0) {
        console.log("All of it is dropped, with its data; the schema and its grants stay");
        if (!(await isAgreed(schema, yes))) return EXIT.failed;
      }
      const restored = await inTransaction(client, { schema, lockTimeoutSeconds }, async () => {
        await emptySchema(client, names);
        return restoreDefaultPrivileges(client, names);
      });
      for (const line of restored ?? []) printLine(`Default privileges: ${line}`);
      console.log(`${schema} is empty`);
      return EXIT.done;
    });
  },
};
