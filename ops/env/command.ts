import { execFileSync } from "node:child_process";
import { basename, dirname } from "node:path";
import type { Options } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT, UsageError } from "../../cli/exit-status";
import { APP_PLACE, LIBPQ } from "../../cli/options";
import { MistakeError } from "../../infra/mistake";
import { PROD } from "../../infra/names";
import { placesOf } from "../../local/places";
import { NO_SHADOW_IN_PROD, SHADOW_IS_PRISMAS, shadowUrl } from "../../local/servers/shadow";
import { type AppDeployment, deploymentOf } from "../app/deployment";
import { appLibpqUrl, urlAt } from "../app/libpq";
import { readAppSecret } from "../app/secrets";
import { setVariable } from "./env-file";

const OPTIONS = {
  write: { type: "string", value: "FILE", help: "put the line into a file, and keep the rest of it" },
  variable: { type: "string", value: "NAME", default: "DATABASE_URL", help: "what the variable is called" },
  ...LIBPQ,
  shadow: { type: "boolean", help: "put SHADOW_DATABASE_URL beside it, for prisma migrate dev" },
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

/** What `prisma.config.ts` of the examples reads. */
const SHADOW_VARIABLE = "SHADOW_DATABASE_URL";

/**
 * The line with the local platform's shadow database for an app's schema.
 * @throws {MistakeError} on AWS: there is none in the account
 */
async function shadowLine({ environment, names, place }: AppDeployment): Promise<string> {
  if (environment === PROD) throw new UsageError(NO_SHADOW_IN_PROD);
  const { platformDir } = place;
  if (platformDir === undefined) {
    throw new MistakeError(
      "--shadow is the local platform's: start it with npm run local, and leave out --aws",
    );
  }
  return `${SHADOW_VARIABLE}="${await shadowUrl(placesOf(platformDir), names.schema)}"`;
}

/** The app's URL for an `.env` file. */
export const ENV: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "wms dev --write .env.dev",
  async run({ values, positionals }) {
    const deployment = deploymentOf("env", positionals, values);
    const { write, variable, libpq } = values;
    if (!/^[A-Z_][A-Z0-9_]*$/.test(variable)) {
      throw new UsageError("--variable must be capital letters, digits and '_'");
    }
    const isProd = deployment.environment === PROD;
    if (write !== undefined && (isProd ? isOtherFile(write) : isProductionFile(write))) {
      throw new UsageError(
        `${basename(write)} is not for ${deployment.environment}: choose another file or environment`,
      );
    }
    if (values.shadow && libpq) throw new UsageError(SHADOW_IS_PRISMAS);
    const shadow = values.shadow ? await shadowLine(deployment) : undefined;
    const secret = await readAppSecret(deployment);
    const { DATABASE_URL } = secret;
    const { endpoint } = deployment.place;
    const own = endpoint === undefined ? DATABASE_URL : urlAt(DATABASE_URL, endpoint);
    // Quoted for shells: '&' would end the line. Everything else that they read is percent-encoded in it.
    const line = `${variable}="${libpq ? await appLibpqUrl(deployment, secret) : own}"`;
    if (write === undefined) {
      console.log(line);
      if (shadow !== undefined) console.log(shadow);
      return EXIT.done;
    }
    const file = setVariable(write, variable, line);
    if (shadow !== undefined) setVariable(write, SHADOW_VARIABLE, shadow);
    console.error(
      `${variable}${shadow === undefined ? "" : ` and ${SHADOW_VARIABLE}`} of ${deployment.names.schema} on ${deployment.place.name} ${shadow === undefined ? "is" : "are"} in ${write}`,
    );
    if (isSeenByGit(file)) console.error(`warning: git does not ignore ${write}: add it to .gitignore`);
    return EXIT.done;
  },
};
