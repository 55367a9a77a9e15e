import { refusalOf } from "../helpers/query";
import { DEPLOYERS, type DeployedPlatform } from "./deployed-platform";

/** Roles, a login and a schema of one stack, and who deploys it. */
interface Side {
  readonly secret: string;
  readonly admin: string;
  readonly owner: string;
  readonly login: string;
  readonly schema: string;
}

const PROD: Side = {
  secret: "portal-db/admin",
  admin: "portal_db_admin",
  owner: "wms_prod_owner",
  login: "portal_wms",
  schema: "wms_prod",
};
const DEV: Side = {
  secret: "portal-db/dev-admin",
  admin: "portal_db_dev_admin",
  owner: "wms_dev_owner",
  login: "portal_wms_dev",
  schema: "wms_dev",
};

/** What an admin could try against what another one deploys. */
function attemptsOf(self: Side, other: Side): string[] {
  const roles = [other.owner, other.login, other.admin, "ecomos_admin"];
  return [
    ...roles.flatMap((role) => [
      `SET ROLE ${role}`,
      `SET SESSION AUTHORIZATION ${role}`,
      `GRANT ${role} TO ${self.admin}`,
      `GRANT ${role} TO ${self.owner}`,
      `CREATE ROLE no IN ROLE ${role}`,
      `ALTER ROLE ${role} PASSWORD 'no'`,
      `ALTER ROLE ${role} LOGIN`,
      `ALTER ROLE ${role} CONNECTION LIMIT 0`,
      `ALTER ROLE ${role} SET search_path TO public`,
      `ALTER ROLE ${role} RENAME TO no`,
      `DROP ROLE ${role}`,
      `DROP OWNED BY ${role}`,
      `REASSIGN OWNED BY ${role} TO ${self.admin}`,
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${role} GRANT SELECT ON TABLES TO ${self.owner}`,
    ]),
    `DROP SCHEMA ${other.schema} CASCADE`,
    `ALTER SCHEMA ${other.schema} OWNER TO ${self.admin}`,
    `ALTER SCHEMA ${other.schema} RENAME TO no`,
    `GRANT USAGE ON SCHEMA ${other.schema} TO ${self.owner}`,
    `REVOKE USAGE ON SCHEMA ${other.schema} FROM ${other.owner}`,
    `CREATE TABLE ${other.schema}.no (id int)`,
    `SELECT FROM ${other.schema}.kept`,
    `DELETE FROM ${other.schema}.kept`,
    `DROP TABLE ${other.schema}.kept`,
    "ALTER DATABASE portal_db RENAME TO no",
    "ALTER DATABASE portal_db OWNER TO CURRENT_USER",
    "CREATE DATABASE no TEMPLATE portal_db",
  ];
}

/** What the three who deploy may do, and what they may not. */
export function deployerCases(get: () => DeployedPlatform): void {
  test.each(DEPLOYERS)("the secret %s lets %s into %s", async (name, username, database) => {
    expect(await get().secret(name)).toEqual({
      engine: "postgres",
      host: expect.any(String),
      port: expect.any(Number),
      dbname: database,
      username,
      password: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
    });
    expect(
      await get().platform.asApp(
        await get().deployerUrl(name),
        "SELECT session_user AS username, current_database() AS database",
      ),
    ).toEqual([{ username, database }]);
  });

  test.each([
    ["dev admin", "prod", DEV, PROD],
    ["admin", "dev", PROD, DEV],
  ] as const)("the %s can do nothing to what is %s's", async (_who, _whose, self, other) => {
    const [app = "", environment = ""] = other.schema.split("_");
    const url = get().urlOf(app, environment);
    await get().platform.asApp(url, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)");
    const admin = await get().deployerUrl(self.secret);
    for (const sql of attemptsOf(self, other))
      expect([sql, await refusalOf(get().platform.asApp(admin, sql))]).toEqual([sql, "42501"]);
    expect(await get().platform.asApp(url, "SELECT id FROM kept")).toEqual([{ id: 7 }]);
    await get().platform.asApp(url, "DROP TABLE kept");
  });

  test("nobody but the master gets into the databases from which portal_db could be dropped", async () => {
    for (const database of ["postgres", "template1"]) {
      const urls = [...get().urls.values()].map((url) => url.replace("/portal_db?", `/${database}?`));
      for (const { secret } of [PROD, DEV]) urls.push(await get().deployerUrl(secret, database));
      for (const url of urls) expect(await refusalOf(get().platform.asApp(url, "SELECT 1"))).toBe("42501");
    }
  });

  test("the master does not get into portal_db, where others' functions could be in its way", async () => {
    const url = await get().deployerUrl("portal-db/master", "portal_db");
    expect(await refusalOf(get().platform.asApp(url, "SELECT 1"))).toBe("42501");
  });
}
