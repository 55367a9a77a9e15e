import { resolve } from "node:path";
import { type Options, stackNameOf } from "../../cli/arguments";
import { CHECKOUT } from "../../cli/checkout";
import type { Command } from "../../cli/command";
import { EXIT, UsageError } from "../../cli/exit-status";
import { CONFIG_DIR } from "../../cli/options";
import { LASTING_STACKS } from "../../infra/names";
import { printable } from "../../infra/printable";
import { configsOf, declaredSchemas } from "../app/declared-schemas";
import { appOf } from "./app-files";
import { checkApp } from "./check-app";

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
  ...CONFIG_DIR,
} as const satisfies Options;

/** Holds apps' files against the stacks. */
export const CHECK_PRISMA: Command<typeof OPTIONS> = {
  options: OPTIONS,
  found: "something does not fit the stacks; a line each",
  example: "../wms --app wms",
  async run({ values, positionals }) {
    if (positionals.length === 0) throw new UsageError("check-prisma needs the folder of an app");
    const stacks = (values.stack ?? LASTING_STACKS).map(stackNameOf);
    const configDir = resolve(values["config-dir"] ?? CHECKOUT);
    const configs = configsOf(configDir, stacks);
    const declared = declaredSchemas(configs);
    const apps = declared.map(({ app }) => app);
    // Each before the first is checked: a wrong command line prints no findings.
    const checks = positionals.map((path) => ({ path, app: appOf(path, values.app, apps) }));
    let count = 0;
    for (const { path, app } of checks) {
      const findings = await checkApp(path, app, declared);
      count += findings.length;
      for (const { file, line, message } of findings) console.log(printable(`${file}:${line}: ${message}`));
      if (findings.length === 0) console.log(`${path}: fits ${app}`);
    }
    return count === 0 ? EXIT.done : EXIT.found;
  },
};
