import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "pg";
import { byHand } from "../../access/undeclared/finding";
import { inspect } from "../../access/undeclared/inspect";
import { DATABASE, DEFAULT_MASTER } from "../../infra/names";
import { connectSuperuser } from "../../local/servers/postgres";
import { serverPart } from "../../ops/app/server-part";
import type { Inspection } from "../../ops/inspect/inspection";
import { runVerb } from "../helpers/ops-platform";
import { TestPlatform } from "../helpers/platform";
import { CHECKOUT } from "../helpers/process";
import { refusalOf } from "../helpers/query";
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

test("a person by IAM who owns something: verify names it, and the block lets the master drop the role", async () => {
  const [, block = ""] = blocksOf("Give somebody access, and end it", "sql");
  const master = (sql: string) => asAdmin(platform, sql, DEFAULT_MASTER);
  await platform.asSuperuser(
    `CREATE ROLE rds_iam; GRANT rds_iam TO ${DEFAULT_MASTER} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`,
  );
  await master("CREATE ROLE person_anna LOGIN; GRANT rds_iam TO person_anna");
  await platform.asSuperuser(
    `SET SESSION AUTHORIZATION person_anna; SELECT lo_create(4711);
     ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC; ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC`,
  );
  const dropped = () => refusalOf(master("DROP ROLE person_anna"));
  expect(await dropped()).toBe("2BP01");
  platform.configure("prod", {
    ...{ apps: { auth: {}, wms: { reader: true } }, iamDatabaseAuthentication: true, sslmode: "verify-full" },
    people: { anna: { reads: ["wms"], until: "2099-01-31", iam: true } },
  });
  const part = serverPart({ configDir: platform.dir, platformDir: undefined }, "prod");
  const client = await connectSuperuser(platform.places, platform.port, DATABASE);
  await client.query(`SET SESSION AUTHORIZATION ${part.deployer}`);
  const found = (await inspect(client, part)).filter(
    ({ who, where }) => who === "person_anna" && /object|acl/.test(where),
  );
  const others = (await inspect(client, part)).filter(({ where }) => where.includes("of person_anna"));
  await client.end();
  const mend = byHand('see docs/runbook.md, "Give somebody access, and end it": A person by IAM');
  const what = "owns it, and cannot be removed";
  expect(found.sort((a, b) => (a.where < b.where ? -1 : 1))).toEqual([
    { who: "person_anna", what, where: "default acl for role person_anna on tables", mend },
    { who: "person_anna", what, where: "default acl for role person_anna on types", mend },
    { who: "person_anna", what, where: "large object 4711", mend },
  ]);
  expect(others).toEqual([]);
  await master(block);
  const inIam = "SELECT pg_has_role('portal_db_admin', 'rds_iam', 'MEMBER') AS is";
  expect(await platform.asSuperuser(inIam)).toEqual([{ is: false }]);
  const runbook = readFileSync(resolve(CHECKOUT, "docs/runbook.md"), "utf8");
  const typed = (who: RegExp) => who.exec(runbook)?.[1] ?? "";
  await asAdmin(platform, typed(/As the admin, in `portal_db`: `(DROP OWNED BY person_anna;)`/));
  await master(typed(/Then as the master `(REVOKE person_anna FROM portal_db_admin;)`/));
  expect(await dropped()).toBeUndefined();
});
