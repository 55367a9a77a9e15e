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

  test("the admin is as limited as the master user of RDS", async () => {
    const [admin] = await get().platform.asSuperuser(
      `SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication,
         (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'portal_db') AS owner
       FROM pg_roles WHERE rolname = 'ecomos_admin'`,
    );
    expect(admin).toEqual({
      rolsuper: false,
      rolcreaterole: true,
      rolcreatedb: true,
      rolbypassrls: false,
      rolreplication: false,
      owner: "ecomos_admin",
    });
  });
}
