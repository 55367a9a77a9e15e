import type { Client } from "pg";
import { blockersOf, heldUp, isHeldUp } from "../../access/lock-holders";
import { wrapped } from "../../cli/lines";
import { MistakeError } from "../../infra/mistake";

/** Seconds that a deployment waits for a lock of an app's session, before it says whose. */
const LOCK_SECONDS = 10;

/** How often it is looked who holds it: once the wait is over, nobody can be asked any more. */
const LOOK_MS = 2000;

/** Who made the session may be gone by then, so that nobody could end it by SQL. */
const REMEDY =
  "Stop the program that it is of, and run this again, which goes on from here; npm run local -- down ends every session";

/** Lets a session wait for a lock for some seconds, and not for ever. @returns its pid */
export async function boundLockWaits(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>(
    "SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.set_config('lock_timeout', $1, false)",
    [`${LOCK_SECONDS}s`],
  );
  return rows[0]?.pid ?? 0;
}

/**
 * Runs statements of a session, and names who holds them up: once it is seen, and in the error.
 * @param pid the session's own
 * @param connect another session of a superuser, which alone is told who is at work since when
 * @throws {MistakeError} after the time that a session waits, with the sessions that it waited for
 */
export async function namingHolders<T>(
  pid: number,
  connect: () => Promise<Client>,
  work: () => Promise<T>,
): Promise<T> {
  let holders: readonly string[] = [];
  let told = "";
  let watcher: Promise<Client> | undefined;
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    watcher ??= connect();
    const found = await blockersOf(await watcher, pid);
    if (found.length === 0) return;
    holders = found;
    const who = holders.join("; ");
    if (who !== told) console.log(wrapped(`waits, at most ${LOCK_SECONDS} s, for a lock of ${who}`, "", 2));
    told = who;
  };
  const timer = setInterval(() => {
    looking = looking.then(look).catch(() => {});
  }, LOOK_MS);
  try {
    return await work();
  } catch (thrown) {
    if (!isHeldUp(thrown)) throw thrown;
    await looking;
    throw new MistakeError(heldUp("another session holds a lock", holders, REMEDY));
  } finally {
    clearInterval(timer);
    await looking;
    await watcher?.then((client) => client.end()).catch(() => {});
  }
}
