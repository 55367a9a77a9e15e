import { Client } from "pg";
import { appObjects, appWork, grantedTables } from "../helpers/app-objects";
import { refusalOf } from "../helpers/query";
import { LoadClient } from "../local/load-client";
import { catalogOf, directUrlOf, secretUrlOf } from "./left";
import type { EngineProject } from "./project";

/** Logins of each client between one step and the next. */
const LOGINS_A_STEP = 10;

/** What changes a table, which the runtime may not. */
const REFUSED = [
  "CREATE TABLE more (id int)",
  "TRUNCATE written",
  "DROP TABLE written",
  "SET ROLE wms_dev_owner",
];

/** An app that moves to a login for migrations and back, by the engine's own hand. */
export function movedAppCases(
  project: () => EngineProject,
  deploy: (apps: object) => Promise<Readonly<Record<string, number>>>,
): void {
  const wms = (settings: object) => deploy({ auth: {}, wms: { reader: true, ...settings } });
  const current = () => secretUrlOf(project().platform, "dev", "wms");
  const direct = () => directUrlOf(project().platform, "dev", "wms");
  const run = async (url: string, sql: string) => project().platform.asApp(url, sql);

  test("an app under load gets a login for migrations, and loses it again, without a failed query", async () => {
    await wms({});
    await run(await current(), "DROP TABLE IF EXISTS written");
    await run(await current(), `CREATE TABLE written (client text, number int); ${appObjects("old")}`);
    const before = await catalogOf(project().platform);
    const open = async () => {
      const client = new Client({ connectionString: await current() });
      await client.connect();
      return client;
    };
    const clients = [new LoadClient("app 1", current, 2), new LoadClient("app 2", current, 2)];
    const underLoad = () => Promise.all(clients.map((client) => client.another(LOGINS_A_STEP)));
    const sessions = [await open()];
    const goOn = async () => {
      sessions.push(await open());
      for (const one of sessions) await one.query(appWork("old"));
      await underLoad();
    };

    await underLoad();
    expect(await wms({ migrator: true })).toMatchObject({ created: 28, updated: 2 });
    await goOn();
    await run(await direct(), `${appObjects("new")} ${grantedTables("wms_dev_runtime")}`);
    for (const session of sessions.slice(-1)) await session.query(appWork("new"));
    for (const sql of [...REFUSED, "DELETE FROM journal"])
      expect([sql, await refusalOf(run(await current(), sql))]).toEqual([sql, "42501"]);
    // What a migration gives and takes on tables of its own is no drift, and is not taken back.
    expect(await project().up("dev", "--refresh")).toEqual({ unchanged: 84 });
    expect(await refusalOf(run(await current(), "DELETE FROM journal"))).toBe("42501");
    await run(await current(), "INSERT INTO journal VALUES ('a'); TRUNCATE emptied");

    await wms({ migrator: true, credential: 2 });
    await goOn();
    await run(await direct(), "DROP TABLE journal, emptied; ALTER TABLE new_serial ADD COLUMN later text");
    await wms({ migrator: false, credential: 2 });
    await goOn();
    for (const session of sessions.splice(0)) await session.end();
    await wms({ credential: 2 });
    await goOn();
    for (const session of sessions.splice(0)) await session.end();
    await Promise.all(clients.map((client) => client.stop()));
    expect(clients.map(({ failures }) => failures)).toEqual([[], []]);
    await run(
      await current(),
      `DROP TABLE new_serial, new_parts CASCADE; DROP TYPE new_mood; DROP FUNCTION new_function; DROP PROCEDURE new_procedure`,
    );
    await wms({});
    expect(await project().changes("dev", "--refresh")).toEqual([]);
    expect(await catalogOf(project().platform)).toEqual(before);
  });

  test("with a login for migrations a destroy leaves nothing, whatever the app has made", async () => {
    await wms({ migrator: true, credential: 2 });
    await run(
      await direct(),
      "CREATE TABLE last (id serial); ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO wms_dev_runtime",
    );
    for (const url of [await direct(), await current()]) await run(url, "SELECT lo_create(0)");
    await project().destroy("dev");
    const rows = await project().platform.asSuperuser(
      "SELECT rolname AS name FROM pg_roles UNION ALL SELECT nspname FROM pg_namespace ORDER BY 1",
    );
    expect(rows.filter(({ name }) => /_(dev|ci)(_|$)/.test(String(name))).map(({ name }) => name)).toEqual([
      "portal_db_dev_admin",
    ]);
  });
}
