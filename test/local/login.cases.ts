import { refusalOf } from "../helpers/query";
import { type DeployedPlatform, LOGINS } from "./deployed-platform";

/** What an app's login may do, and what its secret holds. */
export function loginCases(get: () => DeployedPlatform): void {
  test.each(LOGINS)("%s in %s works in its own schema, and nowhere else", async (app, environment) => {
    const url = get().urlOf(app, environment);
    const own = `${app}_${environment}`;
    const [made] = await get()
      .platform.asApp(url, "CREATE TABLE kept (id serial PRIMARY KEY); INSERT INTO kept DEFAULT VALUES")
      .then(() =>
        get().platform.asApp(
          url,
          "SELECT schemaname, tableowner FROM pg_tables WHERE tablename = 'kept' AND schemaname = current_schema",
        ),
      );
    expect(made).toEqual({ schemaname: own, tableowner: `${own}_owner` });

    const denied = (sql: string) => refusalOf(get().platform.asApp(url, sql));
    expect(await denied("CREATE TABLE public.no (id int)")).toBe("42501");
    expect(await denied(`DROP SCHEMA ${own} CASCADE`)).toBe("42501");
    expect(await denied("CREATE SCHEMA no")).toBe("42501");
    expect(await denied("CREATE ROLE no")).toBe("42501");
    expect(await denied("CREATE DATABASE no")).toBe("42501");
    for (const role of ["ecomos_admin", "portal_db_admin", "portal_db_dev_admin", "portal_db_owner"])
      expect(await denied(`SET ROLE ${role}`)).toBe("42501");
    for (const [otherApp, otherEnvironment] of LOGINS) {
      const other = `${otherApp}_${otherEnvironment}`;
      if (other === own) continue;
      expect(await denied(`CREATE TABLE ${other}.no (id int)`)).toBe("42501");
      expect(await denied(`SELECT * FROM ${other}.kept`)).toMatch(/42501|42P01/);
      expect(await denied(`SET ROLE ${other}_owner`)).toBe("42501");
    }
    await get().platform.asApp(url, "DROP TABLE kept");
  });

  test.each(LOGINS)(
    "%s in %s is nobody after SET ROLE NONE: it makes, reads and owns nothing",
    async (app, environment) => {
      const url = get().urlOf(app, environment);
      const own = `${app}_${environment}`;
      await get().platform.asApp(url, "CREATE TABLE kept (id int)");
      const asItself = (sql: string) => get().platform.asApp(url, `SET ROLE NONE; ${sql}`);
      expect(await asItself("SELECT 1 AS one").then(() => "connected")).toBe("connected");
      const schemas = [...LOGINS.map(([a, e]) => `${a}_${e}`), "extensions", "public"];
      const refused = [
        ...schemas.flatMap((schema) => [
          `CREATE TABLE ${schema}.no (id int)`,
          `CREATE TYPE ${schema}.no AS (id int)`,
          `CREATE FUNCTION ${schema}.no() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'`,
        ]),
        "CREATE TEMPORARY TABLE no (id int)",
        "CREATE SCHEMA no",
        "CREATE ROLE no",
        `SELECT FROM ${own}.kept`,
        `DROP TABLE ${own}.kept`,
        `ALTER TABLE ${own}.kept OWNER TO SESSION_USER`,
      ];
      for (const sql of refused) expect([sql, await refusalOf(asItself(sql))]).toEqual([sql, "42501"]);
      // Nor is it given anything by its owner: to make it an owner takes a right of its own in the schema.
      expect(await refusalOf(get().platform.asApp(url, "ALTER TABLE kept OWNER TO SESSION_USER"))).toBe(
        "42501",
      );
      await get().platform.asApp(url, "DROP TABLE kept");
    },
  );

  test("what a second login of the same app makes belongs to the owner, too", async () => {
    await get().platform.asSuperuser(
      `CREATE ROLE second LOGIN NOINHERIT PASSWORD 'second' IN ROLE wms_dev_owner;
       GRANT CONNECT ON DATABASE portal_db TO second;
       ALTER ROLE second SET ROLE TO wms_dev_owner; ALTER ROLE second SET search_path TO wms_dev`,
    );
    const second = new URL(get().urlOf("wms", "dev"));
    second.username = "second";
    second.password = "second";
    await get().platform.asApp(String(second), "CREATE TABLE theirs (id int)");
    await get().platform.asApp(
      get().urlOf("wms", "dev"),
      "ALTER TABLE theirs ADD COLUMN note text; DROP TABLE theirs",
    );
    await get().platform.asSuperuser("DROP OWNED BY second; DROP ROLE second");
  });

  test("a reader reads tables from before and after it was asked for, and writes none", async () => {
    const url = get().urlOf("wms", "dev");
    await get().platform.asApp(url, "CREATE TABLE early (id int)");
    get().platform.configure("dev", { apps: { auth: {}, wms: { reader: true } } });
    await get().platform.succeed("up", "--stack", "dev");
    await get().platform.asApp(url, "CREATE TABLE late (id int)");
    await get().platform.asSuperuser(
      `CREATE ROLE person LOGIN PASSWORD 'person' IN ROLE wms_dev_reader;
       GRANT CONNECT ON DATABASE portal_db TO person`,
    );
    const person = new URL(url);
    person.username = "person";
    person.password = "person";
    for (const name of ["early", "late"]) {
      expect(await get().platform.asApp(String(person), `SELECT * FROM wms_dev.${name}`)).toEqual([]);
      expect(
        await refusalOf(get().platform.asApp(String(person), `INSERT INTO wms_dev.${name} VALUES (1)`)),
      ).toBe("42501");
    }
    expect(await refusalOf(get().platform.asApp(String(person), "CREATE TABLE wms_dev.no (id int)"))).toBe(
      "42501",
    );
    await get().platform.asSuperuser("DROP OWNED BY person; DROP ROLE person");
  });

  test("a secret holds the standard keys, and the URL that they make", async () => {
    const value = await get().secret("portal-db/dev/wms");
    const password = String(value.password);
    expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(value).toEqual({
      DATABASE_URL: `postgresql://portal_wms_dev:${password}@localhost:${get().platform.port}/portal_db?schema=wms_dev&sslmode=disable`,
      engine: "postgres",
      host: "localhost",
      port: get().platform.port,
      dbname: "portal_db",
      username: "portal_wms_dev",
      password,
      schema: "wms_dev",
    });
    expect(await get().platform.url("wms", "dev")).toBe(value.DATABASE_URL);
  });
}
