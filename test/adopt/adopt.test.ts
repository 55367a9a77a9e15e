import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "pg";
import { until } from "../../local/servers/processes";
import { readCatalog } from "../helpers/catalog";
import { runVerb, startOps } from "../helpers/ops-platform";
import { TestPlatform } from "../helpers/platform";
import { endOf } from "../helpers/process";
import { FIRST_REPORT, HAND_OVER_DEV, HAND_OVER_DEV_OBJECTS, HAND_OVER_PROD } from "./expected";

jest.setTimeout(120_000);

const MASTER_PASSWORD = "Master1";
let platform: TestPlatform;
/** A session of the app that is open all the while, as a running server's are. */
let running: Client;

async function connect(user: string, password: string): Promise<Client> {
  const client = new Client({
    host: "localhost",
    port: platform.port,
    user,
    password,
    database: "portal_db",
  });
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function queryAs(user: string, password: string, sql: string): Promise<readonly unknown[]> {
  const client = await connect(user, password);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Before the first deploy the admin's password is given; afterwards its secret holds it. */
function adopt(password: string | undefined, ...args: string[]) {
  if (password === undefined) delete process.env.PGPASSWORD;
  else process.env.PGPASSWORD = password;
  return runVerb([
    "adopt",
    "--platform",
    platform.places.platformFile,
    "--config-dir",
    platform.dir,
    ...args,
  ]);
}

/** What the app does all day, over the connection that it has and over a new one with the password that it has. */
async function appWorks(): Promise<void> {
  const work = `INSERT INTO wms_prod.customers (name) VALUES ('new'); INSERT INTO wms_prod."Or;der's" (customer) VALUES (1)`;
  await running.query(work);
  await queryAs("portal_wms", "Old\\1", work);
}

async function catalog(): Promise<unknown> {
  const client = await connect("portal_wms", "Old\\1");
  try {
    return await readCatalog(client);
  } finally {
    await client.end();
  }
}

const OWNERS = `
  SELECT n.nspname AS schema, pg_get_userbyid(nspowner) AS owner, (SELECT string_agg(DISTINCT pg_get_userbyid(o), ', ') FROM (
      SELECT relowner FROM pg_class WHERE relnamespace = n.oid UNION SELECT proowner FROM pg_proc WHERE pronamespace = n.oid
      UNION SELECT typowner FROM pg_type WHERE typnamespace = n.oid) t (o)) AS "in it"
  FROM pg_namespace n WHERE nspname ~ '_(prod|dev)$' ORDER BY 1`;

/** Roles whose rights the master has, or may act as. */
const MEMBERSHIPS = `SELECT DISTINCT r.rolname AS role FROM pg_auth_members JOIN pg_roles r ON r.oid = roleid
  WHERE member = 'ecomos_admin'::regrole AND (inherit_option OR set_option)`;

/** The statements that a run printed and ran. */
const sqlOf = (stdout: string) =>
  stdout.split("\n\n").find((part) => part.startsWith("SQL, in one transaction"));

const adopting = async (where: string): Promise<boolean> =>
  (
    await platform.asSuperuser(
      `SELECT FROM pg_stat_activity WHERE application_name = 'portal-db adopt' AND ${where}`,
    )
  ).length > 0;

beforeAll(async () => {
  Object.defineProperty(process.stdin, "isTTY", { value: false, configurable: true });
  platform = await TestPlatform.make();
  platform.configure("prod", { apps: { wms: {} }, adoptedLogins: { wms_prod: "Old\\1" } });
  platform.configure("dev", { apps: { wms: {} }, environments: ["dev"] });
  await platform.startRds(MASTER_PASSWORD);
  await queryAs("ecomos_admin", MASTER_PASSWORD, readFileSync(resolve(__dirname, "old-world.sql"), "utf8"));
  // With a unit, as people write it, and no provider reads it.
  await queryAs("ecomos_admin", MASTER_PASSWORD, "ALTER ROLE portal_wms SET statement_timeout = '30s'");
  running = await connect("portal_wms", "Old\\1");
});

afterAll(async () => {
  await running?.end().catch(() => {});
  await platform?.remove();
});

// One story, told in order.
test("reading changes nothing, and says what is there and what will be", async () => {
  const before = await catalog();
  const { status, stdout, stderr } = await adopt(MASTER_PASSWORD);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout.replace(/^localhost:\d+/, "…")).toBe(FIRST_REPORT);
  expect(await catalog()).toEqual(before);
});

test("a password that is not the admin's gets nowhere, and one stack alone is no answer", async () => {
  const { status, stderr } = await adopt("wrong");
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error: localhost:\d+\/postgres refuses ecomos_admin: the password is not the server's$/,
  );
  expect(await adopt(MASTER_PASSWORD, "--stack", "dev")).toMatchObject({ status: 64 });
});

