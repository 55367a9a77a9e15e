import { refusalOf } from "../helpers/query";
import type { Attacker } from "./attacked-platform";

/** An attack: the promise that it tries, what is typed, and what the server says to it, as a pattern. */
export type Attack = readonly [promise: string, sql: string, answer: string];

/** What the server says to most. */
export const DENIED = "42501";

/**
 * What the server answers: an error's code, `warning` and its code where it warns and does nothing, or `done`. A
 * transaction that the attack began is rolled back.
 */
export async function answerTo({ client, warnings }: Attacker, sql: string): Promise<string> {
  warnings.length = 0;
  const code = await refusalOf(client.query(sql));
  const [warning] = warnings;
  if (sql.startsWith("BEGIN")) await client.query("ROLLBACK");
  return code ?? (warning === undefined ? "done" : `warning ${warning}`);
}
