import type { Client } from "pg";

/** The one form of a limit of time that the provider reads: with a unit, a refresh or an import of the role ends in an error. */
export const PLAIN_MILLISECONDS = /^(0|[1-9]\d*)$/;

/**
 * Asks the server what a limit of time means: it takes units, fractions, octal and hexadecimal numbers.
 * @param client its `lock_timeout` is put back
 */
export async function millisecondsOf(client: Client, text: string): Promise<number> {
  const set = "SELECT pg_catalog.set_config('lock_timeout', $1, false)";
  const { rows: before } = await client.query<{ value: string }>(
    "SELECT pg_catalog.current_setting('lock_timeout') AS value",
  );
  await client.query(set, [text]);
  const { rows } = await client.query<{ value: string }>(
    "SELECT setting AS value FROM pg_catalog.pg_settings WHERE name = 'lock_timeout'",
  );
  await client.query(set, [before[0]?.value]);
  return Number(rows[0]?.value);
}