test("applied before the deploy, the running app works on through it", async () => {
  expect(await adopt(MASTER_PASSWORD, "--apply")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("add --yes"),
  });
  const bridged = await adopt(MASTER_PASSWORD, "--apply", "--yes");
  expect(bridged).toMatchObject({ status: 0, stderr: "" });
  await appWorks();
  expect((await adopt(MASTER_PASSWORD)).stdout).toContain("Ready to deploy, in this order");
  // The platform proves each login at the end, and the hand-over is still to come.
  const up = await platform.run(["up", "--stack", "prod"]);
  expect(up.status).toBe(2);
  expect(up.stderr).toBe(`error: the server does not do what the stacks declare:
  PUBLIC: use on wms_dev: declared no, found yes
  portal_wms: create on wms_dev: declared no, found yes
  portal_wms: drop on wms_prod: declared no, found yes
  portal_wms: own on wms_dev: declared no, found partly
  portal_wms: read on wms_dev: declared no, found yes
  portal_wms: write on wms_dev: declared no, found partly
  wms_prod_owner: own on wms_prod: declared yes, found partly
  wms_prod_owner: read on wms_prod: declared yes, found partly
  wms_prod_owner: write on wms_prod: declared yes, found partly
What was there before is not handed over yet: npm run ops -- adopt says what
comes next
`);
  await appWorks();
});

test("with a lock in its way, killed, or twice at once, the hand-over changes nothing", async () => {
  const before = [await platform.asSuperuser(OWNERS), await catalog()];
  await running.query("BEGIN; LOCK TABLE wms_prod.customers");
  const waited = await adopt(undefined, "--apply", "--yes", "--lock-timeout", "1");
  expect(waited.status).toBe(1);
  expect(waited.stderr).toMatch(
    /^error: another session holds a lock, nothing was changed: pid \d+ \(portal_wms, .*\) on customers(, customers_pkey)?\. End it, or try again later$/,
  );
  const where = ["--platform", platform.places.platformFile, "--config-dir", platform.dir];
  const child = startOps(["adopt", "--apply", "--yes", "--lock-timeout", "60", ...where]);
  const ended = endOf(child);
  expect(await until(10_000, () => adopting("wait_event_type = 'Lock'"))).toBe(true);
  expect((await adopt(undefined, "--apply", "--yes")).stderr).toBe(
    "error: another adoption is at work: wait until it is done",
  );
  child.kill("SIGKILL");
  expect((await ended).status).toBe(null);
  await running.query("ROLLBACK");
  expect(await until(10_000, async () => !(await adopting("true")))).toBe(true);
  expect([await platform.asSuperuser(OWNERS), await catalog()]).toEqual(before);
  await appWorks();
});

test("ended by Ctrl-C, the hand-over says that it was rolled back, and the master is a member of nothing", async () => {
  const before = await platform.asSuperuser(OWNERS);
  const where = ["--platform", platform.places.platformFile, "--config-dir", platform.dir];
  await running.query("BEGIN; LOCK TABLE wms_prod.customers");
  const child = startOps(["adopt", "--apply", "--yes", "--lock-timeout", "60", ...where]);
  const ended = endOf(child);
  expect(await until(10_000, () => adopting("wait_event_type = 'Lock'"))).toBe(true);
  expect(await platform.asSuperuser(MEMBERSHIPS)).toEqual([{ role: "portal_db_owner" }]);
  child.kill("SIGINT");
  expect(await ended).toMatchObject({
    status: 1,
    stderr: "error: ended by SIGINT; rolled back: nothing was changed\n",
  });
  // Its lock is still held by the app.
  expect(await until(10_000, async () => !(await adopting("true")))).toBe(true);
  expect(await platform.asSuperuser(MEMBERSHIPS)).toEqual([]);
  await running.query("ROLLBACK");
  expect(await platform.asSuperuser(OWNERS)).toEqual(before);
});

