import { Client } from "pg";

/** Queries after which a connection is given up for a new one, so that logins go on all the time. */
const QUERIES_A_CONNECTION = 5;

/** What waits for a client to come on. */
interface Waiter {
  readonly logins: number;
  readonly done: () => void;
}

/** An app under load: a few connections that write all the time, each making way for a new login after some queries. */
export class LoadClient {
  /** Rows whose writing the server has confirmed. */
  written = 0;
  /** Logins that succeeded. */
  logins = 0;
  /** What went wrong, by its message; a client goes on after a failure. */
  readonly failures: string[] = [];
  private readonly connections: Promise<void>[];
  private waiters: Waiter[] = [];
  private isStopped = false;

  /**
   * Starts writing into the table `written`.
   * @param url asked before each login: an app that keeps its URL, or one that reads the secret
   */
  constructor(
    readonly name: string,
    private readonly url: () => Promise<string>,
    connections: number,
  ) {
    this.connections = Array.from({ length: connections }, () => this.work());
  }

  /** Waits for logins from now on. */
  async another(logins: number): Promise<void> {
    await new Promise<void>((done) => this.waiters.push({ logins: this.logins + logins, done }));
  }

  /** Lets every connection finish what it is at. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.connections);
  }

  private async work(): Promise<void> {
    while (!this.isStopped) {
      const client = new Client({ connectionString: await this.url(), application_name: this.name });
      client.on("error", ({ message }) => this.failures.push(message));
      try {
        await client.connect();
        this.hasLoggedIn();
        for (let query = 0; query < QUERIES_A_CONNECTION; query++) {
          await client.query("INSERT INTO written (client, number) VALUES ($1, $2)", [
            this.name,
            this.written,
          ]);
          this.written++;
        }
      } catch (thrown) {
        this.failures.push(String((thrown as { message?: unknown }).message));
        this.hasLoggedIn();
      } finally {
        await client.end().catch(() => {});
      }
    }
  }

  /** A failed login counts for those who wait, too: they look at the failures then. */
  private hasLoggedIn(): void {
    this.logins++;
    const due = this.waiters.filter(({ logins }) => logins <= this.logins);
    this.waiters = this.waiters.filter((waiter) => !due.includes(waiter));
    for (const { done } of due) done();
  }
}
