import { Client } from "pg";
import { refusalOf } from "../helpers/query";
import { type Attack, answerTo, DENIED } from "./attack";
import type { AttackedPlatform, Attacker } from "./attacked-platform";

const REFUSED: readonly Attack[] = [
  ["does not drop the database", "DROP DATABASE portal_db", "55006"],
  ["does not give it to itself", "ALTER DATABASE portal_db OWNER TO CURRENT_USER", DENIED],
  ["does not shut it", "ALTER DATABASE portal_db ALLOW_CONNECTIONS false", "22023"],
  ["does not move it", "ALTER DATABASE portal_db SET TABLESPACE pg_default", "55006"],
  ["does not change the master's database", "ALTER DATABASE postgres SET search_path = public", DENIED],
  [
    "loads no library into others' sessions",
    "ALTER DATABASE portal_db SET session_preload_libraries = 'mine'",
    DENIED,
  ],
  [
    "switches no trigger of others off",
    "ALTER DATABASE portal_db SET session_replication_role = replica",
    DENIED,
  ],
  ["logs nobody's statements", "ALTER DATABASE portal_db SET log_statement = 'all'", DENIED],
  ["lets nobody into the database's owner", "CREATE ROLE mine IN ROLE portal_db_owner", DENIED],
  ["takes the admin out of the database's owner", "REVOKE portal_db_owner FROM portal_db_admin", DENIED],
  ["lets no role of its own into the admin", "CREATE ROLE mine IN ROLE portal_db_admin", DENIED],
  ["lets no role of its own into prod's", "CREATE ROLE mine IN ROLE wms_prod_owner", DENIED],
  ["makes no superuser", "CREATE ROLE mine SUPERUSER", DENIED],
  ["makes nobody who makes databases", "CREATE ROLE mine CREATEDB", DENIED],
  ["makes nobody who replicates", "CREATE ROLE mine REPLICATION", DENIED],
  ["makes nobody past row security", "CREATE ROLE mine BYPASSRLS", DENIED],
  ["makes no role of a prod name anew", "CREATE ROLE portal_wms LOGIN", "42710"],
  ["makes no schema of a prod name anew", "CREATE SCHEMA wms_prod", "42P06"],
  ["makes no schema for the admin", "CREATE SCHEMA mine AUTHORIZATION portal_db_admin", DENIED],
  ["takes extensions' schema from nobody", "REVOKE USAGE ON SCHEMA extensions FROM PUBLIC", "warning 01006"],
];

/** What the dev admin, who may do everything in dev, cannot do to prod. */
export function devAdminCases(get: () => AttackedPlatform): void {
  let devAdmin: Attacker;
  let before: Record<string, unknown[]>;
  beforeAll(async () => {
    devAdmin = await get().deployer("dev-admin");
    before = await get().catalog();
  });
  afterAll(() => devAdmin.client.end());

  test.each(REFUSED)("%s", async (_, sql, answer) => {
    expect(await answerTo(devAdmin, sql)).toBe(answer);
  });

  test.each([
    ["postgres", DENIED],
    ["template1", DENIED],
    ["template0", "55000"],
  ])("does not get into the database %s, from which it could drop the other", async (database, answer) => {
    const password = await get().passwordOf("dev-admin");
    const client = new Client({ connectionString: get().urlOf("portal_db_dev_admin", password, database) });
    expect(await refusalOf(client.connect())).toBe(answer);
  });

  test("a role of its own that prod's login is made a member of changes nothing of what that does", async () => {
    const { client } = devAdmin;
    await client.query("CREATE ROLE trap ROLE portal_wms_2, portal_db_admin, wms_prod_owner");
    await client.query("GRANT trap TO CURRENT_USER");
    await client.query("GRANT CREATE ON DATABASE portal_db TO trap");
    await client.query("ALTER DATABASE portal_db SET role = trap");
    const { client: app } = await get().app("wms", "prod");
    const { client: admin } = await get().deployer("admin");
    const { client: bare } = await get().bareLogin("wms", "prod");
    const seen = await Promise.all(
      [app, admin, bare].map(async (one) => (await one.query("SELECT current_user AS role")).rows[0]),
    );
    expect(seen.map((row) => row?.role)).toEqual(["wms_prod_owner", "portal_db_admin", "portal_wms_2"]);
    await app.query("CREATE TABLE untouched ()");
    expect((await app.query("SELECT tableowner FROM pg_tables WHERE tablename = 'untouched'")).rows).toEqual([
      { tableowner: "wms_prod_owner" },
    ]);
    await app.query("DROP TABLE untouched");
    await client.query("ALTER DATABASE portal_db RESET role; DROP OWNED BY trap; DROP ROLE trap");
  });

  test("its default privileges in a prod schema are of what it makes there: nothing", async () => {
    const change = "ALTER DEFAULT PRIVILEGES IN SCHEMA wms_prod";
    await devAdmin.client.query(`${change} GRANT ALL ON TABLES TO PUBLIC`);
    const { client } = await get().app("wms", "prod");
    await client.query("CREATE TABLE untouched ()");
    const { rows } = await client.query(
      "SELECT has_table_privilege('portal_auth', 'untouched', 'SELECT') AS may",
    );
    expect(rows).toEqual([{ may: false }]);
    await client.query("DROP TABLE untouched");
    await devAdmin.client.query(`${change} REVOKE ALL ON TABLES FROM PUBLIC`);
  });

  test("its functions stand in nobody's way, whatever the database's search_path", async () => {
    const { client } = devAdmin;
    await client.query(
      `CREATE SCHEMA evil;
       CREATE FUNCTION evil.lower(varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped ' || current_user $$;
       CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped ' || current_user $$;
       GRANT USAGE ON SCHEMA evil TO PUBLIC; ALTER DATABASE portal_db SET search_path = evil, public`,
    );
    const sessions = [
      await get().app("wms", "prod"),
      await get().bareLogin("wms", "prod"),
      await get().deployer("admin"),
      await get().deployer("dev-admin"),
      await get().reader(),
    ];
    for (const { client: one } of sessions) {
      expect((await one.query("SELECT lower('A'::varchar) AS said")).rows).toEqual([{ said: "a" }]);
    }
    // A reader's member as nobody's role should be: it has no path of its own.
    await get().platform.asSuperuser("ALTER ROLE person RESET search_path");
    const { client: careless } = await get().reader();
    expect((await careless.query("SELECT lower('A'::varchar) AS said")).rows).toEqual([
      { said: "trapped person" },
    ]);
    await careless.end();
    await get().platform.asSuperuser("ALTER ROLE person SET search_path = wms_prod");
    await client.query(
      "ALTER DATABASE portal_db RESET search_path; DROP SCHEMA evil CASCADE; DROP FUNCTION public.lower(varchar)",
    );
  });

  test("it has changed nothing", async () => {
    expect(await get().catalog()).toEqual(before);
  });
}
