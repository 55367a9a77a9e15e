import type { Client } from "pg";
import { MistakeError } from "../../infra/mistake";

/** What decides as whom a session's next statement runs, and what its text means. */
const DECIDING = [
  "role",
  "search_path",
  "client_encoding",
  "standard_conforming_strings",
  "row_security",
  "session_replication_role",
];

/** What a session is, by name, to be held against what it is later. */
export type SessionState = Readonly<Record<string, string>>;

/** Asks the server as whom a session acts, and how it reads names and texts. Nothing of an app's can answer instead. */
export async function sessionState(client: Client): Promise<SessionState> {
  const settings = DECIDING.map((name) => `pg_catalog.current_setting('${name}') AS ${name}`);
  const { rows } = await client.query<SessionState>(
    `SELECT current_user AS "the acting role", session_user AS "the session's role", ${settings.join(", ")}`,
  );
  return rows[0] ?? {};
}

/**
 * Holds a session against what it was: no list of spellings finds a function that sets the role.
 * @param who what ran meanwhile, for the message
 * @throws {MistakeError} when something else would run as somebody else, or mean something else
 */
export async function checkSession(client: Client, before: SessionState, who: string): Promise<void> {
  const now = await sessionState(client);
  const changed = Object.keys(before).filter((name) => now[name] !== before[name]);
  if (changed.length > 0) throw new MistakeError(`${who} changed ${changed.join(", ")}; nothing was changed`);
}
