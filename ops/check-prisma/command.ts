import { resolve } from "node:path";
import { readLine } from "../../cli/arguments";
import type { Verb } from "../../cli/command";
import { UsageError } from "../../cli/usage-error";
import { MistakeError } from "../../infra/mistake";
import { configsOf, declaredSchemas } from "../app/declared-schemas";
import { appOf } from "./app-files";
import { checkApp } from "./check-app";

const CHECKOUT = resolve(__dirname, "../..");

const FLAGS = {
  app: { type: "string" },
  stack: { type: "string", multiple: true },
  "config-dir": { type: "string" },
} as const;

/** Holds apps' files against the stacks. */
export const CHECK_PRISMA: Verb = {
  name: "check-prisma",
  usage: "PATH… [--app wms] [--stack prod --stack dev]",
  summary:
    "check schema.prisma, migrations, prisma.config.ts, adapters and .env files of apps against the stacks; touches nothing",
  async run(args) {
    const { values, positionals } = readLine("check-prisma", args, FLAGS);
    if (positionals.length === 0) throw new UsageError("check-prisma needs the folder of an app");
    const stacks = values.stack ?? ["prod", "dev"];
    if (stacks.some((stack) => !/^[a-z][a-z0-9_-]*$/.test(stack)))
      throw new UsageError("--stack is the name of a stack, such as prod");
    const configDir = resolve(values["config-dir"] ?? CHECKOUT);
    const configs = configsOf(configDir, stacks);
    if (configs.length === 0)
      throw new MistakeError(`no Pulumi.<stack>.yaml in ${configDir} for ${stacks.join(", ")}`);
    const declared = declaredSchemas(configs);
    const apps = declared.map(({ app }) => app);
    // Each before the first is checked: a wrong command line prints no findings.
    const checks = positionals.map((path) => ({ path, app: appOf(path, values.app, apps) }));
    let count = 0;
    for (const { path, app } of checks) {
      const findings = await checkApp(path, app, declared);
      count += findings.length;
      for (const { file, line, message } of findings) console.log(`${file}:${line}: ${message}`);
      if (findings.length === 0) console.log(`${path}: fits ${app}`);
    }
    return count === 0 ? 0 : 1;
  },
};
