import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { type DeployedPlatform, LOGINS } from "./deployed-platform";

/** What a run says, and what a second one finds to do. */
export function upCases(get: () => DeployedPlatform): void {
  test("a run ends with a row an app and environment, and says what it only recorded", () => {
    for (const [app, environment] of LOGINS) {
      const login = environment === "prod" ? `portal_${app}` : `portal_${app}_${environment}`;
      const row = [app, environment, `${app}_${environment}`, login, `portal-db/${environment}/${app}`];
      expect(get().firstRun).toMatch(new RegExp(row.join(" +")));
    }
    expect(get().firstRun).toContain(
      "Only recorded, no server plays them: aws:cloudwatch/metricAlarm:MetricAlarm",
    );
  });

  test("a second run says that nothing changed", async () => {
    const again = await get().platform.succeed("up");
    expect(again).toMatch(/^prod: no changes, \d+ unchanged$/m);
    expect(again).toMatch(/^dev: no changes, \d+ unchanged$/m);
    expect(await get().platform.plan()).toEqual([]);
  });

  test("whoever stops reading stops no deployment, also where its program goes on printing", async () => {
    const { platform } = get();
    const noise = resolve(platform.dir, "noise.cjs");
    writeFileSync(
      noise,
      'if (/cmd.run/.test(process.argv[1] ?? "")) setInterval(() => console.error("noise"), 5).unref();',
    );
    const env = { ...process.env, NODE_OPTIONS: `--require ${noise}` };
    const child = platform.start(["up"], env);
    const [heard] = (await once(child.stderr as Readable, "data")) as [Buffer];
    expect(heard.length).toBeGreaterThan(0);
    child.stdout?.destroy();
    child.stderr?.destroy();
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await platform.plan()).toEqual([]);
  });

  test("the master is as limited as that of RDS, the admins more so, and none of them owns the database", async () => {
    const roles = await get().platform.asSuperuser(
      `SELECT rolname AS name, concat_ws(' ', CASE WHEN rolsuper THEN 'superuser' END,
         CASE WHEN rolcanlogin THEN 'login' END, CASE WHEN rolcreaterole THEN 'createrole' END,
         CASE WHEN rolcreatedb THEN 'createdb' END, CASE WHEN rolbypassrls THEN 'bypassrls' END,
         CASE WHEN rolreplication THEN 'replication' END) AS may, rolconfig AS settings
       FROM pg_roles WHERE rolname = 'ecomos_admin' OR rolname ~ '^portal_db_' ORDER BY 1`,
    );
    // Their own role, too: the database's default one, which both may set, would make what they make somebody else's.
    const settings = (name: string) => ["search_path=pg_catalog", `role=${name}`];
    expect(roles).toEqual([
      { name: "ecomos_admin", may: "login createrole createdb", settings: null },
      { name: "portal_db_admin", may: "login createrole", settings: settings("portal_db_admin") },
      {
        name: "portal_db_dev_admin",
        may: "login createrole",
        settings: settings("portal_db_dev_admin"),
      },
      { name: "portal_db_owner", may: "", settings: null },
    ]);
    expect(
      await get().platform.asSuperuser(
        "SELECT datname AS name, pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname <> 'template0' ORDER BY 1",
      ),
    ).toEqual([
      { name: "portal_db", owner: "portal_db_owner" },
      { name: "postgres", owner: "ecomos_admin" },
      { name: "template1", owner: "ecomos_admin" },
    ]);
  });
}
