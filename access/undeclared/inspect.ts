import type { Client } from "pg";
import { isLost, MistakeError, messageOf } from "../../infra/mistake";
import { databaseFindings } from "./database";
import { declaredServer, type ServerPart } from "./declared";
import { existingFindings } from "./existing";
import { type CatalogFinding, eachOnce, NOT_THERE } from "./finding";
import { defaultFindings, grantFindings } from "./grants";
import { ownerFindings, schemaFindings } from "./objects";
import { reachFindings } from "./reach";
import { membershipFindings, roleFindings } from "./roles";
import { readServer } from "./server";
import { settingFindings } from "./settings";

/**
 * What the session asks with: Postgres's own names alone, its own rights, and no limit that the database's owner has put
 * in the way.
 */
export const PLAIN_SESSION =
  "SET LOCAL search_path = pg_catalog; SET LOCAL ROLE NONE; SET LOCAL statement_timeout = '120s'; " +
  "SET LOCAL lock_timeout = '10s'; SET LOCAL quote_all_identifiers = off";

/**
 * Holds the catalogs against what a stack declares, in both directions: what the server has and nobody declares, and
 * what is declared and not there. Nothing is changed, and nothing of an app's is run or read.
 * @param client logged in as the stack's deployer
 * @throws {MistakeError} when the connection is lost
 */
export async function inspect(client: Client, part: ServerPart): Promise<CatalogFinding[]> {
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query(PLAIN_SESSION);
    const server = await readServer(client, declaredServer(part));
    const roles = await roleFindings(client, server);
    const absent = new Set(roles.filter(({ what }) => what === NOT_THERE).map(({ who }) => who));
    const others = [
      ...(await membershipFindings(client, server)),
      ...(await settingFindings(client, server)),
      ...schemaFindings(server),
      ...(await ownerFindings(client, server)),
      ...(await grantFindings(client, server)),
      ...(await defaultFindings(client, server)),
      ...(await existingFindings(client, server)),
      ...(await databaseFindings(client, server)),
      ...(await reachFindings(client, server)),
    ];
    // Of a role that is not there nothing else needs saying.
    return eachOnce([...roles, ...others.filter(({ who, where }) => !absent.has(who) && !absent.has(where))]);
  } catch (thrown) {
    if (!isLost(thrown)) throw thrown;
    throw new MistakeError(
      `the connection was lost (${messageOf(thrown)}): try again; where it is lost again, look for what the dev admin ` +
        'has set for the database, by docs/security.md, "What a hostile dev admin still can do"',
    );
  } finally {
    await client.query("ROLLBACK").catch(() => {});
  }
}
