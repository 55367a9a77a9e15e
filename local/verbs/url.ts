import type { Options } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT, UsageError } from "../../cli/exit-status";
import { LIBPQ } from "../../cli/options";
import { libpqUrl } from "../../infra/app/database-url";
import { MistakeError } from "../../infra/mistake";
import { namesOf, PROD } from "../../infra/names";
import { appSecretNames, readDeployedApp } from "../app-secrets";
import { PLATFORM, platformOf } from "../options";
import { AwsClients } from "../providers/aws/clients";
import { runningEmulator } from "../servers/aws-emulator";
import { NO_SHADOW_IN_PROD, SHADOW_IS_PRISMAS, shadowUrl } from "../servers/shadow";

const OPTIONS = {
  shadow: { type: "boolean", help: "the URL of a shadow database instead, for prisma migrate dev" },
  direct: {
    type: "boolean",
    help: "the URL of its migrations instead, where they have a login of their own",
  },
  ...LIBPQ,
  ...PLATFORM,
} as const satisfies Options;

/** Prints one app's URL and nothing else. */
export const URL_OF_APP: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "wms dev",
  async run({ values, positionals }) {
    const [app, environment, ...more] = positionals;
    if (app === undefined || environment === undefined || more.length > 0)
      throw new UsageError("usage: url <app> <environment>");
    const { places } = platformOf(values);
    const emulator = runningEmulator(places);
    if (emulator === undefined)
      throw new MistakeError("the platform does not run: start it with npm run local");
    const { secret, migratorSecret } = namesOf(app, environment);
    const names = appSecretNames(places.stateDir);
    if (!names.includes(secret)) {
      const known = names
        .map((known) => known.split("/").slice(1))
        .filter(({ length }) => length === 2)
        .map((words) => words.reverse().join(" "));
      throw new MistakeError(`there is no ${app} in ${environment}: known are ${known.join(", ") || "none"}`);
    }
    const { shadow, libpq, direct } = values;
    if (shadow && libpq) throw new UsageError(SHADOW_IS_PRISMAS);
    if (shadow && direct) throw new UsageError("--shadow and --direct are two URLs: ask for one at a time");
    if (direct && !names.includes(migratorSecret))
      throw new MistakeError(
        `the migrations of ${app} in ${environment} have no login of their own (migrator: true): leave --direct out`,
      );
    const name = direct ? migratorSecret : secret;
    if (shadow && environment === PROD) throw new UsageError(NO_SHADOW_IN_PROD);
    const { url, schema } = await readDeployedApp(new AwsClients(emulator.port), name);
    const own = libpq ? libpqUrl(url) : url;
    console.log(shadow ? await shadowUrl(places, schema) : own);
    return EXIT.done;
  },
};
