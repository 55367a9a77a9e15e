import { spawn } from "node:child_process";
import { dirname, resolve } from "node:path";
import { toolsFor } from "../../ops/snapshot/postgres-tools";
import { type Ended, endOf } from "./process";

/** Runs one line of SQL in the psql that comes beside the local platform's pg_dump, which has no TLS. */
export async function psql(url: string, sql: string, cwd: string): Promise<Ended> {
  const { dump } = await toolsFor(17, { folder: undefined, mayInstall: true });
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  const args = ["--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--command", sql, url];
  const child = spawn(resolve(dirname(dump), "psql"), args, {
    cwd,
    env: Object.fromEntries(inherited),
    stdio: ["ignore", "pipe", "pipe"],
  });
  return endOf(child);
}

/** As an app would: a table is made without a schema's name, and looked for by it. */
export const MAKES_A_TABLE =
  "CREATE TABLE by_psql (id int); SELECT schemaname || '.' || tablename FROM pg_tables WHERE tablename = 'by_psql'; DROP TABLE by_psql";
