import { execFileSync } from "node:child_process";
import { basename, dirname } from "node:path";
import type { Options } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT, UsageError } from "../../cli/exit-status";
import { APP_PLACE } from "../../cli/options";
import { deploymentOf } from "../app/deployment";
import { readAppSecret } from "../app/secrets";
import { setVariable } from "./env-file";

const OPTIONS = {
  write: { type: "string", value: "FILE", help: "put the line into a file, and keep the rest of it" },
  variable: { type: "string", value: "NAME", default: "DATABASE_URL", help: "what the variable is called" },
  ...APP_PLACE,
} as const satisfies Options;

/** Files that by their name hold production's URL, or another environment's. */
const isProductionFile = (file: string): boolean => /^\.env\.prod(uction)?(\.|$)/.test(basename(file));
const isOtherFile = (file: string): boolean =>
  /^\.env\.(dev|development|local|test|ci)(\.|$)/.test(basename(file));

/** Whether git would commit the file. */
function isSeenByGit(file: string): boolean {
  try {
    execFileSync("git", ["-C", dirname(file), "check-ignore", "--quiet", "--", file], { stdio: "ignore" });
    return false;
  } catch (thrown) {
    // 1: not ignored; 128: no repository; ENOENT: no git.
    return (thrown as { status?: unknown }).status === 1;
  }
}

/** The app's URL for an `.env` file. */
export const ENV: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "wms dev --write .env.dev",
  async run({ values, positionals }) {
    const deployment = deploymentOf("env", positionals, values);
    const { write, variable } = values;
    if (!/^[A-Z_][A-Z0-9_]*$/.test(variable)) {
      throw new UsageError("--variable must be capital letters, digits and '_'");
    }
    const isProd = deployment.environment === "prod";
    if (write !== undefined && (isProd ? isOtherFile(write) : isProductionFile(write))) {
      throw new UsageError(
        `${basename(write)} is not for ${deployment.environment}: choose another file or environment`,
      );
    }
    const { DATABASE_URL } = await readAppSecret(deployment);
    const url = new URL(DATABASE_URL);
    const { endpoint } = deployment.place;
    if (endpoint !== undefined) {
      url.hostname = endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host;
      url.port = String(endpoint.port);
    }
    // Quoted for shells: '&' would end the line. Everything else that they read is percent-encoded in it.
    const line = `${variable}="${endpoint === undefined ? DATABASE_URL : url.href}"`;
    if (write === undefined) {
      console.log(line);
      return EXIT.done;
    }
    const file = setVariable(write, variable, line);
    console.error(`${variable} of ${deployment.names.schema} on ${deployment.place.name} is in ${write}`);
    if (isSeenByGit(file)) console.error(`warning: git does not ignore ${write}: add it to .gitignore`);
    return EXIT.done;
  },
};
