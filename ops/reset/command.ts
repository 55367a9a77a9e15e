import { PLACE_FLAGS, readLine, wholeOf } from "../../cli/arguments";
import type { Verb } from "../../cli/command";
import { isConfirmed, requireAnswerable } from "../../cli/confirm";
import { UsageError } from "../../cli/usage-error";
import { deploymentOf } from "../app/deployment";
import { countText, objectsOf } from "../app/schema-objects";
import { withAppSession } from "../app/session";
import { inTransaction } from "../app/transaction";
import { restoreDefaultPrivileges } from "./default-privileges";
import { emptySchema } from "./empty-schema";

const FLAGS = { ...PLACE_FLAGS, yes: { type: "boolean" }, "lock-timeout": { type: "string" } } as const;

/** Empties one schema outside prod. */
export const RESET: Verb = {
  name: "reset",
  usage: "<app> dev|ci|pr_N [--yes] [--lock-timeout SECONDS]",
  summary:
    "drop everything in the app's schema, and keep the schema, its grants and default privileges; never prod",
  async run(args) {
    const { values, positionals } = readLine("reset", args, FLAGS);
    if (positionals[1] === "prod") throw new UsageError("prod is never reset");
    const deployment = deploymentOf("reset", positionals, values);
    const lockTimeoutSeconds = wholeOf("--lock-timeout", values["lock-timeout"] ?? "5", 1, 3600);
    const yes = values.yes === true;
    const { names, place } = deployment;
    const { schema } = names;
    return withAppSession("reset", deployment, async ({ client, at, login }) => {
      const found = await objectsOf(client, schema);
      console.log(`${schema} on ${place.name} (${at}, as ${login}): ${countText(found) || "nothing"}`);
      if (found.length > 0) {
        console.log("All of it is dropped, with its data; the schema and its grants stay");
        requireAnswerable(yes);
        if (!(await isConfirmed(schema, yes))) {
          console.log("Nothing was changed");
          return 1;
        }
      }
      const restored = await inTransaction(client, { schema, lockTimeoutSeconds }, async () => {
        await emptySchema(client, names);
        return restoreDefaultPrivileges(client, names);
      });
      for (const line of restored ?? []) console.log(`Default privileges: ${line}`);
      console.log(`${schema} is empty`);
      return 0;
    });
  },
};
