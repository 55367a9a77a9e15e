import { sessionText } from "../../access/lock-holders";
import { printable } from "../../infra/printable";
import type { Inspection } from "./inspection";
import { bytesText, countOf, durationText, percentOf } from "./units";

/** Something that a person should look at first. */
export interface StandOut {
  /** Which one of them it is, for scripts. */
  readonly kind: string;
  /** What it is, for people. */
  readonly text: string;
}

/** From when on something is more than the server's everyday. */
const FROM = {
  idleInTransactionSeconds: 60,
  transactionSeconds: 300,
  ageTransactions: 1_000_000,
  connectionPercent: 80,
  /** Times as many dead rows as autovacuum waits for: it does not keep up. */
  deadRowsTimes: 2,
  deadRows: 10_000,
  deadPercent: 20,
  sequencePercent: 75,
  slotBytes: 1024 ** 3,
  /** Times the age at which autovacuum freezes in any case. */
  freezeTimes: 2,
} as const;

/** What stands out, the gravest first; nothing of it is an error. */
export function standsOut(inspection: Inspection): StandOut[] {
  return [
    ...ofWraparound(inspection),
    ...ofSessions(inspection),
    ...ofConnections(inspection),
    ...ofSlots(inspection),
    ...ofTables(inspection),
  ].map(({ kind, text }) => ({ kind, text: printable(text) }));
}

function* ofWraparound({ database }: Inspection): Generator<StandOut> {
  const { ageTransactions, ageMultixacts, freezeAtTransactions, isAutovacuumOn } = database;
  const age = Math.max(ageTransactions, ageMultixacts);
  if (age > freezeAtTransactions * FROM.freezeTimes)
    yield {
      kind: "wraparound",
      text: `the oldest row is ${countOf(age)} transactions old and is not frozen; at 2,100 million the server stops`,
    };
  if (!isAutovacuumOn) yield { kind: "autovacuum-off", text: "autovacuum is off for the whole server" };
}

function* ofSessions({ waits, transactions, prepared }: Inspection): Generator<StandOut> {
  const longest = Math.max(...waits.map(({ waitingSeconds }) => waitingSeconds ?? 0));
  if (waits.length > 0) {
    const who = waits.length === 1 ? "a session waits" : `${waits.length} sessions wait`;
    yield { kind: "wait", text: `${who} for a lock, the longest for ${durationText(longest)}` };
  }
  for (const { name, login, preparedSeconds } of prepared)
    if (preparedSeconds >= FROM.idleInTransactionSeconds)
      yield {
        kind: "prepared-transaction",
        text: `the prepared transaction ${name} of ${login} has waited ${durationText(preparedSeconds)} for its end`,
      };
  for (const one of transactions) {
    const { state, stateSeconds, transactionSeconds, ageTransactions } = one;
    const isIdle = state?.startsWith("idle in transaction") === true;
    const open = transactionSeconds ?? 0;
    if (isIdle && (stateSeconds ?? 0) >= FROM.idleInTransactionSeconds)
      yield {
        kind: "idle-in-transaction",
        text: `${sessionText(one)} has been idle in a transaction for ${durationText(stateSeconds ?? 0)}`,
      };
    else if (open >= FROM.transactionSeconds)
      yield {
        kind: "long-transaction",
        text: `${sessionText(one)} has had a transaction open for ${durationText(open)}`,
      };
    else if ((ageTransactions ?? 0) >= FROM.ageTransactions)
      yield {
        kind: "old-snapshot",
        text: `${sessionText(one)} keeps dead rows of ${countOf(ageTransactions ?? 0)} transactions`,
      };
  }
}

function* ofConnections({ connections }: Inspection): Generator<StandOut> {
  const { logins, used, max, reserved, usedOfStack, shareOfStack, databaseLimit } = connections;
  const isFull = (of: number, limit: number | null) =>
    limit !== null && percentOf(of, limit) >= FROM.connectionPercent;
  if (isFull(used, max - reserved))
    yield {
      kind: "server-connections",
      text: `${used} of the server's ${max - reserved} connections are taken`,
    };
  if (databaseLimit !== null)
    yield {
      kind: "database-limit",
      text: `the database lets in ${databaseLimit} connections, which no stack declares`,
    };
  if (isFull(usedOfStack, shareOfStack))
    yield {
      kind: "stack-connections",
      text: `the stack's logins have ${usedOfStack} of their ${shareOfStack} connections`,
    };
  for (const { login, used: own, limit } of logins)
    if (isFull(own, limit))
      yield { kind: "login-connections", text: `${login} has ${own} of its ${limit} connections` };
}

function* ofSlots({ slots }: Inspection): Generator<StandOut> {
  for (const { slot, isActive, walHeldBytes, walStatus } of slots) {
    const held = walHeldBytes === null ? "" : `, and holds ${bytesText(walHeldBytes)} of WAL`;
    if (walStatus === "lost")
      yield { kind: "slot", text: `the slot ${slot} has lost what it waited for: drop it` };
    else if (!isActive) yield { kind: "slot", text: `nobody reads from the slot ${slot}${held}` };
    else if ((walHeldBytes ?? 0) >= FROM.slotBytes)
      yield { kind: "slot", text: `the slot ${slot} is behind${held}` };
  }
}

function* ofTables({ tables, sequences, indexes }: Inspection): Generator<StandOut> {
  for (const { schema, sequence, usedPercent, endValue } of sequences)
    if (usedPercent >= FROM.sequencePercent)
      yield {
        kind: "sequence",
        text: `${schema}.${sequence} has used ${usedPercent} percent of its numbers; the last is ${endValue}`,
      };
  for (const { schema, index, isBeingBuilt } of indexes.invalid)
    if (!isBeingBuilt)
      yield {
        kind: "invalid-index",
        text: `${schema}.${index} is not valid: no query uses it, every write does`,
      };
  for (const { schema, table, deadRows, deadPercent, vacuumAtDeadRows } of tables) {
    if (deadRows < FROM.deadRows) continue;
    if (vacuumAtDeadRows === null && deadPercent >= FROM.deadPercent)
      yield {
        kind: "dead-rows",
        text: `${schema}.${table} has ${countOf(deadRows)} dead rows, and autovacuum is off for it`,
      };
    else if (vacuumAtDeadRows !== null && deadRows >= vacuumAtDeadRows * FROM.deadRowsTimes)
      yield {
        kind: "dead-rows",
        text: `${schema}.${table} has ${countOf(deadRows)} dead rows: autovacuum does not keep up`,
      };
  }
}
