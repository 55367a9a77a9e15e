import type { Client } from "pg";
import { heldUp, isHeldUp, lockHolders } from "../../access/lock-holders";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import { printable } from "../../infra/printable";
import { begin, commit, rollBack } from "../app/fate";
import type { Declared } from "./declared";
import { type AdoptionPlan, planAdoption } from "./plan";
import { foundPairs, type Survey, surveyDatabase } from "./survey";

/** Keeps two adoptions apart. */
const ADOPT_LOCK = 0x61646f70;

/** A plan that was agreed to. */
export interface Agreed {
  readonly declared: Declared;
  readonly survey: Survey;
  readonly plan: AdoptionPlan;
  readonly lockTimeoutSeconds: number;
}

/**
 * Milliseconds that one attempt waits for a lock. An app that waits for one of its locks looks for a deadlock after a
 * second (`deadlock_timeout`), and would be the one that ends: at that time an attempt waits for nothing any more.
 */
const ATTEMPT_MS = 200;
/** Milliseconds after which an attempt waits for no lock, so that its waits end within half that second, on a busy machine, too. */
const PATIENT_MS = 200;

/** Runs the printed statements, all or none; not when the database has changed since they were printed. */
export async function applyAdoption(client: Client, agreed: Agreed): Promise<void> {
  const { rows } = await client.query<{ free: boolean }>("SELECT pg_try_advisory_lock($1, 0) AS free", [
    ADOPT_LOCK,
  ]);
  if (rows[0]?.free !== true) throw new MistakeError("another adoption is at work: wait until it is done");
  const end = Date.now() + agreed.lockTimeoutSeconds * 1000;
  for (;;) {
    const blocked = await attempted(client, agreed);
    if (blocked === undefined) return;
    if (Date.now() > end) {
      throw new MistakeError(heldUp("another session holds a lock, nothing was changed", blocked));
    }
    await new Promise((next) => setTimeout(next, ATTEMPT_MS));
  }
}

/** Tries it once. @returns who holds a lock that it needs; undefined when it is done */
async function attempted(
  client: Client,
  { declared, survey, plan }: Agreed,
): Promise<readonly string[] | undefined> {
  try {
    await begin(client);
    await client.query(`SET LOCAL lock_timeout = '${ATTEMPT_MS}ms'; SET LOCAL statement_timeout = 0`);
    const now = planAdoption(declared, await surveyDatabase(client));
    if (now.sql.join() !== plan.sql.join())
      throw new MistakeError(
        "the database has changed since the SQL was printed; nothing was changed: run adopt again",
      );
    const patientUntil = Date.now() + PATIENT_MS;
    let isPatient = true;
    for (const sql of plan.sql) {
      if (isPatient && Date.now() > patientUntil) {
        await client.query("SET LOCAL lock_timeout = '1ms'");
        isPatient = false;
      }
      await client.query(sql).catch((thrown: unknown) => Promise.reject(inStatement(thrown, sql)));
    }
  } catch (thrown) {
    await rollBack(client);
    if (thrown instanceof MistakeError) throw thrown;
    if (!isHeldUp(thrown)) throw new MistakeError(`${messageOf(thrown)}; nothing was changed`);
    const holders: string[] = [];
    for (const { found } of foundPairs(declared, survey))
      holders.push(...(await lockHolders(client, found.name).catch(() => [])));
    return holders;
  }
  try {
    await commit(client);
  } catch (thrown) {
    throw new MistakeError(
      `the end of the transaction is not known (${messageOf(thrown)}): run adopt again, which says what is left`,
    );
  }
  return undefined;
}

function inStatement(thrown: unknown, sql: string): unknown {
  return Object.assign(new Error(printable(`${messageOf(thrown)}, in: ${sql}`)), { code: codeOf(thrown) });
}
