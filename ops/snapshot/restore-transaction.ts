import type { Client } from "pg";
import { sizeText } from "../../cli/progress";
import { MistakeError } from "../../infra/mistake";
import type { AppDeployment } from "../app/deployment";
import { emptySchema } from "../reset/empty-schema";
import type { Archive } from "./archive";
import { dumpSchema } from "./dump";
import { type Loaded, loadArchive } from "./load";
import type { PostgresTools } from "./postgres-tools";
import {
  checkOwners,
  contentsOf,
  KEPT_KINDS,
  lockAgainstWrites,
  maskData,
  prepareLoad,
} from "./replace-contents";

/** A restore that was agreed to. */
export interface RestoreArgs {
  readonly client: Client;
  readonly deployment: AppDeployment;
  readonly tools: PostgresTools;
  readonly archive: Archive;
  /** Statements that run on the data before they can be seen. */
  readonly mask: readonly string[];
  /** Where prod's present contents go first; undefined: nowhere. */
  readonly before: string | undefined;
  readonly lockTimeoutSeconds: number;
  /** Whether the schema was empty when the person agreed. */
  readonly wasEmpty: boolean;
}

/** Replaces a schema's contents, inside the caller's transaction. Nothing can be written between snapshot and replacement. */
export async function restoreWithin(args: RestoreArgs): Promise<Loaded> {
  const { client, deployment, tools, archive, before, lockTimeoutSeconds } = args;
  const { names } = deployment;
  await prepareLoad(client, names);
  const contents = await contentsOf(client, names.schema);
  if (args.wasEmpty && contents.length > 0) {
    throw new MistakeError(
      `${names.schema} is not empty any more: somebody works in it; nothing was changed`,
    );
  }
  if (before !== undefined && contents.length > 0) {
    await lockAgainstWrites(client, contents);
    const written = await dumpSchema({ deployment, tools, file: before, lockTimeoutSeconds });
    console.log(`${before}: ${written.tables} tables, ${sizeText(written.bytes)}, ${written.seconds} s`);
  }
  await emptySchema(client, names, KEPT_KINDS);
  const loaded = await loadArchive(client, tools, archive, names.schema);
  if (args.mask.length > 0) await maskData(client, names, args.mask);
  await checkOwners(client, names);
  return loaded;
}
