import { MistakeError } from "../../infra/mistake";
import { appSecretNames, readDeployedApp } from "../app-secrets";
import type { Options } from "../options";
import { AwsClients } from "../providers/aws/clients";
import { runningEmulator } from "../servers/aws-emulator";

/** Prints one app's URL and nothing else. */
export async function url(options: Options): Promise<void> {
  const [app = "", environment = ""] = options.rest;
  const { places } = options;
  const emulator = runningEmulator(places);
  if (emulator === undefined)
    throw new MistakeError("the platform does not run: start it with npm run local");
  const name = `portal-db/${environment}/${app}`;
  const names = appSecretNames(places.stateDir);
  if (!names.includes(name)) {
    const known = names.map((known) => known.split("/").slice(1).reverse().join(" ")).join(", ");
    throw new MistakeError(`there is no ${app} in ${environment}: known are ${known || "none"}`);
  }
  const secret = await readDeployedApp(new AwsClients(emulator.port), name);
  console.log(secret.url);
}
