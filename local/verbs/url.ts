import type { Options } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT, UsageError } from "../../cli/exit-status";
import { LIBPQ } from "../../cli/options";
import { libpqUrl } from "../../infra/app/database-url";
import { MistakeError } from "../../infra/mistake";
import { namesOf, PROD } from "../../infra/names";
import {
  appSecretNames,
  deployedVisitors,
  readDeployedApp,
  readDeployedVisitor,
  visitorWord,
} from "../app-secrets";
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

/** Prints one app's URL, or that of a person or a tool, and nothing else. */
export const URL_OF_APP: Command<typeof OPTIONS> = {
  options: OPTIONS,
  notes:
    "For a person or a tool that reads, its role stands for the app: url person_anna dev. Its URL is one for psql.",
  example: "wms dev",
  async run({ values, positionals }) {
    const [app, environment, ...more] = positionals;
    if (app === undefined || environment === undefined || more.length > 0)
      throw new UsageError("usage: url <app> <environment>");
    const { places } = platformOf(values);
    const emulator = runningEmulator(places);
    if (emulator === undefined)
      throw new MistakeError("the platform does not run: start it with npm run local");
    const aws = new AwsClients(emulator.port);
    const visitors = deployedVisitors(places.stateDir);
    const visitor = visitors.find((one) => visitorWord(one) === app && one.environment === environment);
    if (visitor !== undefined) {
      if (values.shadow) throw new UsageError("a shadow database is an app's");
      if (values.direct) throw new UsageError("--direct is an app's: a person or a tool migrates nothing");
      console.log((await readDeployedVisitor(aws, visitor)).url);
      return EXIT.done;
    }
    const { secret, migratorSecret } = namesOf(app, environment);
    const names = appSecretNames(places.stateDir);
    if (!names.includes(secret)) {
      const known = [
        ...names
          .map((one) => one.split("/").slice(1))
          .filter(({ length }) => length === 2)
          .map((words) => words.reverse().join(" ")),
        ...visitors.map((one) => `${visitorWord(one)} ${one.environment}`),
      ].join(", ");
      throw new MistakeError(`there is no ${app} in ${environment}: known are ${known || "none"}`);
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
    const { url, schema } = await readDeployedApp(aws, name);
    const own = libpq ? libpqUrl(url) : url;
    console.log(shadow ? await shadowUrl(places, schema) : own);
    return EXIT.done;
  },
};