test("an app that holds one table and needs another, which the hand-over has, never loses to it", async () => {
  const where = ["--platform", platform.places.platformFile, "--config-dir", platform.dir];
  await running.query("BEGIN; UPDATE wms_prod.customers SET name = name WHERE id = 1");
  const ended = endOf(startOps(["adopt", "--apply", "--yes", "--lock-timeout", "5", ...where]));
  // It has the orders by then, which come first. Who has waited for a second has looked for a deadlock, and seen none:
  // the app would find it.
  const hasWaited = "wait_event_type = 'Lock' AND backend_start < now() - interval '1500 milliseconds'";
  expect(await until(10_000, () => adopting(hasWaited))).toBe(true);
  await running.query(`UPDATE wms_prod."Or;der's" SET state = 'done' WHERE id = 1`);
  expect((await ended).stderr).toMatch(/^error: another session holds a lock, nothing was changed: /);
  await running.query("COMMIT");
  await appWorks();
});

test("what the admin may not hand over is named, and nothing is run", async () => {
  await platform.asSuperuser(
    "CREATE ROLE stranger; CREATE TABLE wms_prod.strange (id int); ALTER TABLE wms_prod.strange OWNER TO stranger",
  );
  const { status, stdout } = await adopt(undefined, "--apply", "--yes");
  expect(status).toBe(2);
  expect(stdout).toContain(
    'In the way\n  ecomos_admin may not act as stranger: have a superuser (on RDS, rds_superuser) run GRANT "stranger" TO "ecomos_admin" WITH ADMIN OPTION\n\n',
  );
  expect(
    await platform.asSuperuser("SELECT FROM pg_class WHERE relowner = 'wms_prod_owner'::regrole"),
  ).toEqual([]);
  await platform.asSuperuser("DROP TABLE wms_prod.strange; DROP ROLE stranger");
});

test("the hand-over gives everything of prod its declared owner, in one transaction", async () => {
  const rows = await queryAs("portal_wms", "Old\\1", `SELECT count(*)::int AS n FROM wms_prod.customers`);
  const done = await adopt(undefined, "--apply", "--yes");
  expect(done).toMatchObject({ status: 0, stderr: "" });
  expect(sqlOf(done.stdout)).toBe(`SQL, in one transaction
  GRANT "portal_db_admin" TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;
  GRANT "portal_db_dev_admin" TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;
  GRANT "portal_wms" TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;
  GRANT "wms_prod_owner" TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;
${HAND_OVER_PROD}
${HAND_OVER_DEV}
  REVOKE "wms_prod_owner" FROM CURRENT_USER GRANTED BY "portal_db_admin";
  REVOKE "portal_wms" FROM CURRENT_USER GRANTED BY CURRENT_USER;
  REVOKE "portal_db_dev_admin" FROM CURRENT_USER GRANTED BY CURRENT_USER;
  REVOKE "portal_db_admin" FROM CURRENT_USER GRANTED BY CURRENT_USER;`);
  expect(await platform.asSuperuser(OWNERS)).toEqual([
    { schema: "billing_prod", owner: "ecomos_admin", "in it": null },
    { schema: "wms_dev", owner: "portal_db_dev_admin", "in it": "ecomos_admin, portal_wms" },
    { schema: "wms_prod", owner: "portal_db_admin", "in it": "wms_prod_owner" },
  ]);
  expect(await queryAs("portal_wms", "Old\\1", `SELECT count(*)::int AS n FROM wms_prod.customers`)).toEqual(
    rows,
  );
  await appWorks();
});

test("dev is handed over after its deploy, and the master is a member of nothing afterwards", async () => {
  expect((await platform.run(["up", "--stack", "dev"])).status).toBe(2);
  const done = await adopt(undefined, "--apply", "--yes");
  expect(done).toMatchObject({ status: 0, stderr: "" });
  expect(sqlOf(done.stdout)).toContain(HAND_OVER_DEV_OBJECTS);
  expect(await platform.asSuperuser(MEMBERSHIPS)).toEqual([]);
  expect(await platform.asSuperuser(OWNERS)).toEqual([
    { schema: "billing_prod", owner: "ecomos_admin", "in it": null },
    { schema: "wms_dev", owner: "portal_db_dev_admin", "in it": "wms_dev_owner" },
    { schema: "wms_prod", owner: "portal_db_admin", "in it": "wms_prod_owner" },
  ]);
  await appWorks();
});

