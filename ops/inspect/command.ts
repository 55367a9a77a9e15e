import { type Options, wholeOf } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT } from "../../cli/exit-status";
import { APP_PLACE } from "../../cli/options";
import { printableJson } from "../../infra/printable";
import { deployerOf, openAdminSession } from "../app/admin-session";
import { inspectionOf } from "./inspection";
import { look } from "./look";
import { inspectionReport } from "./report";
import { scopeOf } from "./scope";
import { standsOut } from "./stand-out";

const OPTIONS = {
  json: { type: "boolean", help: "print everything as JSON, by the keys of docs/inspect.md" },
  top: { type: "string", value: "NUMBER", default: "5", help: "how many rows of each list are shown" },
  ...APP_PLACE,
} as const satisfies Options;

/** Looks at what an app's schema, or those of a whole stack, and the server behind them are doing. */
export const INSPECT: Command<typeof OPTIONS> = {
  options: OPTIONS,
  notes:
    "Asks as the stack's admin, in a transaction that changes nothing, waits for nobody, and reads no table of an app. " +
    "Statements are shown without the values in them. It judges nothing: also when something stands out, the status is 0. " +
    "What is read how, and every key of the JSON, is in docs/inspect.md.",
  example: "wms prod",
  async run({ values, positionals }) {
    const top = wholeOf("--top", values.top, 1, 10_000);
    const scope = scopeOf(positionals, values);
    const { client, at, login } = await openAdminSession("inspect", scope.place, deployerOf(scope.stack));
    try {
      const inspection = inspectionOf(scope, at, await look(client, scope));
      console.log(
        values.json
          ? printableJson({ ...inspection, standsOut: standsOut(inspection) })
          : inspectionReport(inspection, login, top),
      );
      return EXIT.done;
    } finally {
      await client.end().catch(() => {});
    }
  },
};
