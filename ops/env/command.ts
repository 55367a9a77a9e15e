import { execFileSync } from "node:child_process";
import { basename, dirname } from "node:path";
import type { Options } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT, UsageError } from "../../cli/exit-status";
import { columnsOf, wrapped } from "../../cli/lines";
import { APP_PLACE, LIBPQ } from "../../cli/options";
import type { UrlKey } from "../../infra/app/database-url";
import { stackConfig } from "../../infra/config/config";
import { MistakeError } from "../../infra/mistake";
import { PROD } from "../../infra/names";
import { placesOf } from "../../local/places";
import { NO_SHADOW_IN_PROD, SHADOW_IS_PRISMAS, shadowUrl } from "../../local/servers/shadow";
import { type AppDeployment, deploymentOf } from "../app/deployment";
import { appLibpqUrl, urlAt } from "../app/libpq";
import { AbsentSecretError, type ReadAppSecret, readAppSecret } from "../app/secrets";
import { isSetIn, setVariable } from "./env-file";

const OPTIONS = {
  write: { type: "string", value: "FILE", help: "put the lines into a file, and keep the rest of it" },
  variable: { type: "string", value: "NAME", default: "DATABASE_URL", help: "what the variable is called" },
  ...LIBPQ,
  shadow: { type: "boolean", help: "put SHADOW_DATABASE_URL beside it, for prisma migrate dev" },
  ...APP_PLACE,
} as const satisfies Options;

/** Files that by their name hold production's URL, or another environment's. */
const isProductionFile = (file: string): boolean => /^\.env\.prod(uction)?(\.|$)/.test(basename(file));
const isOtherFile = (file: string): boolean =>
  /^\.env\.(dev|development|local|test|ci)(\.|$)/.test(basename(file));

/** Says something beside what is asked for, which a program may read. */
function tell(text: string): void {
  console.error(wrapped(text, "", 2, columnsOf(process.stderr)));
}

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

/** What Prisma's migrations read, where they have a login of their own. */
const DIRECT_VARIABLE = "DIRECT_URL" satisfies UrlKey;

/**
 * The secret of the app's migrations; undefined where they have no login of their own. Whoever may not read it is told,
 * and gets what the app itself has: that is what the running app and most of its developers are.
 */
async function migratorSecretOf(deployment: AppDeployment): Promise<ReadAppSecret | undefined> {
  try {
    return await readAppSecret(deployment, DIRECT_VARIABLE);
  } catch (thrown) {
    if (!(thrown instanceof MistakeError)) throw thrown;
    if (!(thrown instanceof AbsentSecretError) && hasMigrator(deployment))
      tell(`${DIRECT_VARIABLE} is left out: ${thrown.message}`);
    return undefined;
  }
}

/** Whether the stack's file says so. AWS tells no one who may not read a secret whether there is one. */
function hasMigrator({ app, stack, place }: AppDeployment): boolean {
  try {
    return stackConfig(place.configDir, stack).apps[app]?.migrator === true;
  } catch (thrown) {
    if (thrown instanceof MistakeError) return false;
    throw thrown;
  }
}

/** The app's URL for an `.env` file, and that of its migrations. */
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
    const { endpoint } = deployment.place;
    // Quoted for shells: '&' would end the line. Everything else that they read is percent-encoded in it.
    const lineOf = async (name: string, secret: ReadAppSecret): Promise<string> => {
      const own = endpoint === undefined ? secret.url : urlAt(secret.url, endpoint);
      return `${name}="${libpq ? await appLibpqUrl(deployment, secret) : own}"`;
    };
    const lines = new Map([[variable, await lineOf(variable, await readAppSecret(deployment))]]);
    const direct = await migratorSecretOf(deployment);
    if (direct !== undefined && variable !== DIRECT_VARIABLE)
      lines.set(DIRECT_VARIABLE, await lineOf(DIRECT_VARIABLE, direct));
    if (shadow !== undefined) lines.set(SHADOW_VARIABLE, shadow);
    if (write === undefined) {
      for (const line of lines.values()) console.log(line);
      return EXIT.done;
    }
    let file = write;
    for (const [name, line] of lines) file = setVariable(write, name, line);
    const names = [...lines.keys()];
    const all = names.length === 1 ? variable : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
    const verb = names.length === 1 ? "is" : "are";
    tell(`${all} of ${deployment.names.schema} on ${deployment.place.name} ${verb} in ${write}`);
    // Whoever reads it takes it before the one that was written.
    if (!lines.has(DIRECT_VARIABLE) && isSetIn(file, DIRECT_VARIABLE))
      tell(
        `warning: ${write} has a ${DIRECT_VARIABLE} that was not written now, which Prisma's migrations would go by: ` +
          "take the line out, unless it is yours",
      );
    if (isSeenByGit(file)) tell(`warning: git does not ignore ${write}: add it to .gitignore`);
    return EXIT.done;
  },
};
