import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "pg";
import { secretsOf } from "../helpers/aws";
import type { OpsPlatform } from "../helpers/ops-platform";
import { tooWide, unfolded } from "../helpers/printed";
import { refusalOf } from "../helpers/query";
import { cellsOf, findingsOf, verify } from "./verify-command";

/** An app whose migrations have a login of their own: what people do with it. */
export function migratorCases(get: () => OpsPlatform): void {
  const platform = () => get().platform;
  const run = (...args: readonly string[]) => get().run(...args);
  const urlIn = (text: string, name: string) => new RegExp(`^${name}="(.*)"$`, "m").exec(text)?.[1] ?? "";
  const direct = async () => urlIn((await run("env", "wms", "dev")).stdout, "DIRECT_URL");
  const inFile = (name: string) => resolve(platform().dir, name);

  const deploy = (wms: object) => {
    platform().configure("dev", { apps: { auth: {}, wms: { reader: true, ...wms } }, environments: ["dev"] });
    return platform().succeed("up", "--stack", "dev");
  };

  beforeAll(async () => {
    await deploy({ migrator: true });
    await run("reset", "wms", "dev", "--yes");
    await platform().asApp(
      await direct(),
      `CREATE TABLE orders (id serial PRIMARY KEY, note text); INSERT INTO orders (note) VALUES ('a'), ('b');
       CREATE MATERIALIZED VIEW sums AS SELECT count(*)::int AS n FROM orders`,
    );
  });

  afterAll(() => deploy({}));

  test("verify logs in as the app and as its migrations, and finds both as declared", async () => {
    const { status, stdout, stderr } = await verify(["dev", ...get().where]);
    const rows = stdout.split("\n").map((line) => line.replace(/ {2,}/g, " | "));
    expect(rows.slice(2, 5)).toEqual(
      [
        "auth_dev | portal_auth_dev | 2",
        "wms_dev | portal_wms_dev | 5",
        "wms_dev | portal_wms_dev_migrator | 5",
      ].map((app) => expect.stringMatching(`^${app.replaceAll("|", "\\|")} \\| 6 \\| \\d+ \\| as declared$`)),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test.each<
    readonly [
      what: string,
      change: string,
      back: string,
      cells: readonly string[],
      findings: readonly string[],
    ]
  >([
    [
      "the app may act as its owner",
      "SET ROLE portal_db_dev_admin; GRANT wms_dev_owner TO portal_wms_dev WITH INHERIT FALSE",
      "SET ROLE portal_db_dev_admin; REVOKE wms_dev_owner FROM portal_wms_dev",
      ["portal_wms_dev | wms_dev_owner | act as | no | yes"],
      ["repair portal_wms_dev: wms_dev_owner: member (set)"],
    ],
    [
      "the runtime may make tables",
      "GRANT CREATE ON SCHEMA wms_dev TO wms_dev_runtime",
      "REVOKE CREATE ON SCHEMA wms_dev FROM wms_dev_runtime",
      // The table that it makes to try it is its own, and nobody else reads it.
      [
        "wms_dev_owner | wms_dev | own | yes | no",
        "wms_dev_owner | wms_dev | own | yes | partly",
        "wms_dev_owner | wms_dev | read | yes | partly",
        "wms_dev_owner | wms_dev | write | yes | partly",
        "wms_dev_reader | wms_dev | read | yes | partly",
        "wms_dev_runtime | wms_dev | create | no | yes",
        "wms_dev_runtime | wms_dev | own | no | partly",
      ],
      ["up wms_dev_runtime: schema wms_dev: CREATE"],
    ],
    [
      "later functions are not the runtime's",
      "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev REVOKE EXECUTE ON FUNCTIONS FROM wms_dev_runtime",
      "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev GRANT EXECUTE ON FUNCTIONS TO wms_dev_runtime",
      [],
      ["up wms_dev_runtime: later functions of wms_dev_owner in wms_dev: no EXECUTE"],
    ],
    [
      "one of two tables is not the runtime's",
      "CREATE TABLE wms_dev.hidden (); ALTER TABLE wms_dev.hidden OWNER TO wms_dev_owner; REVOKE ALL ON wms_dev.hidden FROM wms_dev_runtime",
      "DROP TABLE wms_dev.hidden",
      [
        "wms_dev_reader | wms_dev | read | yes | partly",
        "wms_dev_runtime | wms_dev | read | yes | partly",
        "wms_dev_runtime | wms_dev | write | yes | partly",
      ],
      [
        "repair wms_dev_reader: table wms_dev.hidden: no SELECT",
        "hand wms_dev_runtime: table wms_dev.hidden: no SELECT, INSERT, UPDATE, DELETE",
        'type GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE wms_dev."hidden" TO wms_dev_runtime; -- as wms_dev_owner, unless a migration took it',
      ],
    ],
    [
      "the runtime cannot use a sequence and a function, and what a migration left it is no finding",
      `SET ROLE wms_dev_owner; CREATE SEQUENCE wms_dev.hush; CREATE FUNCTION wms_dev.quiet(int) RETURNS int LANGUAGE sql RETURN 1;
       CREATE SEQUENCE wms_dev.seen; CREATE TABLE wms_dev.journal (line text); CREATE TABLE wms_dev.masked (id int, secret text);
       REVOKE ALL ON wms_dev.hush FROM wms_dev_runtime; REVOKE EXECUTE ON FUNCTION wms_dev.quiet FROM PUBLIC, wms_dev_runtime;
       REVOKE USAGE ON wms_dev.seen FROM wms_dev_runtime;
       REVOKE INSERT, UPDATE, DELETE ON wms_dev.journal FROM wms_dev_runtime;
       REVOKE ALL ON wms_dev.masked FROM wms_dev_runtime; GRANT SELECT (id) ON wms_dev.masked TO wms_dev_runtime`,
      "DROP SEQUENCE wms_dev.hush, wms_dev.seen; DROP FUNCTION wms_dev.quiet; DROP TABLE wms_dev.journal, wms_dev.masked",
      ["wms_dev_runtime | wms_dev | read | yes | partly", "wms_dev_runtime | wms_dev | write | yes | partly"],
      [
        "hand wms_dev_runtime: routine wms_dev.quiet(integer): no EXECUTE",
        'type GRANT EXECUTE ON ROUTINE wms_dev."quiet"(integer) TO wms_dev_runtime; -- as wms_dev_owner, unless a migration took it',
        "hand wms_dev_runtime: sequence wms_dev.hush: no USAGE, SELECT",
        'type GRANT USAGE, SELECT ON SEQUENCE wms_dev."hush" TO wms_dev_runtime; -- as wms_dev_owner, unless a migration took it',
      ],
    ],
    [
      "the app acts as its owner",
      "ALTER ROLE portal_wms_dev SET role TO wms_dev_owner; SET ROLE portal_db_dev_admin; GRANT wms_dev_owner TO portal_wms_dev WITH INHERIT FALSE",
      "ALTER ROLE portal_wms_dev SET role TO wms_dev_runtime; SET ROLE portal_db_dev_admin; REVOKE wms_dev_owner FROM portal_wms_dev",
      [
        "portal_wms_dev | wms_dev_owner | act as | no | yes",
        "portal_wms_dev | wms_dev_runtime | assume | yes | no",
      ],
      [
        "repair portal_wms_dev: every database: SET role",
        "repair portal_wms_dev: wms_dev_owner: member (set)",
      ],
    ],
  ])("verify names it that %s", async (_what, change, back, cells, findings) => {
    await platform().asSuperuser(change);
    const { status, stdout, stderr } = await verify(["dev", ...get().where]);
    await platform().asSuperuser(back);
    expect(stderr).toBe("");
    expect({ status, cells: cellsOf(stdout), findings: findingsOf(stdout) }).toEqual({
      status: 2,
      cells,
      findings,
    });
  });

  test("repair sets the password of the login for migrations that somebody changed", async () => {
    await platform().asSuperuser("ALTER ROLE portal_wms_dev_migrator PASSWORD 'other'");
    const { status, stdout } = await run("repair", "dev", "--yes");
    expect(stdout).toMatch(/\n {2}ALTER ROLE portal_wms_dev_migrator PASSWORD '…';\n1 of 1 repaired/);
    expect(status).toBe(0);
    expect(await platform().asApp(await direct(), "SELECT current_user AS acts")).toEqual([
      { acts: "wms_dev_owner" },
    ]);
  });

  test("verify and repair go on while migrations hold all of their connections", async () => {
    const connectionString = await direct();
    const sessions: Client[] = [];
    const one = async () => {
      const client = new Client({ connectionString });
      await client.connect();
      sessions.push(client);
    };
    let refused: string | undefined;
    while (refused === undefined) refused = await refusalOf(one());
    const verified = await verify(["dev", ...get().where]);
    const repaired = await run("repair", "dev", "--yes");
    await Promise.all(sessions.map((client) => client.end()));
    expect([refused, sessions.length]).toEqual(["53300", 3]);
    expect({ ...verified, stdout: findingsOf(verified.stdout) }).toEqual({
      ...{ status: 0, stdout: [], stderr: "" },
    });
    expect([repaired.status, repaired.stderr]).toEqual([0, ""]);
  });

  test("env puts both URLs into a file, and local url prints either", async () => {
    const file = inFile(".env.both");
    writeFileSync(file, 'DIRECT_URL="old"\nKEPT=1\n');
    const { status, stderr } = await run("env", "wms", "dev", "--write", file);
    expect(tooWide(stderr)).toEqual([]);
    expect({ status, stderr: unfolded(stderr).split("\n")[0] }).toEqual({
      status: 0,
      stderr: `DATABASE_URL and DIRECT_URL of wms_dev on the local platform are in ${file}`,
    });
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(/^DIRECT_URL=".*"\nKEPT=1\nDATABASE_URL=".*"\n$/);
    const user = (name: string) => new URL(urlIn(text, name)).username;
    expect([user("DATABASE_URL"), user("DIRECT_URL")]).toEqual(["portal_wms_dev", "portal_wms_dev_migrator"]);
    expect(await platform().succeed("url", "wms", "dev", "--direct")).toBe(`${urlIn(text, "DIRECT_URL")}\n`);
    expect(await platform().succeed("url", "wms", "dev")).toBe(`${urlIn(text, "DATABASE_URL")}\n`);
    expect((await platform().run(["url", "auth", "dev", "--direct"])).stderr).toMatch(
      /^error: the migrations of auth in dev have no login of their own \(migrator: true\): leave --direct out\n/,
    );
  });

  test("snapshot, purge, restore and reset work as what owns the tables", async () => {
    const [dump, purge] = [inFile("wms.dump"), inFile("purge.sql")];
    writeFileSync(purge, "DELETE FROM orders WHERE note = 'a';\n");
    const as = "(localhost:\\d+/portal_db, as portal_wms_dev_migrator)".replace(/[()]/g, "\\$&");
    const said = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await run(...args);
      return { status, stderr, isMigrator: new RegExp(as).test(stdout) };
    };
    const done = { status: 0, stderr: "", isMigrator: true };
    expect(await said("snapshot", "wms", "dev", "-o", dump)).toEqual(done);
    expect(await said("purge", "wms", "dev", "--file", purge, "--yes")).toEqual(done);
    const sums = async () => platform().asApp(await platform().url("wms", "dev"), "SELECT n FROM sums");
    expect(await sums()).toEqual([{ n: 1 }]);
    expect(await said("restore", dump, "wms", "dev", "--yes")).toEqual(done);
    // What was restored is the runtime's to work with, as what a migration makes.
    expect(await sums()).toEqual([{ n: 2 }]);
    await platform().asApp(
      await direct(),
      "ALTER DEFAULT PRIVILEGES IN SCHEMA wms_dev REVOKE INSERT ON TABLES FROM wms_dev_runtime",
    );
    const reset = await run("reset", "wms", "dev", "--yes");
    expect(reset.stdout).toMatch(
      /\nDefault privileges: gave DELETE, INSERT, SELECT, UPDATE on tables to wms_dev_runtime\n/,
    );
    await platform().asApp(await direct(), "CREATE TABLE orders (id int)");
    expect(
      await refusalOf(platform().asApp(await platform().url("wms", "dev"), "INSERT INTO orders VALUES (1)")),
    ).toBe(undefined);
  });

  test("restore says before it replaces anything which rights were taken away, and come back with it", async () => {
    const dump = inFile("narrowed.dump");
    await platform().asApp(
      await direct(),
      `CREATE TABLE journal (id serial); CREATE TABLE hush (id int); CREATE FUNCTION quiet(int) RETURNS int LANGUAGE sql RETURN 1;
       REVOKE DELETE, UPDATE ON journal FROM wms_dev_runtime; REVOKE ALL ON hush FROM wms_dev_reader;
       REVOKE EXECUTE ON FUNCTION quiet FROM PUBLIC`,
    );
    expect((await run("snapshot", "wms", "dev", "-o", dump)).status).toBe(0);
    const narrowed = [
      "  REVOKE EXECUTE ON ROUTINE wms_dev.quiet(integer) FROM PUBLIC;",
      "  REVOKE SELECT ON TABLE wms_dev.hush FROM wms_dev_reader;",
      "  REVOKE DELETE, UPDATE ON TABLE wms_dev.journal FROM wms_dev_runtime;",
    ];
    const revoked = (stdout: string) => stdout.split("\n").filter((line) => line.startsWith("  REVOKE "));
    const { status, stdout } = await run("restore", dump, "wms", "dev", "--yes");
    expect([status, revoked(stdout)]).toEqual([0, narrowed]);
    expect(stdout).toContain(
      "These rights were taken away, and what is restored has them again; after it, type:\n  REVOKE",
    );
    const mayUpdate = async () =>
      platform().asSuperuser(
        "SELECT has_table_privilege('wms_dev_runtime', 'wms_dev.journal', 'UPDATE') AS may",
      );
    expect(await mayUpdate()).toEqual([{ may: true }]);
    // They are again, and nothing is said of it; what is typed takes them away.
    expect(revoked((await run("restore", dump, "wms", "dev", "--yes")).stdout)).toEqual([]);
    await platform().asApp(await direct(), narrowed.join(""));
    expect(await mayUpdate()).toEqual([{ may: false }]);
    await run("reset", "wms", "dev", "--yes");
  });

  test("whoever may not read the secret of the migrations is told so", async () => {
    const secrets = secretsOf(platform());
    await secrets.deleteSecret({ SecretId: "portal-db/dev/wms/migrator", RecoveryWindowInDays: 7 });
    const env = await run("env", "wms", "dev");
    expect({
      status: env.status,
      names: [...env.stdout.matchAll(/^(\w+)=/gm)].map(([, name]) => name),
    }).toEqual({
      status: 0,
      names: ["DATABASE_URL"],
    });
    expect(env.stderr).toMatch(
      /^DIRECT_URL is left out: the secret portal-db\/dev\/wms\/migrator cannot be read/,
    );
    const { status, stderr } = await run("reset", "wms", "dev", "--yes");
    await secrets.restoreSecret({ SecretId: "portal-db/dev/wms/migrator" });
    expect(stderr.replace(/\s+/g, " ")).toMatch(
      /^error: portal_wms_dev may change no table, only migrations may: the secret portal-db\/dev\/wms\/migrator cannot be read/,
    );
    expect(status).toBe(1);
  });
}
