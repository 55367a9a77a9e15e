import { basename, dirname, resolve } from "node:path";
import { type Options, stackNameOf } from "../../cli/arguments";
import { CHECKOUT } from "../../cli/checkout";
import type { Command } from "../../cli/command";
import { EXIT, UsageError } from "../../cli/exit-status";
import { CONFIG_DIR } from "../../cli/options";
import { LASTING_STACKS } from "../../infra/names";
import { configsOf, declaredSchemas } from "../app/declared-schemas";
import { appFiles, appOf } from "./app-files";
import { checkApp } from "./check-app";
import { findingText, verdict } from "./report";

const OPTIONS = {
  app: {
    type: "string",
    value: "APP",
    help: "which app it is (default: what package.json or the folder is called)",
  },
  stack: {
    type: "string",
    value: "STACK",
    multiple: true,
    help: "a stack that declares schemas (default: prod and dev)",
  },
  since: {
    type: "string",
    value: "MIGRATION",
    help: "the last migration that prod has: nobody waits for it and those before it any more, so none of them is warned of",
  },
  strict: { type: "boolean", help: "a warning counts as a finding, too" },
  ...CONFIG_DIR,
} as const satisfies Options;

/** Holds apps' files against the stacks. */
export const CHECK_PRISMA: Command<typeof OPTIONS> = {
  options: OPTIONS,
  found: "something does not fit the stacks, or with --strict something is warned of",
  notes:
    "Reads an app's Prisma files, .env files, source code and SQL. A warning is about a migration that makes others wait " +
    "or that fails where there are rows, with what to write instead. Above a statement, a comment " +
    "-- check-prisma-ignore: <reason> takes on itself what is said of it.",
  example: "../wms --app wms --since 20250520160000_returns",
  async run({ values, positionals }) {
    if (positionals.length === 0) throw new UsageError("check-prisma needs the folder of an app");
    const stacks = (values.stack ?? LASTING_STACKS).map(stackNameOf);
    const configDir = resolve(values["config-dir"] ?? CHECKOUT);
    const configs = configsOf(configDir, stacks);
    const declared = declaredSchemas(configs);
    const apps = declared.map(({ app }) => app);
    // Each before the first is checked: a wrong command line prints no findings.
    const checks = positionals.map((path) => ({ path, app: appOf(path, values.app, apps) }));
    const { since } = values;
    const names = positionals.flatMap((path) =>
      appFiles(path).migrations.map((file) => basename(dirname(file))),
    );
    if (since !== undefined && !names.includes(since))
      throw new UsageError(
        `--since names no migration: its folder's name, such as ${names.at(-1) ?? "20250520160000_returns"}`,
      );
    let count = 0;
    for (const { path, app } of checks) {
      const findings = await checkApp(path, app, declared, since);
      count += findings.filter(({ isWarning }) => values.strict || !isWarning).length;
      for (const finding of findings) console.log(findingText(finding));
      console.log(verdict(path, app, findings));
    }
    return count === 0 ? EXIT.done : EXIT.found;
  },
};
