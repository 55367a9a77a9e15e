import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "pg";
import { parse } from "yaml";
import { alarmRules } from "../../infra/alarm-rules";
import { ADMIN_RESERVE, maxConnections } from "../../infra/connection-budget";
import { ADMIN_SECRET } from "../../infra/names";
import { refusalOf } from "../local/platform";
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

  test("the committed limits fit their shares, the shares fit the instance, and the alarm comes before it is full", async () => {
    const [prod, dev] = ["prod", "dev"].map(settingsOf);
    const instanceClass = String(prod?.instanceClass);
    const most = maxConnections(instanceClass) ?? 0;
    const shares = Number(prod?.connectionShare) + Number(dev?.connectionShare);
    const rules = alarmRules({ instanceClass, allocatedStorageGib: Number(prod?.allocatedStorageGib) });
    const alarm = rules.find(({ name }) => name === "connections")?.threshold ?? 0;
    const [limits] = await get().platform.asSuperuser(
      "SELECT sum(rolconnlimit)::int AS total FROM pg_roles WHERE rolname ~ '^portal_' AND rolcanlogin AND rolconnlimit > 0",
    );
    expect({ most, shares, alarm, limits: limits?.total }).toEqual({
      most: 405,
      shares: 360,
      alarm: 308,
      limits: 120,
    });
    expect(shares).toBeLessThanOrEqual(most - ADMIN_RESERVE);
    // Logins can use what the alarm warns of before they meet the server's own end.
    expect(alarm).toBeLessThan(most - ADMIN_RESERVE);
    expect(Number(limits?.total)).toBeLessThanOrEqual(shares);
    const [unlimited] = await get().platform.asSuperuser(
      "SELECT count(*)::int AS n FROM pg_roles WHERE rolname ~ '^portal_' AND rolcanlogin AND rolconnlimit < 0",
    );
    expect(unlimited?.n).toBe(0);
  });
}

/** The committed settings of a stack, by name without the project. */
function settingsOf(stack: string): Record<string, unknown> {
  const text = readFileSync(resolve(__dirname, `../../Pulumi.${stack}.yaml`), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace("portal-db:", ""), value]),
  );
}
