import type { Client } from "pg";
import { isHeldUp } from "../../access/lock-holders";
import { PLAIN_SESSION } from "../../access/undeclared/inspect";
import { nearest } from "../../infra/instance/near";
import { codeOf, isLost, MistakeError, messageOf } from "../../infra/mistake";
import { type Indexes, readIndexes } from "./indexes";
import { type Roles, readRoles } from "./logins";
import type { InspectedPart } from "./scope";
import { readSequences, type Sequence } from "./sequences";
import {
  type CacheHits,
  type Prepared,
  readBuilds,
  readCache,
  readPrepared,
  readSlots,
  readState,
  type ServerState,
  type Slot,
} from "./server";
import { type Lock, readLocks, readSessions, type ServerSession } from "./sessions";
import { readTables, type Table } from "./tables";

/** What the server says, as it says it. */
export interface ServerView {
  readonly state: ServerState;
  /** Schemas that are there. */
  readonly schemas: readonly string[];
  readonly roles: Roles;
  readonly sessions: readonly ServerSession[];
  readonly locks: readonly Lock[];
  readonly sequences: readonly Sequence[];
  readonly tables: readonly Table[];
  readonly indexes: Indexes;
  readonly slots: readonly Slot[];
  readonly prepared: readonly Prepared[];
  readonly cache: readonly CacheHits[];
  /** What could not be seen, and why. */
  readonly notSeen: readonly string[];
}

/**
 * An inspection waits for nobody, and nobody waits for it long: also where this machine falls asleep in the middle of it.
 * The database's owner may have made sessions read-only, which would keep this one from lending itself a role.
 */
const BEGIN =
  `BEGIN READ WRITE; ${PLAIN_SESSION}; SET LOCAL lock_timeout = '500ms'; SET LOCAL statement_timeout = '20s'; ` +
  "SET LOCAL idle_in_transaction_session_timeout = '20s'; SET LOCAL standard_conforming_strings = on";

/**
 * Asks the server, as the stack's deployer. What sessions do is shown to members of their role alone, which a deployer is
 * not: it lends itself the role within a transaction, in which it reads and which is always rolled back. So it needs no
 * further right, and none is left behind.
 * @throws {MistakeError} where none of the schemas is there, or the connection is lost
 */
export async function look(client: Client, scope: InspectedPart): Promise<ServerView> {
  const notSeen: string[] = [];
  try {
    await client.query(BEGIN);
    const schemas = await presentSchemas(client, scope, notSeen);
    const roles = await readRoles(client, scope);
    await lend(client, roles, notSeen);
    await client.query("SET TRANSACTION READ ONLY");
    // A transaction sees the sessions as they were when it first asked: whoever has a lock is among them, if it goes on.
    const locks = await readLocks(client, schemas);
    const sessions = await readSessions(client);
    const sequences = await unheld(client, (isHeld) => readSequences(client, schemas, isHeld));
    const builds = await readBuilds(client);
    await client.query(`ROLLBACK; ${BEGIN}; SET TRANSACTION READ ONLY`);
    return {
      state: await readState(client),
      schemas,
      roles,
      sessions,
      locks,
      sequences,
      tables: await unheld(client, (isHeld) => readTables(client, schemas, isHeld)),
      indexes: await unheld(client, (isHeld) => readIndexes(client, schemas, isHeld, builds)),
      slots: await readSlots(client),
      prepared: await readPrepared(client),
      cache: await readCache(client, schemas),
      notSeen,
    };
  } catch (thrown) {
    throw problemOf(thrown);
  } finally {
    await client.query("ROLLBACK").catch(() => {});
  }
}

async function presentSchemas(
  client: Client,
  { apps, stack, ofStack, share }: InspectedPart,
  notSeen: string[],
): Promise<string[]> {
  const wanted = apps.map(({ schema }) => schema);
  const { rows } = await client.query<{ nspname: string }>(
    "SELECT nspname FROM pg_namespace WHERE nspname = ANY($1)",
    [wanted],
  );
  const found = rows.map(({ nspname }) => nspname);
  const absent = wanted.filter((schema) => !found.includes(schema));
  const declared = ofStack.map(({ schema }) => schema);
  // Without the stack's file nobody knows what it declares.
  const isDeclared = share === undefined || absent.some((schema) => declared.includes(schema));
  const [first = ""] = absent;
  const near = nearest(first, declared);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  const problem = isDeclared
    ? `there is no schema ${absent.join(", ")}: deploy stack ${stack}`
    : `there is no schema ${absent.join(", ")}, and stack ${stack} declares none${hint}`;
  if (found.length === 0) throw new MistakeError(problem);
  if (absent.length > 0) notSeen.push(problem);
  return wanted.filter((schema) => found.includes(schema));
}

/** What is lent is gone with the transaction. It sets nobody free to act as the role: what runs is this session's own. */
async function lend(client: Client, { lendable, strange }: Roles, notSeen: string[]): Promise<void> {
  for (const login of strange)
    notSeen.push(`what sessions of ${login} do: the deployer of this stack did not make that role`);
  if (lendable.length === 0) return;
  try {
    await client.query("SAVEPOINT lent");
    await client.query(`GRANT ${lendable.join(", ")} TO CURRENT_USER WITH INHERIT TRUE, SET FALSE`);
  } catch (thrown) {
    if (isLost(thrown)) throw thrown;
    await client.query("ROLLBACK TO lent");
    const why = isHeldUp(thrown)
      ? "somebody is at work on their roles, such as a deploy or another inspection"
      : messageOf(thrown);
    notSeen.push(`what sessions do, and how far sequences are (${why}): try again`);
  }
}

/** Reads once more without asking for a size where somebody took a lock in between. */
async function unheld<T>(client: Client, read: (isHeld: boolean) => Promise<T>): Promise<T> {
  await client.query("SAVEPOINT unheld");
  try {
    return await read(false);
  } catch (thrown) {
    if (!isHeldUp(thrown)) throw thrown;
    await client.query("ROLLBACK TO unheld");
    return read(true);
  }
}

function problemOf(thrown: unknown): unknown {
  if (thrown instanceof MistakeError) return thrown;
  if (isLost(thrown)) return new MistakeError(`the connection was lost (${messageOf(thrown)}): try again`);
  const code = codeOf(thrown) ?? "";
  if (code === "57014")
    return new MistakeError("the server took longer than 20 s for one answer: try again, or one app alone");
  return /^[0-9A-Z]{5}$/.test(code) ? new MistakeError(`${messageOf(thrown)} (${code})`) : thrown;
}
