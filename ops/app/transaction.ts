import type { Client } from "pg";
import { heldUp, isHeldUp, lockHolders } from "../../access/lock-holders";
import { codeOf, isLost, MistakeError, messageOf } from "../../infra/mistake";
import { printable } from "../../infra/printable";
import { begin, commit, rollBack } from "./fate";

/** First key of the advisory locks that keep two commands out of one schema; the second is the schema's. */
const COMMAND_LOCK = 0x706f7274;

/** A transaction that is given up without an error: what it did is undone. */
export class Undone extends Error {}

/** How long statements wait for locks. */
export interface TransactionOptions {
  readonly schema: string;
  /** Seconds until a lock that another session holds is an error. */
  readonly lockTimeoutSeconds: number;
}

/**
 * Runs work in one transaction, alone among the commands that work on the schema: all of it happens, or nothing.
 * @returns undefined when the work gave up with {@link Undone}
 * @throws {MistakeError} for a lock that another session holds, with its pid; a lost connection; missing rights
 */
export async function inTransaction<T>(
  client: Client,
  options: TransactionOptions,
  work: () => Promise<T>,
): Promise<T | undefined> {
  let result: T;
  try {
    await begin(client);
    await client.query(`SET LOCAL lock_timeout = '${Math.round(options.lockTimeoutSeconds * 1000)}ms'`);
    await client.query("SET LOCAL standard_conforming_strings = on");
    const { rows } = await client.query<{ free: boolean }>(
      "SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS free",
      [COMMAND_LOCK, options.schema],
    );
    if (rows[0]?.free !== true) {
      throw new MistakeError(`another command is at work on ${options.schema}: wait until it is done`);
    }
    result = await work();
  } catch (thrown) {
    await rollBack(client);
    if (thrown instanceof Undone) return undefined;
    throw await problemOf(client, options, thrown);
  }
  try {
    await commit(client);
  } catch (thrown) {
    throw new MistakeError(
      `the connection was lost while the change was committed (${messageOf(thrown)}): look whether it was made`,
    );
  }
  return result;
}

async function problemOf(client: Client, options: TransactionOptions, thrown: unknown): Promise<unknown> {
  if (thrown instanceof MistakeError) return thrown;
  const code = codeOf(thrown);
  const nothing = "nothing was changed";
  if (isHeldUp(thrown)) {
    const holders = await lockHolders(client, options.schema).catch(() => ["which one cannot be read"]);
    const problem = code === "40P01" ? "a deadlock with another session" : "another session holds a lock";
    return new MistakeError(heldUp(`${problem} in ${options.schema}, ${nothing}`, holders));
  }
  if (code === "42501") return new MistakeError(`${printable(messageOf(thrown))}; ${nothing}`);
  if (code === "53200") {
    return new MistakeError(`the server has no room for more locks (max_locks_per_transaction); ${nothing}`);
  }
  const message = printable(messageOf(thrown));
  if (isLost(thrown)) return new MistakeError(`the connection was lost (${message}); ${nothing}`);
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code))
    return new MistakeError(`${message} (${code}); ${nothing}`);
  return thrown;
}
