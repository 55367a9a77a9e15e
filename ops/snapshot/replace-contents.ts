import type { Client } from "pg";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import type { AppNames } from "../../infra/names";
import { objectsOf, ownedObjectsOf, type SchemaObject } from "../app/schema-objects";
import { restoreDefaultPrivileges } from "../reset/default-privileges";
import { checkStrangers } from "../reset/empty-schema";

/** Kinds that a restore leaves as they are: extensions are the admin's. */
export const KEPT_KINDS = ["extension"];

/** What is in the schema and goes with a restore. */
export async function contentsOf(client: Client, schema: string): Promise<readonly SchemaObject[]> {
  return (await objectsOf(client, schema)).filter(({ kind }) => !KEPT_KINDS.includes(kind));
}

/**
 * Refuses a schema that cannot be emptied by its owner alone.
 * @throws {MistakeError} that names what is in the way
 */
export async function checkReplaceable(client: Client, { schema, owner }: AppNames): Promise<void> {
  const strange = await strangeIn(client, schema, owner);
  if (strange !== undefined) {
    throw new MistakeError(
      `${strange.identity} belongs to ${strange.owner}, not to ${owner}: adopt the schema first (npm run ops -- adopt)`,
    );
  }
  await checkStrangers(client, schema);
}

/** An object that is not the owner's. */
async function strangeIn(client: Client, schema: string, owner: string): Promise<SchemaObject | undefined> {
  return (await ownedObjectsOf(client, schema)).find((object) => object.owner !== owner);
}

/** Keeps everybody from writing to the schema's tables until the transaction ends; they may still be read. */
export async function lockAgainstWrites(client: Client, contents: readonly SchemaObject[]): Promise<void> {
  const tables = contents.filter(({ kind }) => kind === "table").map(({ identity }) => identity);
  if (tables.length > 0) await client.query(`LOCK TABLE ${tables.join(", ")} IN EXCLUSIVE MODE`);
}

/** Prepares the transaction: no limits on its time, and what the owner makes in it gets the declared rights. */
export async function prepareLoad(client: Client, names: AppNames): Promise<void> {
  await client.query(
    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL client_min_messages = error",
  );
  await restoreDefaultPrivileges(client, names);
}

/**
 * Runs the masking statements with the schema on the search path.
 * @throws {MistakeError} with the number of the statement that failed
 */
export async function maskData(
  client: Client,
  { schema }: AppNames,
  statements: readonly string[],
): Promise<void> {
  await client.query(
    `SET LOCAL search_path TO "${schema}"; SET LOCAL row_security = on; SET LOCAL check_function_bodies = on`,
  );
  for (const [index, sql] of statements.entries()) {
    try {
      await client.query(sql);
    } catch (thrown) {
      const code = codeOf(thrown) ?? "";
      // A lock, or the end of the connection, is not the statement's own fault.
      if (!/^[0-9A-Z]{5}$/.test(code) || /^(08|57P|55P03|40P01)/.test(code)) throw thrown;
      throw new MistakeError(
        `statement ${index + 1} of the mask failed: ${messageOf(thrown)}; nothing was changed`,
      );
    }
  }
}

/** Everything must be the owner's at the end, or the app could not work with it. @throws {MistakeError} */
export async function checkOwners(client: Client, { schema, owner }: AppNames): Promise<void> {
  const strange = await strangeIn(client, schema, owner);
  if (strange === undefined) return;
  throw new MistakeError(
    `${strange.identity} would belong to ${strange.owner}, not to ${owner}; nothing was changed`,
  );
}
