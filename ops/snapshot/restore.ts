import type { Client } from "pg";
import { printLine } from "../../cli/lines";
import { sizeText } from "../../cli/progress";
import { MistakeError } from "../../infra/mistake";
import type { AppNames } from "../../infra/names";
import { printable } from "../../infra/printable";
import type { ConnectionArgs } from "../app/connection";
import { objectsOf, ownedObjectsOf, type SchemaObject } from "../app/schema-objects";
import { restoreDefaultPrivileges } from "../reset/default-privileges";
import { checkStrangers, emptySchema } from "../reset/empty-schema";
import type { Archive } from "./archive";
import { dumpSchema } from "./dump";
import type { ListedCode } from "./listed-code";
import { type Loaded, loadArchive } from "./load";
import { type MaskStatement, maskData } from "./mask";
import type { PostgresTools } from "./postgres-tools";
import { checkSession, sessionState } from "./session-state";

/** What pg_dump sets in each snapshot, for the rest of the session. */
const SET_BY_SNAPSHOT = { search_path: "", row_security: "off" };

/** Kinds that a restore leaves as they are: extensions are the admin's. */
const KEPT_KINDS = ["extension"];

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
      printable(`${strange.identity} belongs to ${strange.owner}`) +
        `, not to ${owner}: adopt the schema first (npm run ops -- adopt)`,
    );
  }
  await checkStrangers(client, schema);
}

/** An object that is not the owner's. */
async function strangeIn(client: Client, schema: string, owner: string): Promise<SchemaObject | undefined> {
  return (await ownedObjectsOf(client, schema)).find((object) => object.owner !== owner);
}

/** Keeps everybody from writing to the schema's tables until the transaction ends; they may still be read. */
async function lockAgainstWrites(client: Client, contents: readonly SchemaObject[]): Promise<void> {
  const tables = contents.filter(({ kind }) => kind === "table").map(({ identity }) => identity);
  if (tables.length > 0) await client.query(`LOCK TABLE ${tables.join(", ")} IN EXCLUSIVE MODE`);
}

/** Prepares the transaction: what the owner makes in it gets the declared rights. */
async function prepareLoad(client: Client, names: AppNames): Promise<void> {
  await client.query("SET LOCAL search_path TO pg_catalog; SET LOCAL client_min_messages = error");
  await restoreDefaultPrivileges(client, names);
}

/** Everything must be the owner's at the end, or the app could not work with it. @throws {MistakeError} */
async function checkOwners(client: Client, { schema, owner }: AppNames): Promise<void> {
  const strange = await strangeIn(client, schema, owner);
  if (strange === undefined) return;
  throw new MistakeError(
    `${printable(`${strange.identity} would belong to ${strange.owner}`)}, not to ${owner}; nothing was changed`,
  );
}

/** A restore that was agreed to. */
export interface RestoreArgs {
  readonly client: Client;
  readonly names: AppNames;
  /** As whom a snapshot of the present contents is read. */
  readonly connection: ConnectionArgs;
  readonly tools: PostgresTools;
  readonly archive: Archive;
  /** What is code in it, as it was shown. */
  readonly listed: ListedCode;
  /** Statements that run on the data before they can be seen. */
  readonly mask: readonly MaskStatement[];
  /** Where prod's present contents go first; undefined: nowhere. */
  readonly before: string | undefined;
  readonly lockTimeoutSeconds: number;
  /** Whether the schema was empty when the person agreed. */
  readonly wasEmpty: boolean;
}

/** What was restored. */
interface Restored extends Loaded {
  /** Tables with rows that the mask left as they are; undefined without a mask. */
  readonly untouched: readonly string[] | undefined;
}

/** Replaces a schema's contents, inside the caller's transaction. Nothing can be written between snapshot and replacement. */
export async function restoreWithin(args: RestoreArgs): Promise<Restored> {
  const { client, names, connection, tools, archive, before, lockTimeoutSeconds } = args;
  await prepareLoad(client, names);
  const contents = await contentsOf(client, names.schema);
  if (args.wasEmpty && contents.length > 0) {
    throw new MistakeError(
      `${names.schema} is not empty any more: somebody works in it; nothing was changed`,
    );
  }
  if (before !== undefined && contents.length > 0) {
    await lockAgainstWrites(client, contents);
    const written = await dumpSchema({
      schema: names.schema,
      connection,
      tools,
      file: before,
      lockTimeoutSeconds,
    });
    printLine(`${before}: ${written.tables} tables, ${sizeText(written.bytes)}, ${written.seconds} s`);
  }
  await emptySchema(client, names, KEPT_KINDS);
  const session = await sessionState(client);
  const loaded = await loadArchive(client, tools, archive, names.schema, args.listed);
  // The snapshot itself takes the search path away, and sets what it needs.
  await checkSession(client, { ...session, ...SET_BY_SNAPSHOT }, archive.file);
  const masked = args.mask.length > 0 ? await maskData(client, names, args.mask) : undefined;
  await checkOwners(client, names);
  return { ...loaded, untouched: masked?.untouched };
}
