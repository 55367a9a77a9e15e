import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { wrapped } from "../../cli/lines";
import { MistakeError } from "../../infra/mistake";
import type { Places } from "../places";
import { isPort, readJson, writeJson } from "./json-file";
import { freePort } from "./ports";
import { end, isAlive, isMark, markOf, type ProcessMark, until } from "./processes";
import { pythonWithEmulator } from "./python-tools";

/** Region that the emulator's clients use. */
export const REGION = "us-east-1";

const START_MS = 30_000;

/** The emulator's process, as its file keeps it. */
interface EmulatorRecord extends ProcessMark {
  readonly port: number;
  /** Whether its memory holds what the stacks say; false while that is being brought back. */
  readonly filled: boolean;
}

/** Address of an emulator on a port. */
export function endpointOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** The emulator that this platform started, if it runs and holds what the stacks say. */
export function runningEmulator(places: Places): { readonly port: number } | undefined {
  const record = startedEmulator(places);
  return record?.filled === true ? record : undefined;
}

/** The emulator that this platform started, if it runs, whether it is filled or its start was cut off. */
export function startedEmulator(places: Places): EmulatorRecord | undefined {
  const record = recordOf(places);
  return record !== undefined && isAlive(record) ? record : undefined;
}

/** What the file says; undefined when there is none or it is damaged. */
function recordOf(places: Places): EmulatorRecord | undefined {
  return readJson<EmulatorRecord>(places.emulatorFile, (record) => isMark(record) && isPort(record.port));
}

/**
 * Starts the emulator, detached. It keeps everything in memory, so `fill` brings back what it held. One that does not
 * come so far is ended.
 * @param wished the port to take when it is free
 * @param fill is given the port; a run killed meanwhile starts over
 */
export async function startEmulator(
  places: Places,
  wished: number,
  say: (line: string) => void,
  fill: (port: number) => Promise<void>,
): Promise<number> {
  const running = runningEmulator(places);
  if (running !== undefined) return running.port;
  const last = recordOf(places);
  if (last === undefined && existsSync(places.emulatorFile))
    console.log(
      wrapped(`${places.emulatorFile} is damaged: an AWS emulator that it named may still run`, "", 2),
    );
  await stopEmulator(places);
  const python = await pythonWithEmulator(places.toolsDir, say);
  say("starting");
  const port = await freePort(last?.port ?? wished);
  try {
    const mark =
      (await launch(places, python, port)) ??
      (await launch(places, await pythonWithEmulator(places.toolsDir, say, true), port));
    if (mark === undefined)
      throw new MistakeError(`the AWS emulator did not start: ${lastLine(places)} (${places.emulatorLog})`);
    await fill(port);
    writeJson(places.emulatorFile, { ...mark, port, filled: true } satisfies EmulatorRecord);
  } catch (thrown) {
    await stopEmulator(places);
    throw thrown;
  }
  return port;
}

/** Starts a process that answers; undefined when its packages are not whole. */
async function launch(places: Places, python: string, port: number): Promise<ProcessMark | undefined> {
  mkdirSync(places.dir, { recursive: true });
  // Its log names every request but no body, and so no secret.
  const log = openSync(places.emulatorLog, "w", 0o600);
  const env = { ...process.env, ...EMULATOR_ENV };
  const args = ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)];
  const child = spawn(python, args, { detached: true, stdio: ["ignore", log, log], env });
  closeSync(log);
  // That it does not start is told by its pid.
  child.once("error", () => {});
  child.unref();
  const mark = child.pid === undefined ? undefined : markOf(child.pid);
  if (mark !== undefined) {
    writeJson(places.emulatorFile, { ...mark, port, filled: false } satisfies EmulatorRecord);
    const up = await until(START_MS, async () => (isAlive(mark) ? await answers(port) : "gone"));
    if (up === true) return mark;
  }
  const last = lastLine(places);
  if (/^(ModuleNotFound|Import)Error/.test(last)) return undefined;
  throw new MistakeError(`the AWS emulator did not answer: ${last} (${places.emulatorLog})`);
}

function lastLine({ emulatorLog }: Places): string {
  return readFileSync(emulatorLog, "utf8").trim().split("\n").at(-1) || "it did not say why";
}

/** Stops the emulator that this platform started, if it runs. */
export async function stopEmulator(places: Places): Promise<void> {
  const record = recordOf(places);
  if (record !== undefined) await end(record);
  rmSync(places.emulatorFile, { force: true });
}

/** AWS's own policies, which roles attach, are there only when asked for. */
const EMULATOR_ENV = { MOTO_IAM_LOAD_MANAGED_POLICIES: "true", PYTHONUNBUFFERED: "1" };

async function answers(port: number): Promise<true | undefined> {
  try {
    const reply = await fetch(`${endpointOf(port)}/moto-api/config`, { signal: AbortSignal.timeout(2000) });
    return reply.ok ? true : undefined;
  } catch {
    return undefined;
  }
}