test("a deploy after it changes nothing, and adopting again finds nothing to do", async () => {
  const before = await catalog();
  expect(await platform.plan()).toEqual([]);
  await platform.succeed("up");
  expect(await catalog()).toEqual(before);
  expect(await adopt(undefined, "--apply", "--yes")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("nothing to do"),
  });
  await appWorks();
  const limits =
    "SELECT name, setting FROM pg_settings WHERE name ~ '^(statement|idle_in).*timeout$' ORDER BY 1";
  // Its own, in the form that the provider reads.
  expect(await queryAs("portal_wms", "Old\\1", limits)).toEqual([
    { name: "idle_in_transaction_session_timeout", setting: "0" },
    { name: "statement_timeout", setting: "30000" },
  ]);
  const dev = await platform.url("wms", "dev");
  expect(await platform.asApp(dev, "SELECT note FROM trials")).toEqual([{ note: "dev" }]);
  await expect(queryAs("portal_wms", "Old\\1", "SELECT FROM wms_dev.trials")).rejects.toThrow(
    "permission denied for schema wms_dev",
  );
});

test("a schema without a login stops its app's deploy, is handed over, and is deployed then", async () => {
  platform.configure("prod", { apps: { wms: {}, billing: {} } });
  const stopped = await platform.run(["up", "--stack", "prod"]);
  expect(stopped.status).toBe(1);
  expect(stopped.stderr).toMatch(
    /^error: the schema billing_prod was there already and is ecomos_admin's, not portal_db_admin's: .* npm run ops -- adopt hands over/,
  );
  expect(await adopt(undefined, "--apply", "--yes")).toMatchObject({ status: 0, stderr: "" });
  await platform.succeed("up", "--stack", "prod");
  await platform.asApp(await platform.url("billing", "prod"), "CREATE TABLE bills (id int)");
  await appWorks();
});

test("it works as the master, whatever role the database's owner has made everybody's", async () => {
  await platform.asSuperuser(
    "CREATE ROLE trap; GRANT trap TO ecomos_admin; ALTER DATABASE portal_db SET role = 'trap'",
  );
  const { stdout } = await adopt(undefined);
  await platform.asSuperuser("ALTER DATABASE portal_db RESET role; DROP ROLE trap", "postgres");
  expect(stdout.split("\n")[0]).toMatch(/, as ecomos_admin$/);
});

test("what everybody may read in public is listed, and left to whoever knows who reads it", async () => {
  await platform.asSuperuser("CREATE TABLE public.legacy (id int); GRANT SELECT ON public.legacy TO PUBLIC");
  const { status, stdout } = await adopt(undefined, "--apply", "--yes");
  expect(status).toBe(0);
  expect(stdout).toContain(`Access that stays, and that nothing declares
  analyst: USAGE on 1 schema of wms_prod
  analyst: SELECT on 6 tables of wms_prod
  everybody: SELECT on 1 table of public
`);
  expect((await platform.run(["up"])).stderr).toContain("PUBLIC: read on public: declared no, found yes");
  await platform.asSuperuser("DROP TABLE public.legacy");
});

test("names that others gave are printed with what steers a terminal as escapes", async () => {
  const evil = "x\u001B[2J\nDone\u202E";
  await platform.asSuperuser(
    `CREATE ROLE "${evil}"; CREATE TABLE wms_prod."${evil}" (id int);
     ALTER TABLE wms_prod."${evil}" OWNER TO "${evil}"; CREATE SCHEMA "${evil}"; GRANT SELECT ON wms_prod."${evil}" TO "${evil}"`,
  );
  const { stdout, stderr } = await adopt(undefined);
  await platform.asSuperuser(`DROP OWNED BY "${evil}"; DROP SCHEMA "${evil}"; DROP ROLE "${evil}"`);
  expect(`${stdout}${stderr}`.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(stdout).not.toMatch(/^Done/m);
  const shown = "x\\u{1b}[2J\\u{a}Done\\u{202e}";
  expect(stdout).toContain(`\n  ${shown}: owner `);
  expect(stdout).toContain(`ALTER TABLE wms_prod."${shown}" OWNER TO "wms_prod_owner"`);
});

test("a password that is not the login's is named, whichever place has it, and shuts nobody out", async () => {
  platform.configure("prod", { adoptedLogins: { wms_prod: "Wrong1" } });
  const looked = await adopt(undefined);
  expect(looked.status).toBe(2);
  expect(looked.stdout).toMatch(
    /\nPasswords\n {2}localhost:\d+\/portal_db refuses portal_wms: the password is not the server's: put the present password of portal_wms into adoptedLogins\.wms_prod of stack prod\n/,
  );
  expect(looked.stdout).not.toContain("Wrong1");
  const up = await platform.run(["up", "--stack", "prod"]);
  expect(up).toMatchObject({ status: 1, stderr: expect.stringContaining("wms_prod") });
  await appWorks();
});
