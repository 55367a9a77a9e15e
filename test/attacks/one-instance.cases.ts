import { Client } from "pg";
import { sqlBlocksOf } from "../helpers/documents";
import { refusalOf } from "../helpers/query";
import type { AttackedPlatform } from "./attacked-platform";

const HEADING = "What one instance does not isolate";

/** What one shared instance cannot refuse, as docs/security.md says it. */
export function oneInstanceCases(get: () => AttackedPlatform): void {
  test("one session fills the lock table with advisory locks: nobody logs in until it ends", async () => {
    const { client } = await get().bareLogin("wms", "dev");
    const full = "SELECT count(pg_advisory_lock(i)) FROM generate_series(1, 10000000) AS i";
    expect(await refusalOf(client.query(full))).toBe("53200");
    const url = await get().appUrl("auth", "prod");
    const other = new Client({ connectionString: url });
    expect(await refusalOf(other.connect())).toBe("53200");
    await client.end();
    expect(await get().platform.asApp(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("who holds a lock that all share is found, and its session ended, by its own admin", async () => {
    const { client: attacker } = await get().bareLogin("wms", "dev");
    // Prisma's, and the one that the provider takes for each change of the role.
    await attacker.query(
      "SELECT pg_advisory_lock(72707369), pg_advisory_lock('portal_wms_dev'::regrole::oid::bigint)",
    );
    const { client: migration } = await get().app("auth", "prod");
    await migration.query("SET lock_timeout = 1");
    expect(await refusalOf(migration.query("SELECT pg_advisory_lock(72707369)"))).toBe("55P03");
    const { client: admin } = await get().deployer("dev-admin");
    await admin.query("SET lock_timeout = 1");
    const providers = "SELECT pg_advisory_xact_lock('portal_wms_dev'::regrole::oid::bigint)";
    expect(await refusalOf(admin.query(providers))).toBe("55P03");
    const [find = "", lend = "", end = "", back = ""] = sqlBlocksOf("security", HEADING).flatMap((block) =>
      block.split(/(?<=;)\n/),
    );
    const dev = (sql: string) => sql.replaceAll("portal_wms", "portal_wms_dev");
    const { rows } = await admin.query<{ pid: number; usename: string }>(find);
    expect(rows.map(({ usename }) => usename)).toEqual(["portal_wms_dev"]);
    await admin.query(dev(lend));
    await admin.query(end.replace("12345", String(rows[0]?.pid)));
    await admin.query(dev(back));
    await admin.query(providers);
    await admin.query("RESET lock_timeout; SELECT pg_advisory_lock(72707369), pg_advisory_unlock(72707369)");
  });

  test("a notice reaches whoever listens, in every app", async () => {
    const { client: listener } = await get().bareLogin("auth", "prod");
    const heard = new Promise<string | undefined>((done) =>
      listener.once("notification", ({ payload }) => done(payload)),
    );
    await listener.query("LISTEN orders");
    const { client: sender } = await get().bareLogin("wms", "dev");
    await sender.query("NOTIFY orders, 'forged'");
    expect(await heard).toBe("forged");
    await Promise.all([listener.end(), sender.end()]);
  });

  test("the catalogs tell every login names, sources, comments and sizes, and the values of what is granted to PUBLIC alone", async () => {
    const { client: app } = await get().app("auth", "prod");
    await app.query(
      `CREATE TABLE shown AS SELECT 'value ' || i % 2 AS note FROM generate_series(1, 100) AS i;
       CREATE TABLE hidden AS TABLE shown; GRANT SELECT ON shown TO PUBLIC; ANALYZE shown; ANALYZE hidden;
       COMMENT ON TABLE hidden IS 'a comment'; CREATE FUNCTION source() RETURNS text LANGUAGE sql AS 'SELECT ''a source'''`,
    );
    const { client: other } = await get().bareLogin("wms", "dev");
    const rowsOf = async (sql: string) => (await other.query(sql)).rows;
    expect(
      await rowsOf(
        "SELECT tablename AS name, most_common_vals::text AS values FROM pg_stats WHERE schemaname = 'auth_prod' AND tablename IN ('shown', 'hidden')",
      ),
    ).toEqual([{ name: "shown", values: '{"value 0","value 1"}' }]);
    expect(await refusalOf(other.query("SELECT * FROM auth_prod.shown"))).toBe("42501");
    expect(
      await rowsOf(
        `SELECT obj_description(oid) AS comment, pg_relation_size(oid) > 0 AS "has size", reltuples::int AS rows
         FROM pg_class WHERE relname = 'hidden'`,
      ),
    ).toEqual([{ comment: "a comment", "has size": true, rows: 100 }]);
    expect(await rowsOf("SELECT prosrc AS source FROM pg_proc WHERE proname = 'source'")).toEqual([
      { source: "SELECT 'a source'" },
    ]);
    await app.query("DROP TABLE shown, hidden; DROP FUNCTION source()");
    await Promise.all([app.end(), other.end()]);
  });

  test("a transaction that stays open keeps every app's dead rows", async () => {
    const { client: idle } = await get().bareLogin("wms", "dev");
    await idle.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
    const { client: app } = await get().app("auth", "prod");
    await app.query("CREATE TABLE churned AS SELECT i FROM generate_series(1, 1000) AS i");
    await app.query("DELETE FROM churned");
    const pages = async () => {
      await app.query("VACUUM churned");
      return (await app.query("SELECT pg_relation_size('churned') AS bytes")).rows;
    };
    expect(await pages()).toEqual([{ bytes: expect.not.stringMatching(/^0$/) }]);
    await idle.query("COMMIT");
    expect(await pages()).toEqual([{ bytes: "0" }]);
    await app.query("DROP TABLE churned");
    await Promise.all([app.end(), idle.end()]);
  });

  test("a login writes WAL without a table, and makes large objects, which run nothing and stay", async () => {
    const { client } = await get().bareLogin("auth", "dev");
    await client.query("SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000)), lo_create(4711)");
    expect(
      await get().platform.asSuperuser(
        "SELECT lomowner::regrole::text AS owner FROM pg_largeobject_metadata WHERE oid = 4711",
      ),
    ).toEqual([{ owner: "portal_auth_dev" }]);
    await client.end();
  });

  test("a grant of an app's own table keeps another's role from being dropped, until it is taken back", async () => {
    const { client: app } = await get().app("wms", "dev");
    await app.query("GRANT SELECT ON kept TO portal_auth");
    const { client: admin } = await get().deployer("admin");
    const drop = "GRANT portal_auth TO CURRENT_USER; DROP OWNED BY portal_auth; DROP ROLE portal_auth";
    expect(await refusalOf(admin.query(drop))).toBe("2BP01");
    const { client: devAdmin } = await get().deployer("dev-admin");
    await devAdmin.query(
      `GRANT wms_dev_owner TO CURRENT_USER; REVOKE ALL ON ALL TABLES IN SCHEMA wms_dev FROM portal_auth;
       REVOKE wms_dev_owner FROM CURRENT_USER`,
    );
    await admin.query("BEGIN");
    expect(await refusalOf(admin.query(drop))).toBeUndefined();
    await admin.query("ROLLBACK");
    await Promise.all([app.end(), admin.end(), devAdmin.end()]);
  });
}
