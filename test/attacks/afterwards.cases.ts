import { refusalOf } from "../helpers/query";
import type { AttackedPlatform } from "./attacked-platform";

const OWNED_BY_DEPLOYERS = `
  SELECT 'function' AS kind, proname::text AS name FROM pg_proc WHERE proowner IN (SELECT oid FROM pg_roles WHERE rolname ~ 'admin$' AND NOT rolsuper)
  UNION ALL SELECT 'relation', relname FROM pg_class WHERE relowner IN (SELECT oid FROM pg_roles WHERE rolname ~ 'admin$' AND NOT rolsuper)
  UNION ALL SELECT 'type', typname FROM pg_type WHERE typowner IN (SELECT oid FROM pg_roles WHERE rolname ~ 'admin$' AND NOT rolsuper)`;

/** What is left when dev is destroyed under attack; ends the life of dev, and deploys it anew. */
export function afterwardsCases(get: () => AttackedPlatform): void {
  test("a destroy hands whoever deploys nothing that runs, while sessions of the app try on", async () => {
    const { platform } = get();
    const { client: app } = await get().app("wms", "dev");
    const { client: bare } = await get().bareLogin("wms", "dev");
    await app.query(
      "CREATE FUNCTION handed() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user::text'; SELECT lo_create(0)",
    );
    await bare.query("SELECT lo_create(0)");
    let isOver = false;
    const made: string[] = [];
    const tryOn = async () => {
      while (!isOver) {
        for (const place of ["pg_temp", "public", "extensions", "wms_prod"]) {
          const sql = `CREATE FUNCTION ${place}.handed() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user::text'`;
          for (const client of [app, bare])
            if ((await refusalOf(client.query(sql))) === undefined) made.push(place);
        }
        const own =
          "CREATE FUNCTION wms_dev.handed_bare() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'";
        if ((await refusalOf(bare.query(own))) === undefined) made.push("wms_dev");
      }
    };
    const trying = tryOn();
    await platform.succeed("destroy", "--stack", "dev", "--yes");
    isOver = true;
    await trying;
    expect(made).toEqual([]);
    expect(await platform.asSuperuser(OWNED_BY_DEPLOYERS)).toEqual([]);
    expect(
      await platform.asSuperuser("SELECT rolname FROM pg_roles WHERE rolname ~ 'wms_dev|auth_dev'"),
    ).toEqual([]);
    // Large objects alone outlive their roles. They run nothing.
    expect(
      await platform.asSuperuser(
        "SELECT DISTINCT lomowner::regrole::text AS owner FROM pg_largeobject_metadata WHERE lomowner::regrole::text !~ '_owner$'",
      ),
    ).toEqual([{ owner: "portal_db_dev_admin" }]);
    await Promise.all([app.end(), bare.end()]);
  });

  test("dev is deployed anew, and prod is as it was declared", async () => {
    await get().platform.succeed("up");
    expect(await get().platform.plan()).toEqual([]);
    const url = await get().appUrl("wms", "dev");
    expect(await get().platform.asApp(url, "CREATE TABLE kept (id int)")).toEqual([]);
  });

  test("a prod schema that the dev admin made first stops the deploy of its app", async () => {
    const { client } = await get().deployer("dev-admin");
    await client.query(
      `CREATE SCHEMA crm_prod AUTHORIZATION portal_db_owner;
       CREATE FUNCTION crm_prod.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT current_user::text'`,
    );
    await client.end();
    const apps = { ...(get().platform.setting("prod", "apps") as object), crm: {} };
    get().platform.configure("prod", { apps });
    const { status, stderr } = await get().platform.run(["up", "--stack", "prod"]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "error: the schema crm_prod was there already and is portal_db_owner's, not portal_db_admin's: its owner could change what an app runs in it. " +
        "Find out who made it: npm run ops -- adopt hands over what was there before the stacks, have its owner drop anything else; then deploy with --refresh\n",
    });
    expect(await get().platform.asSuperuser("SELECT FROM pg_roles WHERE rolname = 'portal_crm'")).toEqual([]);
  });
}
