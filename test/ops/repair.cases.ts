import { inspect } from "../../access/undeclared/inspect";
import { serverPart } from "../../ops/app/server-part";
import { sqlBlocksOf } from "../helpers/documents";
import { answerOps, type OpsPlatform } from "../helpers/ops-platform";
import { refusalOf } from "../helpers/query";
import { findingsOf } from "./verify-command";

/** What a repair must leave as it was before somebody changed it. */
const DECLARED = `
  SELECT (SELECT json_agg(r ORDER BY r.rolname) FROM (SELECT * FROM pg_roles) r) AS roles,
    (SELECT json_agg(m ORDER BY m.roleid, m.member, m.grantor) FROM (SELECT roleid, member, grantor, admin_option,
      inherit_option, set_option FROM pg_auth_members) m) AS members,
    (SELECT json_agg(s ORDER BY s.setrole, s.setdatabase) FROM pg_db_role_setting s) AS settings,
    (SELECT json_agg(n ORDER BY n.nspname) FROM (SELECT nspname, nspacl::text FROM pg_namespace) n) AS schemas,
    (SELECT json_agg(d ORDER BY d.datname) FROM (SELECT datname, datacl::text, datconnlimit FROM pg_database) d) AS databases`;

/** `repair`: what a deploy does not see, put back as it is declared. */
export function repairCases(get: () => OpsPlatform): void {
  const repair = (stack: string) => get().run("repair", stack, "--yes");
  const declared = () => get().platform.asSuperuser(DECLARED);
  const findings = async (stack: string) => findingsOf((await get().run("verify", stack)).stdout);

  test("where nothing is undeclared there is nothing to repair", async () => {
    expect(await repair("prod")).toEqual({
      status: 0,
      stdout: "stack prod on the local platform: nothing to repair",
      stderr: "",
    });
  });

  test("what a login did to itself and gave away is taken back, and data stay", async () => {
    const before = await declared();
    const secret = await get().platform.url("wms", "dev");
    await get().query(
      "wms",
      "dev",
      `CREATE TABLE orders (id int, price int); INSERT INTO orders VALUES (1, 2); SELECT lo_create(4711);
       GRANT SELECT ON orders TO PUBLIC; REVOKE SELECT ON orders FROM wms_dev_reader; GRANT UPDATE (price) ON orders TO auth_prod_owner WITH GRANT OPTION;
       GRANT SELECT ON LARGE OBJECT 4711 TO portal_auth_dev; ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO PUBLIC;
       SET ROLE NONE; ALTER ROLE CURRENT_USER IN DATABASE portal_db SET default_transaction_read_only = on;
       ALTER ROLE CURRENT_USER IN DATABASE portal_db SET role = none; ALTER ROLE CURRENT_USER SET search_path = public;
       ALTER ROLE CURRENT_USER SET idle_in_transaction_session_timeout = '1 h'; ALTER ROLE CURRENT_USER SET statement_timeout = 1;
       ALTER ROLE CURRENT_USER PASSWORD NULL`,
    );
    const { status, stdout, stderr } = await repair("dev");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.replace(/localhost:\d+/, "localhost:0").split("\n")).toEqual([
      "stack dev on the local platform (localhost:0/portal_db, as portal_db_dev_admin), in one transaction:",
      "  ALTER ROLE portal_wms_dev IN DATABASE portal_db RESET default_transaction_read_only;",
      '  ALTER ROLE portal_wms_dev IN DATABASE portal_db RESET "role";',
      "  ALTER ROLE portal_wms_dev SET idle_in_transaction_session_timeout TO 60000;",
      "  ALTER ROLE portal_wms_dev SET search_path TO wms_dev;",
      "  ALTER ROLE portal_wms_dev RESET statement_timeout;",
      "  ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner REVOKE INSERT ON TABLES FROM PUBLIC; -- as wms_dev_owner",
      '  REVOKE SELECT ON TABLE wms_dev."orders" FROM PUBLIC CASCADE; -- as wms_dev_owner',
      '  REVOKE UPDATE ("price") ON TABLE wms_dev."orders" FROM auth_prod_owner CASCADE; -- as wms_dev_owner',
      "  REVOKE SELECT ON LARGE OBJECT 4711 FROM portal_auth_dev CASCADE; -- as wms_dev_owner",
      '  GRANT SELECT ON TABLE wms_dev."orders" TO wms_dev_reader; -- as wms_dev_owner',
      "  ALTER ROLE portal_wms_dev PASSWORD '…';",
      "11 of 11 repaired: look again with npm run verify -- dev",
    ]);
    expect(stdout).not.toContain(new URL(secret).password);
    expect(stdout).not.toContain("SCRAM-SHA-256");
    expect(await get().run("verify", "dev")).toMatchObject({ status: 0, stderr: "" });
    expect(await get().platform.asApp(secret, "SELECT * FROM orders")).toEqual([{ id: 1, price: 2 }]);
    await get().platform.asApp(secret, "DROP TABLE orders; SELECT lo_unlink(4711)");
    expect(await declared()).toEqual(before);
  });

  test("an undeclared member that wrote a prod table writes it no more", async () => {
    const before = await declared();
    await get().query("wms", "prod", "CREATE TABLE orders (id int)");
    await get().platform.asSuperuser(
      `CREATE ROLE stranger LOGIN PASSWORD 'stranger'; SET ROLE portal_db_admin;
       GRANT wms_prod_owner TO stranger; GRANT CONNECT ON DATABASE portal_db TO stranger`,
    );
    const url = new URL(await get().platform.url("wms", "prod"));
    url.username = "stranger";
    url.password = "stranger";
    const write = () => get().platform.asApp(String(url), "INSERT INTO wms_prod.orders VALUES (1)");
    await write();
    expect(await findings("prod")).toEqual([
      "repair stranger: database portal_db: CONNECT",
      "repair stranger: wms_prod_owner: member (inherit, set)",
      "hand stranger: nobody declares it",
      'type DROP ROLE "stranger";',
    ]);
    const { status, stdout } = await repair("prod");
    expect(status).toBe(0);
    expect(stdout).toContain("in one transaction; 1 more that verify names are for up, or to be typed:");
    expect(await refusalOf(write())).toBe("42501");
    expect(await findings("prod")).toEqual([
      "hand stranger: nobody declares it",
      'type DROP ROLE "stranger";',
    ]);
    await get().platform.asSuperuser("DROP ROLE stranger");
    await get().query("wms", "prod", "DROP TABLE orders");
    expect(await declared()).toEqual(before);
  });

  test("what the server refuses is said, and the rest happens", async () => {
    await get().platform.asSuperuser(
      `ALTER ROLE portal_wms_dev VALID UNTIL '2020-01-01'; REVOKE portal_wms_dev FROM portal_db_dev_admin;
       SET ROLE portal_db_dev_admin; GRANT wms_dev_owner TO portal_auth_dev WITH ADMIN TRUE; RESET ROLE;
       SET ROLE portal_auth_dev; GRANT wms_dev_owner TO portal_auth`,
    );
    const { status, stdout, stderr } = await repair("dev");
    const left = await findings("dev");
    await get().platform.asSuperuser(
      "GRANT portal_wms_dev TO portal_db_dev_admin WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
    );
    expect(status).toBe(1);
    expect(stderr).toBe(
      "refused (permission denied to alter role, 42501): ALTER ROLE portal_wms_dev VALID UNTIL 'infinity';\n" +
        "refused (permission denied to alter role, 42501): ALTER ROLE portal_wms_dev PASSWORD '…';",
    );
    expect(stdout).toMatch(/\n2 of 4 repaired: look again with npm run verify -- dev$/);
    expect(left).toEqual([
      "repair portal_wms_dev: VALID UNTIL",
      "hand portal_db_dev_admin: portal_wms_dev: does not administer it",
      "type GRANT portal_wms_dev TO portal_db_dev_admin WITH ADMIN OPTION; -- as the master",
    ]);
    expect((await repair("dev")).status).toBe(0);
    expect(await findings("dev")).toEqual([]);
  });

  test("what the dev admin puts in everybody's way in the whole database goes", async () => {
    await get().platform.asSuperuser(
      `SET ROLE portal_db_dev_admin; ALTER DATABASE portal_db SET default_transaction_read_only = on;
       ALTER DATABASE portal_db SET quote_all_identifiers = on; ALTER DATABASE portal_db SET role = portal_db_owner;
       ALTER DATABASE portal_db CONNECTION LIMIT 50; REVOKE CONNECT ON DATABASE portal_db FROM portal_auth_dev;
       GRANT CREATE, TEMPORARY ON DATABASE portal_db TO portal_auth_dev`,
    );
    expect((await repair("prod")).stdout).toMatch(
      /\n5 of 5 repaired: look again with npm run verify -- prod$/,
    );
    expect(await findings("prod")).toEqual([]);
    expect(await findings("dev")).toEqual(["up portal_auth_dev: database portal_db: no CONNECT"]);
    await get().platform.asSuperuser(
      "SET ROLE portal_db_dev_admin; GRANT CONNECT ON DATABASE portal_db TO portal_auth_dev",
    );
  });

  test.each([
    ["idle_in_transaction_session_timeout", "1ms"],
    ["transaction_timeout", "3ms"],
    ["idle_session_timeout", "1ms"],
    ["statement_timeout", "1ms"],
  ])("%s of the database ends neither verify nor repair", async (name, value) => {
    await get().platform.asSuperuser(
      `SET ROLE portal_db_dev_admin; ALTER DATABASE portal_db SET ${name} = '${value}'`,
    );
    const { stdout } = await get().run("verify", "prod");
    const repaired = await repair("prod");
    await get().platform.asSuperuser(`ALTER DATABASE portal_db RESET ${name}`);
    expect(findingsOf(stdout)).toEqual([`repair PUBLIC: database portal_db: SET ${name}`]);
    expect(stdout).toContain("0 differ, 0 not tried; 1 found in the catalogs");
    expect(repaired).toMatchObject({ status: 0, stderr: "" });
    expect(await findings("prod")).toEqual([]);
  });

  test("a connection that is lost says what to do", async () => {
    const client = await get().connect("wms", "dev", "to be ended");
    await get().platform.asSuperuser(
      "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'to be ended'",
    );
    await expect(
      inspect(
        client,
        serverPart({ configDir: get().platform.dir, platformDir: get().platform.places.dir }, "dev"),
      ),
    ).rejects.toThrow(/^the connection was lost \(.*\): try again; .* docs\/security\.md/);
  });

  test("the runbook's list of what a leaked deployer made goes on to what those made", async () => {
    await get().platform.asSuperuser(
      `SET ROLE portal_db_dev_admin; CREATE ROLE helper CREATEROLE; SET ROLE helper; CREATE ROLE helpers_own CREATEROLE;
       SET ROLE helpers_own; CREATE ROLE hidden`,
    );
    const [, list = ""] = sqlBlocksOf("runbook", "A leaked credential of a deployer");
    const rows = await get().platform.asSuperuser(list);
    await get().platform.asSuperuser("DROP ROLE hidden, helpers_own, helper");
    expect(rows.map(({ role }) => role)).toEqual(
      expect.arrayContaining(["portal_wms_dev", "helper", "helpers_own", "hidden"]),
    );
  });

  test("it asks first, and another answer than the stack's name changes nothing", async () => {
    await get().platform.asSuperuser("ALTER ROLE portal_wms_dev IN DATABASE portal_db SET work_mem = '5MB'");
    const unasked = await get().run("repair", "dev");
    const { status, stdout } = await answerOps(["repair", "dev", ...get().where], "yes");
    const before = await findings("dev");
    const agreed = await answerOps(["repair", "dev", ...get().where], "dev");
    expect(unasked).toEqual({
      status: 1,
      stdout: "",
      stderr: "error: it asks before it goes on: run it in a terminal, or add --yes",
    });
    expect([status, agreed.status]).toEqual([1, 0]);
    expect(stdout).toContain("Nothing was changed");
    expect(before).toEqual(["repair portal_wms_dev: database portal_db: SET work_mem"]);
    expect(await findings("dev")).toEqual([]);
  });

  test("a session that does not act as its owner is pointed here", async () => {
    await get().platform.asSuperuser("ALTER ROLE portal_wms_dev IN DATABASE portal_db SET role = none");
    const { status, stderr } = await get().run("reset", "wms", "dev", "--yes");
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "error: portal_wms_dev acts as portal_wms_dev in no schema, not as wms_dev_owner in wms_dev: npm run ops -- repair dev",
    });
    expect((await repair("dev")).status).toBe(0);
    expect((await get().run("reset", "wms", "dev", "--yes")).status).toBe(0);
  });

  test.each([
    ["no stack", [], "error: give one stack, such as dev"],
    ["two stacks", ["dev", "prod"], "error: give one stack, such as dev"],
  ])("%s is bad usage", async (_what, args, message) => {
    const stderr = `${message}; see npm run ops -- repair --help`;
    expect(await get().run("repair", ...args)).toEqual({ status: 64, stdout: "", stderr });
  });
}
