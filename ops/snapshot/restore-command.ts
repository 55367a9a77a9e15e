import type { Options } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { isAgreed } from "../../cli/confirm";
import { EXIT, UsageError } from "../../cli/exit-status";
import { printLine, printSql } from "../../cli/lines";
import { APP_PLACE, lockTimeout, lockTimeoutOf, PG_BIN, YES } from "../../cli/options";
import { sizeText } from "../../cli/progress";
import { environmentsIn } from "../../infra/config/neighbours";
import { MistakeError } from "../../infra/mistake";
import { PROD } from "../../infra/names";
import { printable } from "../../infra/printable";
import { type AppDeployment, deploymentOf } from "../app/deployment";
import { countText } from "../app/schema-objects";
import { serverMajor, withOwnerSession } from "../app/session";
import { inTransaction } from "../app/transaction";
import { type Archive, archiveOf, newFile, readableFile } from "./archive";
import { listedCode } from "./listed-code";
import { readMask } from "./mask";
import { narrowedRights } from "./narrowed-rights";
import { toolsFor } from "./postgres-tools";
import { checkReplaceable, contentsOf, restoreWithin } from "./restore";

const OPTIONS = {
  mask: {
    type: "string",
    value: "FILE",
    help: "SQL that is run on the restored rows before anybody can see them",
  },
  "from-environment": {
    type: "string",
    value: "NAME",
    help: "the environment that the snapshot is of; into prod, one of another environment goes only with it",
  },
  "replace-prod": {
    type: "string",
    value: "FILE",
    help: "a prod schema that is not empty, too; a snapshot of it goes to this new file first",
  },
  ...YES,
  ...PG_BIN,
  ...lockTimeout(10),
  ...APP_PLACE,
} as const satisfies Options;

/** Puts a snapshot into one app's schema, in place of what is there. */
export const RESTORE: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "wms.dump wms dev --mask mask.sql",
  async run({ values, positionals }) {
    const [given, ...target] = positionals;
    if (given === undefined) throw new UsageError("usage: restore FILE <app> <environment>");
    const deployment = deploymentOf("restore FILE", target, values);
    const { environment, names, place } = deployment;
    const { schema } = names;
    const { yes } = values;
    const lockTimeoutSeconds = lockTimeoutOf(values);
    if (values["replace-prod"] !== undefined && environment !== "prod") {
      throw new UsageError("--replace-prod is for prod alone: leave it out");
    }
    const before = values["replace-prod"] === undefined ? undefined : newFile(values["replace-prod"]);
    const file = readableFile(given);
    const mask = values.mask === undefined ? [] : await readMask(values.mask);
    return withOwnerSession("restore", deployment, async ({ client, at, login, connection }) => {
      const tools = await toolsFor(await serverMajor(client), {
        folder: values["pg-bin"],
        mayInstall: place.platformDir !== undefined,
      });
      const archive = await archiveOf(tools, file);
      checkSource(archive, deployment, values["from-environment"]);
      await checkReplaceable(client, names);
      const contents = await contentsOf(client, schema);
      if (environment === "prod" && contents.length > 0 && before === undefined) {
        throw new MistakeError(
          `${schema} is not empty (${countText(contents)}): a restore into prod needs --replace-prod FILE, ` +
            "which writes a snapshot of what is there to FILE first; nothing was changed",
        );
      }
      printLine(
        `${file}: ${archive.schema}, ${archive.tables} tables, ${sizeText(archive.bytes)}, taken ${archive.takenAt}`,
      );
      printLine(`${schema} on ${place.name} (${at}, as ${login}): ${countText(contents) || "empty"}`);
      if (archive.schema !== schema) printLine(`The names are changed: ${archive.schema} becomes ${schema}`);
      if (archive.schema.endsWith("_prod") && environment !== "prod" && mask.length === 0) {
        printLine(
          "Production's data are copied as they are: --mask FILE runs SQL on them before anybody can see them",
        );
      }
      const listed = await listedCode(client, tools, archive);
      if (listed.lines.length > 0) {
        printLine(`It brings code, which runs as ${names.owner}, some of it in the restore itself:`);
        for (const line of listed.lines) printLine(line, "  ");
      }
      if (before !== undefined && contents.length > 0)
        printLine(`A snapshot of ${schema} goes to ${before} first; nobody can write to it from then on`);
      if (contents.length > 0)
        printLine(
          `Everything in ${schema} is replaced, in one transaction; until it ends, the app's queries wait`,
        );
      const narrowed = await narrowedRights(client, names);
      if (narrowed.length > 0) {
        printLine("These rights were taken away, and what is restored has them again; after it, type:");
        for (const statement of narrowed) printSql(statement);
      }
      const isStrange = archive.schema !== schema && listed.lines.length > 0;
      if (contents.length > 0 || isStrange) {
        if (!(await isAgreed(schema, yes))) return EXIT.failed;
      }
      const began = Date.now();
      const loaded = await inTransaction(client, { schema, lockTimeoutSeconds }, () =>
        restoreWithin({
          client,
          names,
          connection,
          tools,
          archive,
          listed,
          mask,
          before,
          lockTimeoutSeconds,
          wasEmpty: contents.length === 0,
        }),
      );
      if (loaded === undefined) throw new Error("a restore gives up only by an error");
      if (loaded.untouched !== undefined && loaded.untouched.length > 0)
        printLine(`The mask left them as they were: ${loaded.untouched.join(", ")}`);
      for (const left of loaded.leftovers)
        printLine(`Look at it: a text still names ${archive.schema} in: ${left}`);
      const seconds = Math.round((Date.now() - began) / 1000);
      printLine(`${schema}: ${loaded.tables} tables, ${sizeText(loaded.bytes)} of rows, ${seconds} s`);
      return EXIT.done;
    });
  },
};

/**
 * Refuses a snapshot of another app, and into prod one of another environment that nobody named: whoever deploys dev
 * wrote its functions.
 * @throws {MistakeError}
 */
function checkSource(
  { file, schema }: Archive,
  { app, environment, place }: AppDeployment,
  named: string | undefined,
): void {
  const nothing = "nothing was changed";
  if (!environmentsIn(place.configDir).isSchemaOf(app, schema)) {
    throw new MistakeError(
      `${file} is a snapshot of ${printable(schema)}, which is not a schema of ${app}; ${nothing}`,
    );
  }
  const source = schema.slice(app.length + 1);
  if (named !== undefined && named !== source) {
    throw new MistakeError(`${file} is a snapshot of the environment ${source}, not of ${named}; ${nothing}`);
  }
  if (environment === PROD && source !== PROD && named === undefined) {
    throw new MistakeError(
      `${file} is a snapshot of ${schema}: its rows and its functions go into prod only with ` +
        `--from-environment ${source}; ${nothing}`,
    );
  }
}
