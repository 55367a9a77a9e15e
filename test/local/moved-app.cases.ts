import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { Client } from "pg";
import { appObjects, appWork, grantedTables } from "../helpers/app-objects";
import type { TestPlatform } from "../helpers/platform";
import { refusalOf } from "../helpers/query";
import { LoadClient } from "./load-client";

/** Logins of each client between one step and the next. */
const LOGINS_A_STEP = 10;

/** What a load client writes into, beside what else an app may have. */
const OLD_OBJECTS = `
  CREATE TABLE written (client text, number int, acted text DEFAULT current_user); ${appObjects("old")}`;

const NEW_OBJECTS = `${appObjects("new")} ${grantedTables("wms_dev_runtime")}`;

/** What changes tables, or what may be done with them, and is for migrations alone. */
const OF_MIGRATIONS = [
  "CREATE TABLE more (id int)",
  "CREATE TEMPORARY TABLE more (id int)",
  "CREATE VIEW more AS SELECT 1",
  "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "CREATE TYPE more AS ENUM ('a')",
  "CREATE SCHEMA more",
  "ALTER TABLE written ADD COLUMN more int",
  "CREATE INDEX ON written (number)",
  "TRUNCATE written",
  "DROP TABLE written",
  "DROP FUNCTION old_function()",
  "REFRESH MATERIALIZED VIEW old_sums",
  "SELECT setval('old_serial_id_seq', 1)",
  "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner GRANT SELECT ON TABLES TO PUBLIC",
  "CREATE TRIGGER more BEFORE INSERT ON written EXECUTE FUNCTION suppress_redundant_updates_trigger()",
  "SET ROLE wms_dev_owner",
  "SET ROLE portal_wms_dev_migrator",
  "SET SESSION AUTHORIZATION wms_dev_owner",
  "SET ROLE NONE; CREATE TABLE more (id int)",
  "SET ROLE NONE; ALTER TABLE written ADD COLUMN more int",
  "UPDATE journal SET line = ''",
  "DELETE FROM journal",
];

/** Where a test's platform is, and what reads its secrets; they are there once the first test runs. */
export interface Moving {
  platform(): TestPlatform;
  secrets(): SecretsManager;
}

/** An app that moves from the owner's rights to a runtime's, and back, in the life of one platform. */
export function movedAppCases({ platform, secrets }: Moving): void {
  const value = async (name: string): Promise<Record<string, unknown>> => {
    const { SecretString } = await secrets().getSecretValue({ SecretId: name });
    return JSON.parse(SecretString ?? "{}") as Record<string, unknown>;
  };
  const current = async () => String((await value("portal-db/dev/wms")).DATABASE_URL);
  const direct = async () => String((await value("portal-db/dev/wms/migrator")).DIRECT_URL);
  const deploy = async (wms: Record<string, unknown>) => {
    platform().configure("dev", {
      apps: { auth: {}, wms: { connectionLimit: 40, ...wms } },
      environments: ["dev"],
      connectionShare: "160",
    });
    return platform().succeed("up", "--stack", "dev");
  };
  const asApp = async (sql: string) => platform().asApp(await current(), sql);
  const refused = async (statements: readonly string[]) => {
    const url = await current();
    const found: string[] = [];
    for (const sql of statements)
      if ((await refusalOf(platform().asApp(url, sql))) !== "42501") found.push(sql);
    return found;
  };

  test("an app under load gets a login for migrations, and loses it again, without a failed query", async () => {
    await deploy({});
    await platform().asSuperuser("DROP TABLE IF EXISTS wms_dev.written");
    await asApp(OLD_OBJECTS);
    const open = async () => {
      const client = new Client({ connectionString: await current() });
      await client.connect();
      return client;
    };
    /** What the app does, in sessions that began at one step or another. */
    const goOn = async (...sessions: Client[]) => {
      for (const one of sessions) await one.query(appWork("old"));
    };
    const clients = [1, 2, 3].map((n) => new LoadClient(`app ${n}`, current, 2));
    const underLoad = () => Promise.all(clients.map((client) => client.another(LOGINS_A_STEP)));
    const before = await open();

    await underLoad();
    await deploy({ migrator: true });
    await underLoad();
    const moved = await open();
    await goOn(before, moved);
    expect(await refused(OF_MIGRATIONS.filter((sql) => !sql.includes("journal")))).toEqual([]);

    await platform().asApp(await direct(), NEW_OBJECTS);
    await moved.query(appWork("new"));
    await moved.query("INSERT INTO journal VALUES ('a'); SELECT * FROM journal; TRUNCATE emptied");
    expect(await refused(OF_MIGRATIONS)).toEqual([]);

    await deploy({ migrator: true, credential: 2 });
    await underLoad();
    await platform().asApp(await direct(), "ALTER TABLE new_serial ADD COLUMN later text");
    const rotated = await open();
    await goOn(before, moved, rotated);
    expect(await refused(OF_MIGRATIONS)).toEqual([]);

    await deploy({ migrator: false, credential: 2 });
    await underLoad();
    const back = await open();
    await goOn(before, moved, rotated, back);
    await asApp("CREATE TABLE made_again (id int)");
    // Sessions that still act as the runtime reach what the app makes as its owner.
    await moved.query("INSERT INTO made_again VALUES (1)");

    for (const session of [before, moved, rotated]) await session.end();
    await deploy({ credential: 2 });
    await underLoad();
    await goOn(back);
    await back.end();
    await Promise.all(clients.map((client) => client.stop()));

    expect(clients.map(({ name, failures }) => ({ name, failures: [...new Set(failures)] }))).toEqual(
      clients.map(({ name }) => ({ name, failures: [] })),
    );
    const rows = await asApp(
      "SELECT client AS name, count(*)::int AS written FROM written GROUP BY client ORDER BY client",
    );
    expect(rows).toEqual(clients.map(({ name, written }) => ({ name, written })));
    const acted = await asApp("SELECT DISTINCT acted FROM written WHERE acted !~ '^portal_' ORDER BY acted");
    expect(acted).toEqual([{ acted: "wms_dev_owner" }, { acted: "wms_dev_runtime" }]);
  });

  test("what is left after the way back is what was there before", async () => {
    expect(
      await platform().asSuperuser("SELECT rolname FROM pg_roles WHERE rolname ~ 'wms_dev' ORDER BY 1"),
    ).toEqual([{ rolname: "portal_wms_dev" }, { rolname: "portal_wms_dev_2" }, { rolname: "wms_dev_owner" }]);
    expect(await platform().asSuperuser("SELECT * FROM pg_default_acl")).toEqual([]);
    expect(await refusalOf(direct())).not.toBeUndefined();
    expect(
      await platform().asSuperuser(
        "SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relnamespace = 'wms_dev'::regnamespace",
      ),
    ).toEqual([{ owner: "wms_dev_owner" }]);
  });
}
