import { Client } from "pg";
import { ADMIN_RESERVE, maxConnections } from "../../infra/config/budget";
import { ADMIN_SECRET } from "../../infra/names";
import { State } from "../../local/engine/state";
import { refusalOf } from "../helpers/query";
import { ANSWERS, type Deployed } from "./deploy.cases";

interface Admin {
  readonly username: string;
  readonly password: string;
}

/** Connections of many apps on one server. */
export function connectionCases(get: () => Deployed): void {
  test("an app at its limit is refused in clear words, while the others and the admin connect", async () => {
    const url = await get().workspace.url("xplan", "dev");
    const [login] = await get().platform.asSuperuser(
      "SELECT rolconnlimit AS most FROM pg_roles WHERE rolname = 'portal_xplan_dev'",
    );
    const clients = Array.from({ length: Number(login?.most) }, () => new Client({ connectionString: url }));
    try {
      await Promise.all(clients.map((client) => client.connect()));
      expect(clients).toHaveLength(10);
      expect(await refusalOf(get().platform.asApp(url, "SELECT 1"))).toBe("53300");
      const { status, stderr } = await get().workspace.task("xplan", "dev", "queries");
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringContaining('too many connections for role "portal_xplan_dev"'),
      });
      const prod = await get().workspace.task("xplan", "prod", "queries");
      expect(prod.results).toEqual([ANSWERS.xplan("xplan_prod")]);
      const wms = await get().workspace.task("wms", "dev", "deploy", "queries");
      expect(wms.results).toEqual([[], ANSWERS.wms("wms_dev")]);
      const { username, password } = JSON.parse(await get().workspace.secret(ADMIN_SECRET)) as Admin;
      const admin = `postgresql://${username}:${password}@localhost:${get().platform.port}/portal_db`;
      const sessions = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'portal_xplan_dev'";
      expect(await get().platform.asApp(admin, sessions)).toEqual([{ n: 10 }]);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  });

  test("what is deployed agrees: limits fit the shares, shares the instance, and the alarm comes before it is full", async () => {
    const prod = State.read(get().platform.places.stateDir, "prod");
    const deployed = [...prod.resources.values()].map(({ outputs }) => outputs);
    const { instanceClass } = deployed.find((one) => "instanceClass" in one) ?? {};
    const most = maxConnections(String(instanceClass)) ?? 0;
    const { threshold } = deployed.find(({ metricName }) => metricName === "DatabaseConnections") ?? {};
    const alarm = Number(threshold);
    const shares = ["prod", "dev"]
      .map((stack) => get().platform.setting(stack, "connectionShare"))
      .map(Number);
    const limits = await get().platform.asSuperuser(
      `SELECT count(*)::int AS logins, sum(rolconnlimit)::int AS total, min(rolconnlimit) AS least
       FROM pg_roles WHERE rolname ~ '^portal_(?!db_)' AND rolcanlogin GROUP BY rolname ~ '_(dev|ci)$' ORDER BY 1`,
    );
    expect({ most, shares, alarm, limits }).toEqual({
      most: 405,
      shares: [200, 160],
      alarm: 308,
      limits: [
        { logins: 4, total: 70, least: 10 },
        { logins: 8, total: 80, least: 10 },
      ],
    });
    for (const [stack, { total }] of limits.entries())
      expect(Number(total)).toBeLessThanOrEqual(shares[stack] ?? 0);
    const total = shares.reduce((sum, share) => sum + share, 0);
    expect(total).toBeLessThanOrEqual(most - ADMIN_RESERVE);
    // Logins can use what the alarm warns of before they meet the server's own end.
    expect(alarm).toBeLessThan(total);
  });
}
