import { Client } from "pg";
import { refusalOf } from "../helpers/query";
import { ANSWERS, type Deployed } from "./deploy.cases";

/** Longer than the second after which a session of xplan is ended that does nothing inside a transaction. */
const LONGER_SECONDS = 1.5;

const NAME = "20990101000000_long";

/** What is bounded of an app's sessions, and what its migrations may take. */
export function timeoutCases(get: () => Deployed): void {
  const clients: Client[] = [];
  async function connect(url: string): Promise<Client> {
    const client = new Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    clients.push(client);
    return client;
  }
  const app = async (name: "wms" | "xplan") => connect(await get().workspace.url(name, "dev"));
  afterAll(() => Promise.all(clients.map((client) => client.end().catch(() => {}))));

  /** Waits until a session of a login waits for somebody else, and has done so for some time. */
  async function waiting(login: string, seconds: number): Promise<void> {
    const sql = `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND usename = '${login}'
      AND waitstart <= clock_timestamp() - interval '${seconds} s'`;
    while ((await get().platform.asSuperuser(sql)).length === 0);
  }

  test("a forgotten transaction is ended: another app's vacuum and its index go on, and so does a change of the table", async () => {
    const forgetful = await app("xplan");
    const other = await app("wms");
    await other.query("CREATE TABLE churned AS SELECT i FROM generate_series(1, 1000) AS i");
    await forgetful.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM "Product"');
    await forgetful.query(`INSERT INTO "Product" ("sku", "leadWeeks") VALUES ('FORGOTTEN', 1)`);
    await other.query("DELETE FROM churned");
    const bytes = async () => {
      await other.query("VACUUM churned");
      return Number((await other.query("SELECT pg_relation_size('churned') AS bytes")).rows[0].bytes);
    };
    expect(await bytes()).toBeGreaterThan(0);
    const index = (await app("wms")).query("CREATE INDEX CONCURRENTLY ON churned (i)");
    const change = (await app("xplan")).query('ALTER TABLE "Product" ADD COLUMN later int');
    await Promise.all([waiting("portal_wms_dev", 0), waiting("portal_xplan_dev", 0)]);
    await Promise.all([index, change]);
    expect(await bytes()).toBe(0);
    expect(await refusalOf(forgetful.query("COMMIT"))).not.toBeUndefined();
    expect((await other.query("SELECT count(*)::int AS n FROM pg_index WHERE NOT indisvalid")).rows).toEqual([
      { n: 0 },
    ]);
    await other.query("DROP TABLE churned");
    await (await app("xplan")).query('ALTER TABLE "Product" DROP COLUMN later');
  });

  test("the app whose transaction was ended is told so, keeps nothing of it, and its pool works on", async () => {
    const { stderr, results } = await get().workspace.task("xplan", "dev", "forget", "queries");
    expect({ stderr, results }).toEqual({
      stderr: "",
      results: [
        { told: expect.stringMatching(/terminat|connection error/), kept: 0 },
        ANSWERS.xplan("xplan_dev"),
      ],
    });
  });

  test("a migration whose statement takes longer is not cut", async () => {
    const { workspace } = get();
    const holder = await app("xplan");
    await holder.query(`SET idle_in_transaction_session_timeout = 0; BEGIN; LOCK TABLE "Product"`);
    workspace.migration("xplan", NAME, 'ALTER TABLE "Product" ADD COLUMN later int;');
    const deploy = workspace.task("xplan", "dev", "deploy");
    await Promise.race([waiting("portal_xplan_dev", LONGER_SECONDS), deploy]);
    await holder.query("COMMIT");
    const { stderr, results } = await deploy;
    workspace.migration("xplan", NAME, undefined);
    expect({ stderr, results }).toEqual({ stderr: "", results: [[NAME]] });
    const mended = `ALTER TABLE "Product" DROP COLUMN later; DELETE FROM _prisma_migrations WHERE migration_name = '${NAME}'`;
    await holder.query(mended);
  });

  test("where migrations have a login of their own, the app's statements are cut after its time, and those are not", async () => {
    const { platform, workspace } = get();
    const apps = platform.setting("dev", "apps") as Record<string, object>;
    platform.configure("dev", { apps: { ...apps, xplan: { migrator: true, statementTimeout: 1 } } });
    await platform.succeed("up", "--stack", "dev");
    const { DIRECT_URL: direct } = JSON.parse(await workspace.secret("portal-db/dev/xplan/migrator")) as {
      DIRECT_URL: string;
    };
    const holder = await connect(direct);
    await holder.query(`BEGIN; LOCK TABLE "Product"`);
    const migration = await connect(direct);
    const change = migration.query('ALTER TABLE "Product" ADD COLUMN later int');
    const cut = refusalOf((await app("xplan")).query('SELECT count(*) FROM "Product"'));
    await waiting("portal_xplan_dev_migrator", LONGER_SECONDS);
    await holder.query("COMMIT");
    await change;
    await migration.query('ALTER TABLE "Product" DROP COLUMN later');
    expect(await cut).toBe("57014");
    expect((await workspace.task("xplan", "dev", "queries")).results).toEqual([ANSWERS.xplan("xplan_dev")]);
  });
}
