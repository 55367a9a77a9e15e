import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { Client, Connection, Submittable } from "pg";

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
