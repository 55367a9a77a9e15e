import type { Client } from "pg";
import { Progress } from "../../cli/progress";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import { type Piece, ScriptError } from "../sql/script-pieces";
import type { Archive } from "./archive";
import { readScript } from "./archive-script";
import { codeInScript, type ListedCode } from "./listed-code";
import type { PostgresTools } from "./postgres-tools";
import { headOf, SchemaRename } from "./rename-schema";
import { CopyRows, StatementBatch } from "./sending";

/** What was loaded. */
export interface Loaded {
  readonly tables: number;
  readonly bytes: number;
  /** Beginnings of statements in which the old schema's name is left in a text. */
  readonly leftovers: readonly string[];
}

/**
 * Loads a snapshot into a schema, inside the caller's transaction: pg_restore writes SQL, which is read, put under the
 * schema's name and run as it comes. The role that runs it has rights in that schema alone, so that a name which was
 * missed is an error and touches nothing else.
 */
export async function loadArchive(
  client: Client,
  tools: PostgresTools,
  archive: Archive,
  schema: string,
  listed: ListedCode,
): Promise<Loaded> {
  const loader = new Loader(client, archive.schema, schema, listed);
  const progress = new Progress(
    () => `${loader.tables} of ${archive.tables} tables, ${(loader.bytes / 1e6).toFixed(0)} MB loaded`,
  );
  try {
    await readScript(tools, archive, [], (piece) => loader.take(piece));
    await loader.finish();
  } catch (thrown) {
    await loader.abandon();
    throw thrown;
  } finally {
    progress.stop();
  }
  if (loader.tables < archive.tables) {
    throw new MistakeError(
      `${archive.file} lists ${archive.tables} tables and gave ${loader.tables}; nothing was changed`,
    );
  }
  return { tables: loader.tables, bytes: loader.bytes, leftovers: loader.rename.leftovers };
}

/** Limits are the transaction's own; a server may not know all that a newer pg_restore sets. */
const LIMITS = /^set\s+\w+_timeout\b/i;

/** Takes the pieces of a script to the server. */
class Loader {
  tables = 0;
  bytes = 0;
  readonly rename: SchemaRename;
  private readonly batch: StatementBatch;
  private copy: CopyRows | undefined;
  private copied = "";

  constructor(
    private readonly client: Client,
    private readonly from: string,
    to: string,
    private readonly listed: ListedCode,
  ) {
    this.rename = new SchemaRename(from, to);
    this.batch = new StatementBatch(client);
  }

  async take(piece: Piece): Promise<void> {
    try {
      if (piece.kind === "statement") await this.statement(piece.sql, piece.copy);
      else if (piece.kind === "rows") {
        this.bytes += piece.rows.length;
        await this.copy?.write(piece.rows);
      } else {
        await this.copy?.finish();
        this.copy = undefined;
        this.tables++;
      }
    } catch (thrown) {
      throw piece.kind === "statement" ? thrown : this.rowError(thrown);
    }
  }

  async finish(): Promise<void> {
    await this.batch.flush();
  }

  /** Ends what is under way, after an error anywhere. */
  async abandon(): Promise<void> {
    await this.copy?.abandon();
  }

  private async statement(sql: string, isCopy: boolean): Promise<void> {
    const { isKnown, code } = await codeInScript(sql);
    // Its rows' part is not read before; what stands there and is code has been shown to nobody.
    if (!code.every((one) => this.listed.has(one)))
      throw new ScriptError(`${headOf(sql)} was not there when the file was first read`);
    if (isCopy && !isKnown) throw new ScriptError(`${headOf(sql)} cannot be read`);
    // The schema stands already, as declared, and is not the app's to make or to describe.
    const isSchema = new RegExp(`^(create schema|comment on schema) "?${this.from}"?(\\s|$)`, "i").test(sql);
    if (isSchema || LIMITS.test(sql)) return;
    const renamed = this.rename.statement(sql);
    if (!isCopy) return isKnown ? this.batch.add(renamed) : this.batch.alone(renamed);
    await this.batch.flush();
    this.copied = renamed;
    this.copy = new CopyRows(this.client, renamed);
  }

  /** An error about rows names table and line; the row itself is data, and is left out. */
  private rowError(thrown: unknown): unknown {
    const code = codeOf(thrown);
    if (code === undefined) return thrown;
    const line = /line \d+/.exec(String((thrown as { where?: string }).where))?.[0];
    return Object.assign(
      new Error(`${messageOf(thrown)}, in: ${headOf(this.copied)}${line ? ` ${line}` : ""}`),
      { code },
    );
  }
}
