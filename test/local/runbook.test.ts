import { Client } from "pg";
import type { Inspection } from "../../ops/inspect/inspection";
import { runVerb } from "../helpers/ops-platform";
import { TestPlatform } from "../helpers/platform";
import { asAdmin, blockOf, blocksOf } from "../helpers/runbook";

const MEMBERSHIPS =
  "SELECT roleid::regrole::text, member::regrole::text, admin_option, inherit_option, set_option FROM pg_auth_members ORDER BY 1, 2, 3";

let platform: TestPlatform;
const sessions: Client[] = [];

beforeAll(async () => {
  platform = await TestPlatform.make();
  await platform.succeed("up");
});

afterAll(async () => {
  await Promise.all(sessions.map((session) => session.end().catch(() => {})));
  await platform?.remove();
});

/** An app's session, which stays open. */
async function session(environment: string): Promise<Client> {
  const client = new Client({ connectionString: await platform.url("wms", environment) });
  client.on("error", () => {});
  await client.connect();
  sessions.push(client);
  return client;
}

const pidOf = async (client: Client): Promise<number> =>
  (await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid ?? 0;

test("a lock wait: inspect shows who waits for whom, and the block ends the session in the way", async () => {
  const before = await platform.asSuperuser(MEMBERSHIPS);
  const [holder, waiter] = [await session("prod"), await session("prod")];
  await holder.query("CREATE TABLE held (id int)");
  await holder.query("BEGIN");
  await holder.query("LOCK TABLE held");
  const [holding, waiting] = [await pidOf(holder), await pidOf(waiter)];
  const ended = waiter.query("DROP TABLE held");
  const [command = ""] = blocksOf("A lock wait or a deadlock", "sh");
  expect(command).toBe("npm run ops -- inspect wms prod\n");
  const where = ["--platform", platform.places.platformFile, "--config-dir", platform.dir];
  let waits: Inspection["waits"] = [];
  // Until the second session has come to the lock.
  while (waits.length === 0) {
    const { stdout } = await runVerb(["inspect", "wms", "prod", ...where, "--json"]);
    ({ waits } = JSON.parse(stdout) as Inspection);
  }
  expect(waits).toEqual([
    expect.objectContaining({
      ...{ pid: waiting, query: "DROP TABLE held" },
      behind: [expect.objectContaining({ pid: holding, query: "SELECT pg_backend_pid() AS pid" })],
    }),
  ]);
  const block = blockOf("A lock wait or a deadlock").replaceAll("12345", String(holding));
  await asAdmin(platform, block);
  await ended;
  await expect(holder.query("SELECT 1")).rejects.toThrow();
  expect(await platform.asSuperuser(MEMBERSHIPS)).toEqual(before);
});

test("transaction ids: the admin sees the oldest tables, and freezes those of every app", async () => {
  for (const environment of ["prod", "dev"])
    await (await session(environment)).query("CREATE TABLE freezing AS SELECT 1 AS one");
  const [oldest = []] = await asAdmin(platform, blockOf("When an alarm wakes you"));
  expect(oldest).toHaveLength(10);
  const frozen = await platform.asSuperuser(`SELECT relnamespace::regnamespace::text AS schema,
      relpages > 0 AND relallvisible = relpages AS frozen FROM pg_class WHERE relname = 'freezing' ORDER BY 1`);
  expect(frozen).toEqual([
    { schema: "wms_dev", frozen: true },
    { schema: "wms_prod", frozen: true },
  ]);
});

test("what nobody misses: the block drops a schema with its tables and roles, and no other", async () => {
  const app = await session("dev");
  await app.query("CREATE TABLE kept_by_nobody (id serial PRIMARY KEY)");
  await app.end();
  const names = () =>
    platform.asSuperuser(
      "SELECT rolname AS name FROM pg_roles WHERE rolname ~ 'wms|auth' UNION ALL SELECT nspname FROM pg_namespace WHERE nspname ~ 'wms|auth'",
    );
  const before = await names();
  await asAdmin(platform, blockOf("The state is lost").replaceAll("pr_42", "dev"), "portal_db_dev_admin");
  const gone = ["portal_wms_dev", "wms_dev_owner", "wms_dev"];
  expect(await names()).toEqual(before.filter(({ name }) => !gone.includes(String(name))));
});
