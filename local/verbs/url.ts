import type { Command } from "../../cli/command";
import { EXIT, UsageError } from "../../cli/exit-status";
import { LIBPQ } from "../../cli/options";
import { libpqUrl } from "../../infra/app/database-url";
import { MistakeError } from "../../infra/mistake";
import { namesOf } from "../../infra/names";
import { appSecretNames, readDeployedApp } from "../app-secrets";
import { PLATFORM, platformOf } from "../options";
import { AwsClients } from "../providers/aws/clients";
import { runningEmulator } from "../servers/aws-emulator";

const OPTIONS = { ...LIBPQ, ...PLATFORM } as const;

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
    const name = namesOf(app, environment).secret;
    const names = appSecretNames(places.stateDir);
    if (!names.includes(name)) {
      const known = names.map((known) => known.split("/").slice(1).reverse().join(" ")).join(", ");
      throw new MistakeError(`there is no ${app} in ${environment}: known are ${known || "none"}`);
    }
    const secret = await readDeployedApp(new AwsClients(emulator.port), name);
    console.log(values.libpq ? libpqUrl(secret.url) : secret.url);
    return EXIT.done;
  },
};
