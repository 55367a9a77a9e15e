import { secretsOf } from "../helpers/aws";
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
    expect(await denied("SET ROLE ecomos_admin")).toBe("42501");
    for (const [otherApp, otherEnvironment] of LOGINS) {
      const other = `${otherApp}_${otherEnvironment}`;
      if (other === own) continue;
      expect(await denied(`CREATE TABLE ${other}.no (id int)`)).toBe("42501");
      expect(await denied(`SELECT * FROM ${other}.kept`)).toMatch(/42501|42P01/);
      expect(await denied(`SET ROLE ${other}_owner`)).toBe("42501");
    }
    await get().platform.asApp(url, "DROP TABLE kept");
  });

  test("what a second login of the same app makes belongs to the owner, too", async () => {
    await get().platform.asSuperuser(
      `CREATE ROLE second LOGIN PASSWORD 'second' IN ROLE wms_dev_owner, portal_db_connect;
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
    await get().platform.asSuperuser("DROP ROLE second");
  });

  test("a reader reads tables from before and after it was asked for, and writes none", async () => {
    const url = get().urlOf("wms", "dev");
    await get().platform.asApp(url, "CREATE TABLE early (id int)");
    get().platform.configure("dev", { apps: { auth: {}, wms: { reader: true } } });
    await get().platform.succeed("up", "--stack", "dev");
    await get().platform.asApp(url, "CREATE TABLE late (id int)");
    await get().platform.asSuperuser(
      "CREATE ROLE person LOGIN PASSWORD 'person' IN ROLE wms_dev_reader, portal_db_connect",
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
    await get().platform.asSuperuser("DROP ROLE person");
  });

  test("a secret holds the standard keys, and the URL that they make", async () => {
    const { SecretString } = await secretsOf(get().platform).getSecretValue({
      SecretId: "portal-db/dev/wms",
    });
    const value = JSON.parse(SecretString ?? "{}") as Record<string, unknown>;
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
