import type { Client } from "pg";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import type { AppNames } from "../../infra/names";
import { dropStatements, objectsOf, strangersOn } from "./schema-objects";

/** Every round drops a kind; what remains after so many keeps coming back. */
const MOST_ROUNDS = 40;

/**
 * Drops everything in the schema, inside the caller's transaction. The schema itself stays, with its grants.
 * @throws {MistakeError} when something outside stands on it, or something in it is not the owner's
 */
export async function emptySchema(client: Client, { schema, owner }: AppNames): Promise<void> {
  const strangers = await strangersOn(client, schema);
  if (strangers.length > 0) {
    throw new MistakeError(
      `outside ${schema} stand on it: ${strangers.join("; ")}. Drop them first; nothing was changed`,
    );
  }
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const [next] = await objectsOf(client, schema);
    if (next === undefined) return;
    for (const statement of dropStatements(next)) {
      try {
        await client.query(statement);
      } catch (thrown) {
        if (codeOf(thrown) !== "42501") throw thrown;
        throw new MistakeError(
          `${messageOf(thrown)}: not ${owner}'s, so adopt it first (npm run ops -- adopt); nothing was changed`,
        );
      }
    }
  }
  throw new MistakeError(`something in ${schema} cannot be dropped; nothing was changed`);
}
