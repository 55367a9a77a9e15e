import type { Client } from "pg";
import { type CopyStreamQuery, from } from "pg-copy-streams";
import { codeOf, messageOf } from "../../infra/mistake";
import { runAlone } from "../app/run-alone";
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

  /** Runs a statement by itself, after those that have been added. */
  async alone(sql: string): Promise<void> {
    await this.flush();
    try {
      await runAlone(this.client, sql);
    } catch (thrown) {
      throw located(thrown, [sql]);
    }
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

/** The rows of a `COPY … FROM stdin` on their way. They go to the socket at the speed at which the server takes them. */
export class CopyRows {
  private readonly stream: CopyStreamQuery;
  private failure: Error | undefined;
  private fail: (error: Error) => void = () => {};

  /** Begins the copy; what the server says against the statement is the error of the first rows, or of the end. */
  constructor(client: Client, sql: string) {
    this.stream = client.query(from(sql));
    this.stream.on("error", (error) => {
      this.failure = error;
      this.fail(error);
    });
  }

  /** Sends rows. @throws the server's error about these or rows before them */
  write(rows: Buffer): Promise<void> {
    return this.unlessFailed((done) => this.stream.write(rows, done));
  }

  /** Ends the rows and waits for the server's word on them. */
  finish(): Promise<void> {
    return this.unlessFailed((done) => this.stream.end(done));
  }

  /** Ends the rows as unfinished, so that the connection takes statements again; without it, ROLLBACK would wait for ever. */
  async abandon(): Promise<void> {
    if (this.failure !== undefined) return;
    const closed = new Promise((done) => this.stream.once("close", done));
    this.stream.destroy(new Error("given up"));
    await closed;
  }

  /** An error of the server ends the copy whenever it comes, also while the socket is full. */
  private unlessFailed(work: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((done, fail) => {
      this.fail = fail;
      if (this.failure !== undefined) fail(this.failure);
      else work((error) => (error ? fail(error) : done()));
    });
  }
}
