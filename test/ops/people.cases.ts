import { Client } from "pg";
import type { OpsPlatform } from "../helpers/ops-platform";
import { psql } from "../helpers/psql";
import { refusalOf } from "../helpers/query";
import { findingsOf } from "./verify-command";

const APPS = { auth: { reader: true }, wms: { reader: true } };
const PEOPLE = { anna: { reads: ["wms"], until: "2099-01-31" } };
const TOOLS = { bi: { reads: ["auth", "wms"], connectionLimit: 1 } };

/** People and tools that read: what they may, by the clients that they have, and what verify and repair say of them. */
export function peopleCases(get: () => OpsPlatform): void {
  const platform = () => get().platform;
  const urlOf = async (who: string) => (await platform().succeed("url", who, "dev")).trim();
  const verified = async () => {
    const { status, stdout, stderr } = await get().run("verify", "dev");
    return { status, findings: findingsOf(stdout), stderr };
  };
  let anna: string;

  test("each has a URL from the next deploy on, proven by logging in", async () => {
    await get().query(
      "wms",
      "dev",
      "CREATE TABLE people_before (id int); INSERT INTO people_before VALUES (1)",
    );
    platform().configure("dev", { apps: APPS, people: PEOPLE, tools: TOOLS });
    const up = await platform().succeed("up", "--stack", "dev");
    expect(up.replaceAll(/\s+/g, " ")).toMatch(
      /proof +.*4 logins, each in its own schema and nowhere else; 2 that read, and nothing more/,
    );
    anna = await urlOf("person_anna");
    expect(anna.replace(/:[A-Za-z0-9]{32}@/, ":…@")).toBe(
      `postgresql://person_anna_dev:…@localhost:${platform().port}/portal_db?sslmode=disable&options=-c%20default_transaction_read_only%3Don`,
    );
    const unknown = await platform().run(["url", "person_zoe", "dev"]);
    expect(unknown.stderr).toMatch(
      /^error: there is no person_zoe in dev: known are .*person_anna dev, tool_bi dev\n$/s,
    );
    expect(await verified()).toEqual({ status: 0, findings: [], stderr: "" });
  });

  test("verify says who reads what until when", async () => {
    const lines = (await get().run("verify", "dev")).stdout.split("\n");
    const start = lines.findIndex((line) => line.startsWith("who reads"));
    expect(lines.slice(start, lines.indexOf("", start))).toEqual([
      "who reads        schemas            until       logs in by",
      "---------------  -----------------  ----------  ----------",
      "person_anna_dev  wms_dev            2099-01-31  password",
      "tool_bi_dev      auth_dev, wms_dev  no end      password",
    ]);
  });

  test("a person reads what the app has made and what it makes later, by psql and by node-postgres", async () => {
    await get().query(
      "wms",
      "dev",
      "CREATE TABLE people_later (id serial); INSERT INTO people_later VALUES (2)",
    );
    const both = "SELECT p.id || ',' || l.id AS ids FROM people_before p, people_later l";
    expect(await psql(anna, both, platform().dir)).toEqual({ status: 0, stdout: "1,2\n", stderr: "" });
    expect(await platform().asApp(anna, both)).toEqual([{ ids: "1,2" }]);
  });

  test.each([
    ["INSERT INTO people_before VALUES (2)", "25006"],
    ["BEGIN READ WRITE; INSERT INTO people_before VALUES (2)", "42501"],
    ["BEGIN READ WRITE; UPDATE people_before SET id = 2", "42501"],
    ["BEGIN READ WRITE; TRUNCATE people_before", "42501"],
    ["BEGIN READ WRITE; SELECT nextval('people_later_id_seq')", "42501"],
    ["BEGIN READ WRITE; CREATE TABLE wms_dev.mine (id int)", "42501"],
    ["BEGIN READ WRITE; CREATE TABLE public.mine (id int)", "42501"],
    ["BEGIN READ WRITE; CREATE TEMPORARY TABLE mine (id int)", "42501"],
    ["BEGIN READ WRITE; CREATE SCHEMA mine", "42501"],
    ["SET ROLE wms_dev_owner", "42501"],
    ["SELECT * FROM auth_dev.nothing", "42501"],
    ["SELECT * FROM wms_prod.nothing", "42501"],
    ["ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'", "25006"],
    ["BEGIN READ WRITE; ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'", "42501"],
    ["BEGIN READ WRITE; ALTER ROLE CURRENT_USER CONNECTION LIMIT 50", "42501"],
  ])("a person is refused: %s", async (sql, code) => {
    expect(await refusalOf(platform().asApp(anna, sql))).toBe(code);
  });

  test("a function that runs as its app writes for whoever reads, unless it is taken from PUBLIC", async () => {
    await get().query(
      "wms",
      "dev",
      `CREATE FUNCTION people_bump() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = wms_dev
       BEGIN ATOMIC INSERT INTO people_before VALUES (3); END`,
    );
    const bump = () => refusalOf(platform().asApp(anna, "BEGIN READ WRITE; SELECT people_bump(); ROLLBACK"));
    const before = await bump();
    await get().query("wms", "dev", "REVOKE EXECUTE ON FUNCTION people_bump() FROM PUBLIC");
    const after = await bump();
    await get().query("wms", "dev", "DROP FUNCTION people_bump()");
    expect([before, after]).toEqual([undefined, "42501"]);
  });

  test("a table that a person has open in a transaction waits to be changed, and with it the app", async () => {
    const reader = new Client({ connectionString: anna });
    await reader.connect();
    await reader.query("SET idle_in_transaction_session_timeout = 0; BEGIN; SELECT FROM people_before");
    const change =
      "SET lock_timeout = '10ms'; ALTER TABLE people_before ADD COLUMN later int; ALTER TABLE people_before DROP COLUMN later";
    const during = await refusalOf(get().query("wms", "dev", change));
    await reader.query("COMMIT");
    const after = await refusalOf(get().query("wms", "dev", change));
    await reader.end();
    expect([during, after]).toEqual(["55P03", undefined]);
  });

  test("the code of an app that is read has the reader's rights on the others: one login lends them", async () => {
    await get().query("auth", "dev", "CREATE TABLE people_secret AS SELECT 'hidden' AS word");
    await get().query(
      "wms",
      "dev",
      `CREATE FUNCTION people_peek() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT word FROM auth_dev.people_secret); END';
       CREATE VIEW people_stock AS SELECT people_peek() AS seen`,
    );
    const stock = "SELECT seen FROM wms_dev.people_stock";
    const ofTool = await platform().asApp(await urlOf("tool_bi"), stock);
    const ofAnna = await refusalOf(platform().asApp(anna, stock));
    const ofApp = await refusalOf(get().query("wms", "dev", stock));
    await get().query("wms", "dev", "DROP VIEW people_stock; DROP FUNCTION people_peek()");
    await get().query("auth", "dev", "DROP TABLE people_secret");
    expect([ofTool, ofAnna, ofApp]).toEqual([[{ seen: "hidden" }], "42501", "42501"]);
  });

  test("limits: two connections, five minutes a statement, one idle in a transaction", async () => {
    const clients = [1, 2, 3].map(() => new Client({ connectionString: anna }));
    const [first, second, third] = clients as [Client, Client, Client];
    await first.connect();
    await second.connect();
    const refused = await refusalOf(third.connect());
    const { rows } = await first.query(
      "SELECT current_setting('statement_timeout') AS statement, current_setting('idle_in_transaction_session_timeout') AS idle",
    );
    // Whoever holds all of them is at work, and no finding.
    const while_ = await verified();
    await Promise.all([first.end(), second.end()]);
    expect({ refused, rows, found: while_.findings }).toEqual({
      refused: "53300",
      rows: [{ statement: "5min", idle: "1min" }],
      found: [],
    });
  });

  test("verify names what is otherwise, and a role that nobody declares; repair mends what is its own", async () => {
    await platform().asSuperuser(
      `SET ROLE portal_db_dev_admin; ALTER ROLE person_anna_dev VALID UNTIL '2099-03-01 00:00:00+00' CONNECTION LIMIT 9;
       ALTER ROLE person_anna_dev SET statement_timeout TO 0; GRANT auth_dev_reader TO person_anna_dev;
       GRANT wms_dev_owner TO tool_bi_dev; REVOKE wms_dev_reader FROM tool_bi_dev; ALTER ROLE tool_bi_dev RESET search_path;
       CREATE ROLE person_zoe_dev LOGIN; GRANT wms_dev_reader TO person_zoe_dev;
       ALTER ROLE tool_bi_dev PASSWORD 'another'`,
    );
    const { findings, status } = await verified();
    expect(status).toBe(2);
    expect(findings).toEqual([
      "repair person_anna_dev: auth_dev_reader: member (inherit, set)",
      "repair person_anna_dev: every database: SET statement_timeout",
      "repair person_anna_dev: CONNECTION LIMIT 9",
      "repair person_anna_dev: VALID UNTIL 2099-03-01 00:00:00+00",
      "repair person_zoe_dev: wms_dev_reader: member (inherit, set)",
      "repair tool_bi_dev: every database: no SET search_path",
      "repair tool_bi_dev: wms_dev_owner: member (inherit, set)",
      "up tool_bi_dev: wms_dev_reader: is no member",
      "hand person_zoe_dev: nobody declares it",
      "type DROP ROLE person_zoe_dev;",
    ]);
    expect((await get().run("repair", "dev", "--yes")).status).toBe(0);
    expect((await verified()).findings).toEqual([
      "up tool_bi_dev: wms_dev_reader: is no member",
      "hand person_zoe_dev: nobody declares it",
      "type DROP ROLE person_zoe_dev;",
    ]);
    await platform().asSuperuser(
      "SET ROLE portal_db_dev_admin; DROP ROLE person_zoe_dev; GRANT wms_dev_reader TO tool_bi_dev",
    );
    expect(await verified()).toEqual({ status: 0, findings: [], stderr: "" });
    // Prod answers for what nobody declares, and dev's people are dev's.
    expect((await get().run("verify", "prod")).status).toBe(0);
  });

  test("an end that has passed stops a deploy with the line to take out; who looks is told, and goes on", async () => {
    platform().configure("dev", { people: { anna: { reads: ["wms"], until: "2020-02-29" } } });
    const refused = await platform().run(["up", "--stack", "dev"]);
    expect({ status: refused.status, stderr: refused.stderr.replaceAll(/\s+/g, " ") }).toEqual({
      status: 1,
      stderr:
        "error: the config of stack dev has a problem; nothing was declared: " +
        "- portal-db:people.anna: until 2020-02-29 has passed; take the line out of Pulumi.dev.yaml ",
    });
    await platform().asSuperuser("ALTER ROLE person_anna_dev VALID UNTIL '2020-03-01 00:00:00+00'");
    expect(await refusalOf(platform().asApp(anna, "SELECT 1"))).toBe("28P01");
    expect(await verified()).toEqual({
      status: 2,
      findings: [
        "hand person_anna_dev: is over since 2020-02-29",
        "type take people.anna out of Pulumi.dev.yaml, and deploy",
      ],
      stderr: "",
    });
    expect((await get().run("repair", "dev", "--yes")).stdout).toMatch(/: nothing to repair; 1 more/);
  });

  test("commands on an app's schema leave whoever reads it what it had", async () => {
    platform().configure("dev", { people: PEOPLE });
    await platform().asSuperuser("ALTER ROLE person_anna_dev VALID UNTIL '2099-02-01 00:00:00+00'");
    expect((await get().run("reset", "wms", "dev", "--yes")).status).toBe(0);
    await get().query("wms", "dev", "CREATE TABLE people_anew (id int)");
    expect(await platform().asApp(anna, "SELECT id FROM people_anew")).toEqual([]);
    expect(await verified()).toEqual({ status: 0, findings: [], stderr: "" });
  });

  test("with their lines they go, and so do their secrets, while one is in", async () => {
    const client = new Client({ connectionString: anna });
    await client.connect();
    platform().configure("dev", { people: {}, tools: {}, apps: { auth: {}, wms: { reader: true } } });
    await platform().succeed("up", "--stack", "dev");
    await client.end();
    const left = await platform().asSuperuser(
      "SELECT rolname FROM pg_roles WHERE rolname ~ '^(person|tool)_'",
    );
    expect(left).toEqual([]);
    expect((await platform().run(["url", "person_anna", "dev"])).status).toBe(1);
    expect(await verified()).toEqual({ status: 0, findings: [], stderr: "" });
  });
}
