import { Client } from "pg";
import { type Call, textIn, wholeIn } from "../../engine/handler";

/**
 * The one connection through which every Postgres resource goes, as the admin that the program's provider names.
 * It is opened by the first resource that needs it, and again when the provider changes.
 */
export class AdminSession {
  private client: Client | undefined;
  private key = "";

  /** Runs statements in one transaction: all of them or none. */
  async transaction<T>(call: Call, work: (client: Client, database: string) => Promise<T>): Promise<T> {
    const { client, database } = await this.connected(call);
    await client.query("BEGIN");
    try {
      const result = await work(client, database);
      await client.query("COMMIT");
      return result;
    } catch (thrown) {
      await client.query("ROLLBACK").catch(() => this.close());
      throw thrown;
    }
  }

  /** Closes the connection; another resource opens it again. */
  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.key = "";
    await client?.end().catch(() => {});
  }

  private async connected(call: Call): Promise<{ client: Client; database: string }> {
    if (call.provider === undefined) throw new Error("it needs a provider that names the server");
    const given = call.provider;
    const database = textIn(given, "database") || "postgres";
    const key = JSON.stringify(given);
    if (this.client !== undefined && this.key === key) return { client: this.client, database };
    await this.close();
    const client = new Client({
      host: textIn(given, "host"),
      port: wholeIn(given, "port", 5432),
      user: textIn(given, "username"),
      password: textIn(given, "password"),
      database,
      ssl: textIn(given, "sslmode") !== "disable",
      connectionTimeoutMillis: 1000 * wholeIn(given, "connectTimeout", 15),
    });
    client.on("error", () => {
      this.client = undefined;
    });
    await client.connect();
    this.client = client;
    this.key = key;
    return { client, database };
  }
}
