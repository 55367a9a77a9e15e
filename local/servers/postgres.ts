import { existsSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "pg";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import type { Places } from "../places";
import { firstFreeForAll, portProblem } from "./ports";
import {
  binaries,
  dataDirOf,
  ensureCluster,
  reasonIn,
  run,
  SUPERUSER,
  superuserPassword,
} from "./postgres-cluster";
import { beganAt, programOf, until } from "./processes";
import { serverUser } from "./server-user";

/** Where the server listens. */
export const HOST = "localhost";

const START_MS = 60_000;
/** How long what a killed server left may take to go. */
const AFTERMATH_MS = 15_000;
const CANNOT_CONNECT_NOW = "57P03";

/** A connection of the cluster's superuser. */
export async function connectSuperuser(places: Places, port: number, database = "postgres"): Promise<Client> {
  const password = superuserPassword(places);
  const client = new Client({ host: HOST, port, user: SUPERUSER, password, database });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/**
 * The port of the server on this platform's data folder, if it runs. A pid may be another process's by now, so the
 * server itself is asked which folder it serves; nobody else's takes the superuser's password.
 */
export async function runningPostgres(places: Places): Promise<number | undefined> {
  const data = dataDirOf(places);
  const file = resolve(data, "postmaster.pid");
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, "utf8").split("\n");
  const port = Number(lines[3]);
  const pid = Number(lines[0]);
  if (!(port > 0) || beganAt(pid) === undefined) return undefined;
  return until(START_MS, async () => {
    try {
      const client = await connectSuperuser(places, port);
      const { rows } = await client.query<{ dir: string }>("SELECT current_setting('data_directory') AS dir");
      await client.end();
      return rows[0]?.dir === data ? port : NOT_OURS;
    } catch (thrown) {
      // It runs and is still recovering; any other answer comes from someone else.
      return codeOf(thrown) === CANNOT_CONNECT_NOW ? undefined : NOT_OURS;
    }
  }).then((found) => (found === NOT_OURS ? undefined : found));
}

const NOT_OURS = -1;

/**
 * Refuses a port that the server could not have, before anything that works is stopped for it.
 * @param running where this platform's own server listens
 */
export async function checkPort(port: number, running: number | undefined): Promise<void> {
  if (running === port) return;
  const problem = await portProblem(port);
  if (problem === "taken") {
    throw new MistakeError(
      `port ${port} on ${HOST} is in use by another program (an SSH tunnel, perhaps), which is left alone: ` +
        "close that program, or choose another port with --port",
    );
  }
  // Root may have any port; Postgres does not run as root.
  const first = firstFreeForAll();
  if (problem === undefined && (serverUser() === undefined || port >= first)) return;
  throw new MistakeError(
    `port ${port} is not for the user that Postgres runs as: choose one from ${first} on with --port`,
  );
}

/**
 * Starts the server on a port, detached; moves it when it listens on another one.
 * @throws {MistakeError} when it does not start; where it ran before, it runs again
 */
export async function startPostgres(
  places: Places,
  port: number,
  say: (line: string) => void,
): Promise<void> {
  const running = await runningPostgres(places);
  await checkPort(port, running);
  if (running === port) return;
  if (running !== undefined) await stopPostgres(places);
  say(`starting on ${HOST}:${port}`);
  try {
    await launch(places, port);
  } catch (thrown) {
    if (running === undefined) throw thrown;
    await launch(places, running);
    throw new MistakeError(`${messageOf(thrown)}. It runs on port ${running} again`);
  }
}

async function launch(places: Places, port: number): Promise<void> {
  await ensureCluster(places);
  const wasKilled = dropStalePid(places);
  const { pg_ctl } = await binaries(places);
  const log = resolve(places.clusterDir, "postgres.log");
  const args = ["start", "-D", dataDirOf(places), "-l", log, "-o", `-p ${port}`, "-w", "-t", "60"];
  // The children of a killed server hold its memory and its lock for a moment longer.
  const started = await until(wasKilled ? AFTERMATH_MS : 0, async () => {
    const { status } = await run(pg_ctl, args, serverUser());
    return status === 0 || undefined;
  });
  if (started === true) return;
  const said = existsSync(log) ? readFileSync(log, "utf8") : "";
  throw new MistakeError(`Postgres did not start on port ${port}: ${reasonIn(said)} (${log})`);
}

/** The port that the cluster's server had when it ran last. */
export function lastPortOf(places: Places): number | undefined {
  const options = resolve(dataDirOf(places), "postmaster.opts");
  const port = existsSync(options) && /"-p" "(\d+)"/.exec(readFileSync(options, "utf8"))?.[1];
  return port ? Number(port) : undefined;
}

/**
 * Takes away the pid file of a killed server whose pid another program has by now; Postgres would wait for it.
 * @returns whether there was such a file: a server that is stopped leaves none
 */
function dropStalePid(places: Places): boolean {
  const file = resolve(dataDirOf(places), "postmaster.pid");
  if (!existsSync(file)) return false;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  if (!programOf(pid).includes("postgres")) rmSync(file);
  return true;
}

/** Stops this platform's server, if it runs; its data are kept. */
export async function stopPostgres(places: Places): Promise<void> {
  if ((await runningPostgres(places)) === undefined) return;
  const { pg_ctl } = await binaries(places);
  const args = ["stop", "-D", dataDirOf(places), "-m", "fast", "-w", "-t", "30"];
  const { status, output } = await run(pg_ctl, args, serverUser());
  if (status !== 0) throw new MistakeError(`Postgres could not be stopped: ${reasonIn(output)}`);
}
