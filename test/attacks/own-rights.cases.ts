import { type Attack, answerTo, DENIED } from "./attack";
import type { AttackedPlatform, Attacker } from "./attacked-platform";

/** The warning with which Postgres gives nothing away. */
const GIVES_NOTHING = "warning 01007";

const AS_APP: readonly Attack[] = [
  ["does not drop its schema", "DROP SCHEMA wms_prod CASCADE", DENIED],
  ["does not rename it", "ALTER SCHEMA wms_prod RENAME TO mine", DENIED],
  ["does not give it away", "ALTER SCHEMA wms_prod OWNER TO CURRENT_USER", DENIED],
  ["lets no other app into it", "GRANT USAGE ON SCHEMA wms_prod TO auth_prod_owner", GIVES_NOTHING],
  [
    "lets its bare login make nothing in it",
    "GRANT CREATE ON SCHEMA wms_prod TO portal_wms_2",
    GIVES_NOTHING,
  ],
  ["lets no other app into its owner", "GRANT wms_prod_owner TO portal_auth", DENIED],
  ["makes nobody its reader", "GRANT wms_prod_reader TO portal_auth", DENIED],
  ["hands its login no table", "ALTER TABLE wms_prod.kept OWNER TO portal_wms_2", DENIED],
  ["hands its login no function", "ALTER FUNCTION wms_prod.own() OWNER TO portal_wms_2", DENIED],
  ["hands the admin no function", "ALTER FUNCTION wms_prod.own() OWNER TO portal_db_admin", DENIED],
  ["hands its login nothing at all", "REASSIGN OWNED BY wms_prod_owner TO portal_wms_2", DENIED],
  ["is not its other login", "SET ROLE portal_wms", DENIED],
  [
    "does not end its other login's sessions",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portal_wms'",
    DENIED,
  ],
];

const AS_BARE_LOGIN: readonly Attack[] = [
  ["makes no table", "CREATE TABLE wms_prod.mine ()", DENIED],
  ["makes no function", "CREATE FUNCTION wms_prod.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", DENIED],
  [
    "makes no function that runs as its owner",
    "CREATE FUNCTION wms_prod.mine() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    DENIED,
  ],
  ["makes no type", "CREATE TYPE wms_prod.mine AS ENUM ()", DENIED],
  ["makes no view", "CREATE VIEW wms_prod.mine AS SELECT 1", DENIED],
  ["makes no sequence", "CREATE SEQUENCE wms_prod.mine", DENIED],
  ["makes nothing temporary", "CREATE TEMPORARY TABLE mine (id int)", DENIED],
  [
    "makes no temporary function",
    "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    DENIED,
  ],
  ["takes no table", "ALTER TABLE wms_prod.kept OWNER TO CURRENT_USER", DENIED],
  ["takes no function", "ALTER FUNCTION wms_prod.own() OWNER TO CURRENT_USER", DENIED],
  ["reads no table", "SELECT * FROM wms_prod.kept", DENIED],
  ["inherits nothing", "ALTER ROLE CURRENT_USER INHERIT", DENIED],
  ["makes no roles", "ALTER ROLE CURRENT_USER CREATEROLE", DENIED],
  ["makes no member of its owner", "GRANT wms_prod_owner TO portal_auth", DENIED],
  ["makes no member of itself", "GRANT portal_wms_2 TO portal_auth", DENIED],
  ["lets nobody act as it", "GRANT portal_wms_2 TO wms_prod_owner", DENIED],
  ["does not outlive its date", "ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'", DENIED],
  ["drops no role", "DROP ROLE portal_wms", DENIED],
  ["hands the admin nothing", "REASSIGN OWNED BY CURRENT_USER TO portal_db_admin", DENIED],
  [
    "does not end its other login's sessions",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portal_wms'",
    DENIED,
  ],
];

const AS_READER: readonly Attack[] = [
  ["writes none of the tables that it reads", "INSERT INTO wms_prod.kept DEFAULT VALUES", DENIED],
  ["locks none of them", "BEGIN; LOCK TABLE wms_prod.kept IN ROW EXCLUSIVE MODE", DENIED],
  ["draws from no sequence", "SELECT nextval('wms_prod.kept_id_seq')", DENIED],
  ["makes nothing beside them", "CREATE TABLE wms_prod.mine ()", DENIED],
  ["makes nothing temporary", "CREATE TEMPORARY TABLE mine (id int)", DENIED],
  ["makes nobody else a reader", "GRANT wms_prod_reader TO portal_auth", DENIED],
  ["does not become the owner", "SET ROLE wms_prod_owner", DENIED],
  ["reads nothing in dev", "SELECT * FROM wms_dev.kept", DENIED],
];

/** What a login may do with what is its own: anything in its schema but drop it, and nothing as itself. */
export function ownRightsCases(get: () => AttackedPlatform): void {
  let before: Record<string, unknown[]>;
  const tried = (who: string, login: () => Promise<Attacker>, attacks: readonly Attack[]) =>
    describe(who, () => {
      let attacker: Attacker;
      beforeAll(async () => {
        attacker = await login();
      });
      afterAll(() => attacker.client.end());
      test.each(attacks)("%s", async (_, sql, answer) => {
        expect(await answerTo(attacker, sql)).toBe(answer);
      });
    });

  beforeAll(async () => {
    const { client } = await get().app("wms", "prod");
    await client.query("CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    await get().loginBefore("wms", "prod");
    before = await get().catalog();
  });

  tried("an app", () => get().app("wms", "prod"), AS_APP);
  tried("a bare login", () => get().bareLogin("wms", "prod"), AS_BARE_LOGIN);
  tried("a reader's member", () => get().reader(), AS_READER);

  test("none of them has changed who may do what", async () => {
    expect(await get().catalog()).toEqual(before);
  });

  test("however a session is reset, it is the owner's again", async () => {
    const { client } = await get().app("wms", "prod");
    const seen: string[] = [];
    for (const sql of [
      "SET ROLE NONE",
      "RESET ROLE",
      "SET SESSION AUTHORIZATION DEFAULT",
      "RESET ALL",
      "DISCARD ALL",
    ]) {
      await client.query(sql);
      const { rows } = await client.query<{ role: string }>("SELECT current_user AS role");
      seen.push(`${sql}: ${rows[0]?.role}`);
    }
    expect(seen).toEqual([
      "SET ROLE NONE: portal_wms_2",
      "RESET ROLE: wms_prod_owner",
      "SET SESSION AUTHORIZATION DEFAULT: wms_prod_owner",
      "RESET ALL: wms_prod_owner",
      "DISCARD ALL: wms_prod_owner",
    ]);
  });
}
