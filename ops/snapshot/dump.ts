import { statSync } from "node:fs";
import type { Client } from "pg";
import { interruptible } from "../../cli/interruption";
import { Progress } from "../../cli/progress";
import type { ConnectionArgs } from "../app/connection";
import { libpqEnvironment } from "../app/libpq";
import { archiveOf, writeWhole } from "./archive";
import { type PostgresTools, startTool } from "./postgres-tools";

/** What was written. */
export interface Snapshot {
  readonly bytes: number;
  readonly tables: number;
  readonly seconds: number;
}

/** What a snapshot is made of. */
export interface DumpArgs {
  readonly schema: string;
  /** As whom it is read: what owns the schema's tables. */
  readonly connection: ConnectionArgs;
  readonly tools: PostgresTools;
  /** A file that does not exist yet. */
  readonly file: string;
  /** Seconds to wait for a lock that another session holds. */
  readonly lockTimeoutSeconds: number;
}

/**
 * Writes the app's schema to a file in pg_dump's custom format. It passes through this process, a piece at a time, so
 * that a killed command leaves no pg_dump behind. The file is read back before it gets its name.
 */
export async function dumpSchema({
  schema,
  connection,
  tools,
  file,
  lockTimeoutSeconds,
}: DumpArgs): Promise<Snapshot> {
  const env = await libpqEnvironment(connection);
  let bytes = 0;
  let tables = 0;
  const progress = new Progress(() => `${(bytes / 1e6).toFixed(0)} MB written`);
  try {
    await writeWhole(file, async (partial, handle) => {
      const dump = startTool(
        tools.dump,
        [
          "--format=custom",
          // Quoted: the name itself, not a pattern.
          `--schema="${schema}"`,
          "--no-owner",
          "--no-privileges",
          "--encoding=UTF8",
          "--no-password",
          `--lock-wait-timeout=${lockTimeoutSeconds}s`,
        ],
        env,
      );
      const end = () => {
        dump.kill();
        return undefined;
      };
      try {
        await interruptible({ end }, async () => {
          for await (const chunk of dump.stdout as AsyncIterable<Buffer>) {
            await handle.writeFile(chunk);
            bytes += chunk.length;
          }
          await dump.succeeded();
        });
      } finally {
        dump.kill();
      }
      ({ tables } = await archiveOf(tools, partial));
    });
  } finally {
    progress.stop();
  }
  return { bytes: statSync(file).size, tables, seconds: progress.seconds };
}

/** How many tables with rows a schema has. Their sizes would be worth telling, but asking for them waits for locks. */
export async function tableCount(client: Client, schema: string): Promise<number> {
  const { rows } = await client.query<{ tables: number }>(
    `SELECT count(*)::int AS tables FROM pg_class
     WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relkind = 'r'`,
    [schema],
  );
  return rows[0]?.tables ?? 0;
}

/** How many large objects the app has: they stand in no schema, so that no snapshot of one can hold them. */
export async function largeObjects(client: Client): Promise<number> {
  const { rows } = await client.query<{ number: number }>(
    `SELECT count(*)::int AS number FROM pg_largeobject_metadata
     WHERE lomowner IN (current_user::regrole, session_user::regrole)`,
  );
  return rows[0]?.number ?? 0;
}
