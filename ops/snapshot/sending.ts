import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { Client, Connection, Submittable } from "pg";
import { codeOf, messageOf } from "../../infra/mistake";
import { headOf } from "./rename-schema";

/** A round trip through a tunnel takes longer than most statements: so many go at once. */
const MOST_STATEMENTS = 100;
const MOST_CHARACTERS = 256 * 1024;

/** Runs statements in order, several a round trip. */
export class StatementBatch {
  private statements: string[] = [];
  private characters = 0;

  constructor(private readonly client: Client) {}

  /** Adds a statement; when enough have come together, they are run. */
  async add(sql: string): Promise<void> {
    this.statements.push(sql);
    this.characters += sql.length;
    if (this.statements.length >= MOST_STATEMENTS || this.characters >= MOST_CHARACTERS) await this.flush();
  }

  /** Runs what has been added. @throws the server's error, with the beginning of its statement where that is known */
  async flush(): Promise<void> {
    const { statements } = this;
    this.statements = [];
    this.characters = 0;
    if (statements.length === 0) return;
    try {
      // A statement may end in a line comment.
      await this.client.query(statements.join("\n;\n"));
    } catch (thrown) {
      throw located(thrown, statements);
    }
  }
}

/** The server's error, with the statement that its position points at, or the only one. */
function located(thrown: unknown, statements: readonly string[]): unknown {
  const code = codeOf(thrown);
  if (code === undefined) return thrown;
  const position = Number((thrown as { position?: string }).position);
  let end = 0;
  const culprit = statements.find((sql) => {
    end += sql.length + 3;
    return position <= end;
  });
  const known = statements.length === 1 ? statements[0] : Number.isNaN(position) ? undefined : culprit;
  if (known === undefined) return thrown;
  return Object.assign(new Error(`${messageOf(thrown)}, in: ${headOf(known)}`), { code });
}

/** The part of node-postgres's connection that sends rows; its published types leave it out. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(rows: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/** A `COPY … FROM stdin` under way on a connection. Rows go to the socket at the speed at which the server takes them. */
export class CopyIn implements Submittable {
  private connection: CopyConnection | undefined;
  private failure: Error | undefined;
  private readonly started: Promise<void>;
  private readonly ended: Promise<void>;
  private start: () => void = () => {};
  private end: () => void = () => {};

  private constructor(private readonly sql: string) {
    this.started = new Promise((done) => {
      this.start = done;
    });
    this.ended = new Promise((done) => {
      this.end = done;
    });
  }

  /** Begins a copy. @throws the server's error, when it refuses the statement */
  static async begin(client: Client, sql: string): Promise<CopyIn> {
    const copy = new CopyIn(sql);
    client.query(copy);
    await Promise.race([copy.started, copy.ended]);
    copy.check();
    return copy;
  }

  /** Sends rows. @throws the server's error about rows before these */
  async write(rows: Buffer): Promise<void> {
    this.check();
    this.connection?.sendCopyFromChunk(rows);
    const stream: Duplex | undefined = this.connection?.stream;
    // An error ends the copy, also while the socket is full.
    if (stream?.writableNeedDrain) await Promise.race([once(stream, "drain"), this.ended]);
    this.check();
  }

  /** Ends the rows and waits for the server's word on them. */
  async finish(): Promise<void> {
    this.connection?.endCopyFrom();
    await this.ended;
    this.check();
  }

  /** Ends the rows as unfinished, so that the connection takes statements again; without it, ROLLBACK would wait for ever. */
  async abandon(): Promise<void> {
    this.connection?.sendCopyFail("given up");
    await this.ended;
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Called by node-postgres, as are all that follow. */
  submit(connection: Connection): void {
    this.connection = connection as CopyConnection;
    connection.query(this.sql);
  }

  handleCopyInResponse(): void {
    this.start();
  }

  handleError(error: Error): void {
    this.failure = error;
    this.end();
  }

  handleReadyForQuery(): void {
    this.end();
  }

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
}
