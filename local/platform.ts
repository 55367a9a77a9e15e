import { mkdirSync, rmSync } from "node:fs";
import type { Stage, Stages } from "../cli/stages";
import { MistakeError } from "../infra/mistake";
import { DATABASE } from "../infra/names";
import { deployedStacks, inOrder, State } from "./engine/state";
import { opened } from "./engine/values";
import type { Places } from "./places";
import { Providers } from "./providers";
import {
  endpointOf,
  REGION,
  runningEmulator,
  startEmulator,
  startedEmulator,
  stopEmulator,
} from "./servers/aws-emulator";
import { isPort, readJson, writeJson } from "./servers/json-file";
import { defaultNetwork, type Network, UNKNOWN_NETWORK } from "./servers/network";
import {
  checkPort,
  HOST,
  lastPortOf,
  runningPostgres,
  startPostgres,
  stopPostgres,
} from "./servers/postgres";
import { pythonWithEmulator } from "./servers/python-tools";

/** Where Postgres listens unless told otherwise: where the tunnel to the real one does, so that URLs look alike. */
const DEFAULT_PORT = 6543;

/** Where the servers are, or were when they last ran. */
export interface ServerRecord {
  readonly postgresPort: number;
  readonly emulatorPort: number;
  readonly network: Network;
}

/** Where the servers were when they last ran; defaults for a platform that never did. */
export function lastServers(places: Places, port?: number): ServerRecord {
  const last = readServers(places);
  const postgresPort = port ?? last?.postgresPort ?? lastPortOf(places) ?? DEFAULT_PORT;
  const emulatorPort = last?.emulatorPort ?? postgresPort + 1;
  return { postgresPort, emulatorPort, network: last?.network ?? UNKNOWN_NETWORK };
}

function readServers(places: Places): ServerRecord | undefined {
  return readJson<ServerRecord>(
    places.serversFile,
    ({ postgresPort, emulatorPort, network }) =>
      isPort(postgresPort) &&
      isPort(emulatorPort) &&
      typeof network?.vpcId === "string" &&
      Array.isArray(network.subnetIds),
  );
}

/**
 * Starts both servers where they do not run, and brings back what the emulator forgot.
 * @throws {MistakeError} when one does not start; what worked before works on
 */
export async function startPlatform(
  places: Places,
  port: number | undefined,
  stages: Stages,
): Promise<ServerRecord> {
  const last = lastServers(places, port);
  const { postgresPort } = last;
  if (startedEmulator(places)?.port === postgresPort)
    throw new MistakeError(
      `port ${postgresPort} is this platform's AWS emulator's: choose another one with --port`,
    );
  await checkPort(postgresPort, await runningPostgres(places));
  mkdirSync(places.stateDir, { recursive: true, mode: 0o700 });
  // The port is the next run's, too, if this one is cut off.
  const before = readServers(places);
  writeJson(places.serversFile, last);
  if (runningEmulator(places) === undefined) {
    const install = (stage: Stage) => pythonWithEmulator(places.toolsDir, (line) => stage.say(line, true));
    await stages.run("tools", install, () => "ready");
  }
  const postgres = stages.run(
    "Postgres",
    (stage) => startPostgres(places, postgresPort, stage.say),
    () => `${HOST}:${postgresPort}`,
  );
  let network = last.network;
  const fill = async (emulatorPort: number): Promise<void> => {
    network = await defaultNetwork(emulatorPort);
    await postgres;
    const providers = new Providers(places, { postgresPort, emulatorPort });
    await restoreEmulator(places.stateDir, providers).finally(() => providers.close());
  };
  const emulator = stages.run(
    "AWS emulator",
    (stage) => startEmulator(places, last.emulatorPort, stage.say, fill),
    endpointOf,
  );
  const [first, second] = await Promise.allSettled([postgres, emulator]);
  if (first.status === "rejected") {
    if (before !== undefined) writeJson(places.serversFile, before);
    throw first.reason;
  }
  if (second.status === "rejected") throw second.reason;
  // A run that was cut off after it had filled the emulator did not write it down.
  if (network.vpcId === UNKNOWN_NETWORK.vpcId) network = await defaultNetwork(second.value);
  const servers: ServerRecord = { postgresPort, emulatorPort: second.value, network };
  writeJson(places.serversFile, servers);
  writeJson(places.platformFile, {
    postgres: { host: HOST, port: postgresPort, database: DATABASE },
    aws: { endpoint: endpointOf(servers.emulatorPort), region: REGION },
  });
  return servers;
}

/** Stops both servers; what Postgres holds is kept, and what the emulator held is in the state. */
export async function stopPlatform(places: Places): Promise<void> {
  await stopEmulator(places);
  await stopPostgres(places);
  rmSync(places.platformFile, { force: true });
}

/**
 * Makes again, in an emulator that lost its memory, what the stacks say it holds: with the seeds that the ids were
 * first drawn from, so that every ARN is the same.
 * @throws {MistakeError} when something comes back under another id
 */
async function restoreEmulator(stateDir: string, providers: Providers): Promise<void> {
  for (const stack of deployedStacks(stateDir)) {
    const state = State.read(stateDir, stack);
    for (const resource of inOrder(state.resources.values())) {
      if (!resource.custom) continue;
      const handler = providers.handlerOf(resource.type);
      if (handler.home !== "emulator") continue;
      const recorded = opened(resource.outputs);
      const call = { name: resource.name, seed: resource.seed, recorded };
      const made = await handler.create(opened(resource.inputs), call);
      if (made.id === resource.id && made.outputs.arn === recorded.arn) continue;
      throw new MistakeError(
        `${resource.type} ${resource.name} came back as ${made.id} instead of ${resource.id} after the AWS emulator ` +
          "was restarted: run destroy, then up",
      );
    }
  }
}
