import type { Client } from "pg";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import type { AppNames } from "../../infra/names";
import { type OwnedObject, objectsOf as ownedObjectsOf } from "../app/owned-objects";
import { restoreDefaultPrivileges } from "../reset/default-privileges";
import { dropStatements, objectsOf, type SchemaObjects, strangersOn } from "../reset/schema-objects";

/** What is in the schema and goes with a restore: extensions are the admin's, and stay. */
export async function contentsOf(client: Client, schema: string): Promise<readonly SchemaObjects[]> {
  return (await objectsOf(client, schema)).filter(({ kind }) => kind !== "extension");
}

/**
 * Refuses a schema that cannot be emptied by its owner alone.
 * @throws {MistakeError} that names what is in the way
 */
export async function checkReplaceable(client: Client, { schema, owner }: AppNames): Promise<void> {
  const strange = foreign(await ownedObjectsOf(client, schema), owner);
  if (strange !== undefined) {
    throw new MistakeError(
      `${strange.identity} belongs to ${strange.owner}, not to ${owner}: adopt the schema first (npm run ops -- adopt)`,
    );
  }
  const strangers = await strangersOn(client, schema);
  if (strangers.length > 0) {
    throw new MistakeError(
      `outside ${schema} stand on it: ${strangers.join("; ")}. Drop them first; nothing was changed`,
    );
  }
}

function foreign(objects: readonly OwnedObject[] | undefined, owner: string): OwnedObject | undefined {
  return objects?.find((object) => object.owner !== owner);
}

/** Keeps everybody from writing to the schema's tables until the transaction ends; they may still be read. */
export async function lockAgainstWrites(client: Client, contents: readonly SchemaObjects[]): Promise<void> {
  const tables = contents.filter(({ kind }) => kind === "table").flatMap(({ identities }) => identities);
  if (tables.length > 0) await client.query(`LOCK TABLE ${tables.join(", ")} IN EXCLUSIVE MODE`);
}

/** Drops everything, a kind a round, since much goes by cascade. */
export async function emptySchema(client: Client, { schema }: AppNames): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const contents = await contentsOf(client, schema);
    const [next] = contents;
    if (next === undefined) return;
    const left = contents.reduce((sum, { identities }) => sum + identities.length, 0);
    if (left >= before)
      throw new MistakeError(`${next.identities[0]} cannot be dropped; nothing was changed`);
    before = left;
    for (const statement of dropStatements(next)) await client.query(statement);
  }
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
  const strange = foreign(await ownedObjectsOf(client, schema), owner);
  if (strange === undefined) return;
  throw new MistakeError(
    `${strange.identity} would belong to ${strange.owner}, not to ${owner}; nothing was changed`,
  );
}
