import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "pg";
import { connectSuperuser } from "../../local/servers/postgres";
import { parsedScript } from "../../ops/sql/parsed-script";
import { TestPlatform } from "../helpers/platform";

const RUNBOOK = readFileSync(resolve(__dirname, "../../docs/runbook.md"), "utf8");
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

/** The only SQL block below a heading of the runbook. */
function blockOf(heading: string): string {
  const section = RUNBOOK.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const [, ...blocks] = section.split(/^ *```sql\n/m);
  expect(blocks).toHaveLength(1);
  return (blocks[0] ?? "").split("```")[0] ?? "";
}

/** Types a block as the admin of a stack, statement by statement, as psql does. @returns rows of each */
async function asAdmin(block: string, admin = "portal_db_admin"): Promise<Record<string, unknown>[][]> {
  const client = await connectSuperuser(platform.places, platform.port, "portal_db");
  try {
    await client.query(`SET SESSION AUTHORIZATION ${admin}; SET search_path TO pg_catalog`);
    const rows: Record<string, unknown>[][] = [];
    for (const { sql } of (await parsedScript(block)).statements) rows.push((await client.query(sql)).rows);
    return rows;
  } finally {
    await client.end();
  }
}

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

test("a lock wait: the block shows who waits for whom, and ends the session in the way", async () => {
  const before = await platform.asSuperuser(MEMBERSHIPS);
  const [holder, waiter] = [await session("prod"), await session("prod")];
  await holder.query("CREATE TABLE held (id int)");
  await holder.query("BEGIN");
  await holder.query("LOCK TABLE held");
  const [holding, waiting] = [await pidOf(holder), await pidOf(waiter)];
  const ended = waiter.query("DROP TABLE held");
  const block = blockOf("A lock wait or a deadlock").replaceAll("12345", String(holding));
  let shown: Record<string, unknown>[] = [];
  // Until the second session has come to the lock.
  while (!shown.some(({ pid }) => pid === waiting)) {
    shown = (await asAdmin(block.split("SELECT pg_cancel")[0] ?? ""))[1] ?? [];
    shown = shown.filter(({ waits_for: pids }) => Array.isArray(pids) && pids.length > 0);
  }
  expect(shown).toEqual([
    expect.objectContaining({ pid: waiting, waits_for: [holding], query: "DROP TABLE held" }),
  ]);
  await asAdmin(block);
  await ended;
  await expect(holder.query("SELECT 1")).rejects.toThrow();
  expect(await platform.asSuperuser(MEMBERSHIPS)).toEqual(before);
});

test("an app that is removed: the block empties its schema, and leaves the schema and every role", async () => {
  const app = await session("prod");
  await app.query("CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (a_id int REFERENCES a)");
  const before = await platform.asSuperuser(MEMBERSHIPS);
  await asAdmin(blockOf("Remove an app"));
  expect(
    await platform.asSuperuser("SELECT relname FROM pg_class WHERE relnamespace = 'wms_prod'::regnamespace"),
  ).toEqual([]);
  expect(
    await platform.asSuperuser("SELECT count(*)::int AS n FROM pg_namespace WHERE nspname = 'wms_prod'"),
  ).toEqual([{ n: 1 }]);
  expect(await platform.asSuperuser(MEMBERSHIPS)).toEqual(before);
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
  await asAdmin(blockOf("The state is lost").replaceAll("pr_42", "dev"), "portal_db_dev_admin");
  const gone = ["portal_wms_dev", "wms_dev_owner", "wms_dev"];
  expect(await names()).toEqual(before.filter(({ name }) => !gone.includes(String(name))));
});
