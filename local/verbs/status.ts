import { requireNoMore } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT } from "../../cli/exit-status";
import { table } from "../../cli/table";
import { DATABASE } from "../../infra/names";
import { deployedStacks, State } from "../engine/state";
import { JSON_OUTPUT, PLATFORM, platformOf } from "../options";
import { endpointOf, runningEmulator, startedEmulator } from "../servers/aws-emulator";
import { HOST, runningPostgres } from "../servers/postgres";

const OPTIONS = { ...JSON_OUTPUT, ...PLATFORM } as const;

/** Prints what runs and what is deployed. */
export const STATUS: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "--json",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    const { places } = platformOf(values);
    const port = await runningPostgres(places);
    const emulator = runningEmulator(places);
    const isCutOff = emulator === undefined && startedEmulator(places) !== undefined;
    const stacks = deployedStacks(places.stateDir).map((stack) => ({
      stack,
      resources: State.read(places.stateDir, stack).resources.size,
    }));
    const postgres = port === undefined ? null : { host: HOST, port, database: DATABASE };
    const aws = emulator === undefined ? null : { endpoint: endpointOf(emulator.port) };
    if (values.json) {
      console.log(JSON.stringify({ postgres, aws, stacks }, undefined, 2));
      return EXIT.done;
    }
    console.log(`Postgres: ${postgres === null ? "stopped" : `${HOST}:${port}/${DATABASE}`}`);
    const stopped = isCutOff ? "its start goes on, or was cut off: npm run local goes on" : "stopped";
    console.log(`AWS emulator: ${aws === null ? stopped : aws.endpoint}`);
    const rows = stacks.map(({ stack, resources }) => [stack, String(resources)]);
    console.log(rows.length === 0 ? "Nothing is deployed" : `\n${table(["stack", "resources"], rows)}`);
    return EXIT.done;
  },
};
