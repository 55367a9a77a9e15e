import { statSync } from "node:fs";
import { Progress } from "../../cli/progress";
import type { AppDeployment } from "../app/deployment";
import { archiveOf } from "./archive";
import type { PostgresTools } from "./postgres-tools";
import { writeWhole } from "./snapshot-file";
import { startTool } from "./tool";
import { toolEnvironment } from "./tool-connection";

/** What was written. */
export interface Snapshot {
  readonly bytes: number;
  readonly tables: number;
  readonly seconds: number;
}

/** What a snapshot is made of. */
export interface DumpArgs {
  readonly deployment: AppDeployment;
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
  deployment,
  tools,
  file,
  lockTimeoutSeconds,
}: DumpArgs): Promise<Snapshot> {
  const { schema } = deployment.names;
  const env = await toolEnvironment(deployment);
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
      try {
        for await (const chunk of dump.stdout as AsyncIterable<Buffer>) {
          await handle.writeFile(chunk);
          bytes += chunk.length;
        }
        await dump.succeeded();
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
