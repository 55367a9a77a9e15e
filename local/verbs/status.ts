import { table } from "../../cli/table";
import { DATABASE } from "../../infra/names";
import { deployedStacks, State } from "../engine/state";
import type { Options } from "../options";
import { endpointOf, runningEmulator } from "../servers/aws-emulator";
import { HOST, runningPostgres } from "../servers/postgres";

/** Prints what runs and what is deployed. */
export async function status(options: Options): Promise<void> {
  const { places } = options;
  const port = await runningPostgres(places);
  const emulator = runningEmulator(places);
  const stacks = deployedStacks(places.stateDir).map((stack) => ({
    stack,
    resources: State.read(places.stateDir, stack).resources.size,
  }));
  const postgres = port === undefined ? null : { host: HOST, port, database: DATABASE };
  const aws = emulator === undefined ? null : { endpoint: endpointOf(emulator.port) };
  if (options.json) return console.log(JSON.stringify({ postgres, aws, stacks }, undefined, 2));
  console.log(`Postgres: ${postgres === null ? "stopped" : `${HOST}:${port}/${DATABASE}`}`);
  console.log(`AWS emulator: ${aws === null ? "stopped" : aws.endpoint}`);
  const rows = stacks.map(({ stack, resources }) => [stack, String(resources)]);
  console.log(rows.length === 0 ? "Nothing is deployed" : `\n${table(["stack", "resources"], rows)}`);
}
