import type { Client } from "pg";

/** Rows of one query; the connection is ended after it. */
export async function query(
  client: Client,
  sql: string,
  isConnected = false,
): Promise<readonly Record<string, unknown>[]> {
  if (!isConnected) await client.connect();
  try {
    const result = await client.query(sql);
    return result.rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** The error code that SQL ends with; undefined when it succeeds. */
export async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (thrown) {
    return String((thrown as { code?: unknown }).code);
  }
}
