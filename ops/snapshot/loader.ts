import type { Client } from "pg";
import { codeOf, messageOf } from "../../infra/mistake";
import type { Piece } from "../sql/script-pieces";
import { CopyIn } from "./copy-in";
import { headOf, SchemaRename } from "./rename-schema";
import { checkStatement } from "./script-rules";
import { StatementBatch } from "./statement-batch";

/** Limits are the transaction's own; a server may not know all that a newer pg_restore sets. */
const LIMITS = /^set\s+\w+_timeout\b/i;

/** Takes the pieces of a script to the server. */
export class Loader {
  tables = 0;
  bytes = 0;
  readonly rename: SchemaRename;
  private readonly batch: StatementBatch;
  private copy: CopyIn | undefined;
  private copied = "";

  constructor(
    private readonly client: Client,
    private readonly from: string,
    to: string,
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
    checkStatement(sql);
    // The schema stands already, as declared, and is not the app's to make or to describe.
    const isSchema = new RegExp(`^(create schema|comment on schema) "?${this.from}"?(\\s|$)`, "i").test(sql);
    if (isSchema || LIMITS.test(sql)) return;
    const renamed = this.rename.statement(sql);
    if (!isCopy) return this.batch.add(renamed);
    await this.batch.flush();
    this.copied = renamed;
    this.copy = await CopyIn.begin(this.client, renamed);
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
