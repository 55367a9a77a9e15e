import type { Client } from "pg";
import { type CatalogFinding, quoted } from "../../access/undeclared/finding";
import { PLAIN_SESSION } from "../../access/undeclared/inspect";
import { codeOf, isLost, MistakeError, messageOf } from "../../infra/mistake";
import { begin, commit, rollBack } from "../app/fate";

/** One statement that puts something back. */
export interface Repair {
  readonly sql: string;
  /** What is shown in its place, where it carries a secret. */
  readonly hidden?: string;
  /** Role that runs it, where it is not the deployer: who gave a right takes it back. */
  readonly as?: string | undefined;
}

/** A repair that the server did not let happen. */
export interface Refused {
  readonly repair: Repair;
  readonly why: string;
}

/**
 * What of the findings is repaired, each statement once. Memberships first: a role that is a member of the deployer
 * cannot be lent to it.
 */
export function repairsOf(findings: readonly CatalogFinding[]): Repair[] {
  const byKey = new Map<string, Repair>();
  for (const { mend } of findings) {
    if (mend.by !== "repair") continue;
    const { statement: sql, as } = mend;
    byKey.set(JSON.stringify([sql, as]), { sql, ...(as === undefined ? {} : { as }) });
  }
  const rank = ({ sql, as }: Repair): number => (as !== undefined ? 2 : / ON /.test(sql) ? 1 : 0);
  return [...byKey.values()].sort((a, b) => rank(a) - rank(b));
}

/**
 * Runs repairs in one transaction, each on its own: one that is refused is left out, the others happen. The deployer
 * administers the roles of its stack, and lends itself the one that a statement needs.
 * @returns what was refused
 * @throws {MistakeError} when the connection is lost; then nothing was changed, or the commit is not known
 */
export async function runRepairs(client: Client, repairs: readonly Repair[]): Promise<Refused[]> {
  const refused: Refused[] = [];
  try {
    await begin(client, "BEGIN READ WRITE");
    await client.query(PLAIN_SESSION);
    for (const repair of repairs) {
      await client.query("SAVEPOINT repair");
      try {
        await runAs(client, repair);
        await client.query("RELEASE repair");
      } catch (thrown) {
        if (codeOf(thrown) === undefined || isLost(thrown)) throw thrown;
        await client.query("ROLLBACK TO repair");
        refused.push({ repair, why: `${messageOf(thrown)}, ${codeOf(thrown)}` });
      }
    }
    await commit(client);
  } catch (thrown) {
    await rollBack(client);
    if (!isLost(thrown)) throw thrown;
    throw new MistakeError(
      `the connection was lost (${messageOf(thrown)}): look with verify whether anything was changed`,
    );
  }
  return refused;
}

async function runAs(client: Client, { sql, as }: Repair): Promise<void> {
  if (as === undefined) {
    await client.query(sql);
    return;
  }
  const role = quoted(as);
  await client.query(`GRANT ${role} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE`);
  await client.query(`SET LOCAL ROLE ${role}`);
  await client.query(sql);
  await client.query("SET LOCAL ROLE NONE");
  await client.query(`REVOKE ${role} FROM CURRENT_USER`);
}
