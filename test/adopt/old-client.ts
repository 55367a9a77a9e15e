import { Client } from "pg";
import { codeOf, messageOf } from "../../infra/mistake";
import { until } from "../../local/servers/processes";
import type { TestPlatform } from "../helpers/platform";

/** How long a round may take, whatever holds it up. */
const WORK_MS = 20_000;

const WORK = `INSERT INTO wms_prod.customers (name) VALUES ('new');
  INSERT INTO wms_prod."Or;der's" (customer) VALUES (1);
  UPDATE wms_prod.customers SET name = 'kept' WHERE id = 1;
  SELECT count(*) FROM wms_prod.open_orders;
  CREATE TABLE wms_prod.scratch (id int); INSERT INTO wms_prod.scratch VALUES (1); DROP TABLE wms_prod.scratch`;

/** An app that was there before the stacks, and works on with the login that it has: it reads, writes and migrates. */
export class OldClient {
  /** What failed, each failure once. */
  readonly failures = new Set<string>();
  private isStopped = false;
  private rounds = 0;
  private readonly done: Promise<unknown>;

  private constructor(
    private readonly platform: TestPlatform,
    private readonly running: Client,
  ) {
    this.done = this.work();
  }

  /** Starts it: on a connection that stays open, and on new ones. */
  static async start(platform: TestPlatform): Promise<OldClient> {
    return new OldClient(platform, await connect(platform));
  }

  /** Waits until it has worked through a whole round that began after this call. */
  async hasWorked(): Promise<void> {
    const wanted = this.rounds + 2;
    const isThere = async () => this.rounds >= wanted || this.isStopped || undefined;
    if ((await until(WORK_MS, isThere)) === undefined) this.failures.add("it stands still");
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.done;
    await this.running.end().catch(() => {});
  }

  private async work(): Promise<void> {
    while (!this.isStopped) {
      await this.tried("on the open connection", () => this.running.query(WORK));
      await this.tried("on a new connection", async () => {
        const client = await connect(this.platform);
        try {
          await client.query(WORK);
          await this.looksAround(client);
        } finally {
          await client.end();
        }
      });
      this.rounds += 1;
    }
  }

  /** What is another app's it never sees. */
  private async looksAround(client: Client): Promise<void> {
    const seen = await client
      .query("SELECT FROM auth_prod.secrets")
      .catch((thrown: unknown) => codeOf(thrown));
    if (typeof seen !== "string") this.failures.add("saw another app's table");
  }

  private async tried(where: string, work: () => Promise<unknown>): Promise<void> {
    await work().catch((thrown: unknown) => this.failures.add(`${where}: ${messageOf(thrown)}`));
  }
}

async function connect(platform: TestPlatform): Promise<Client> {
  const client = new Client({
    host: "localhost",
    port: platform.port,
    user: "portal_wms",
    password: "Old\\1",
    database: "portal_db",
  });
  client.on("error", () => {});
  await client.connect();
  return client;
}
