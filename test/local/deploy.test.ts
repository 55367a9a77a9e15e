import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { TestPlatform } from "./platform";
import { refusalOf } from "./query";

jest.setTimeout(180_000);

const LOGINS = [
  ["auth", "prod"],
  ["wms", "prod"],
  ["auth", "dev"],
  ["wms", "dev"],
  ["auth", "ci"],
  ["wms", "ci"],
] as const;

let platform: TestPlatform;
let firstRun: string;
const urls = new Map<string, string>();
const urlOf = (app: string, environment: string): string => urls.get(`${app}_${environment}`) ?? "";
const secrets = (): SecretsManager => {
  const { aws } = JSON.parse(readFileSync(platform.places.platformFile, "utf8")) as {
    aws: { endpoint: string; region: string };
  };
  return new SecretsManager({ ...aws, credentials: { accessKeyId: "x", secretAccessKey: "x" } });
};

beforeAll(async () => {
  platform = await TestPlatform.make();
  firstRun = await platform.succeed("up");
  for (const [app, environment] of LOGINS) {
    const { SecretString } = await secrets().getSecretValue({ SecretId: `portal-db/${environment}/${app}` });
    urls.set(`${app}_${environment}`, String(JSON.parse(SecretString ?? "{}").DATABASE_URL));
  }
});

afterAll(() => platform.remove());

test("a run ends with a row an app and environment, and says what it only recorded", () => {
  for (const [app, environment] of LOGINS) {
    const login = environment === "prod" ? `portal_${app}` : `portal_${app}_${environment}`;
    const row = [app, environment, `${app}_${environment}`, login, `portal-db/${environment}/${app}`];
    expect(firstRun).toMatch(new RegExp(row.join(" +")));
  }
  expect(firstRun).toContain("Only recorded, no server plays them: aws:cloudwatch/metricAlarm:MetricAlarm");
});

test("a second run says that nothing changed", async () => {
  const again = await platform.succeed("up");
  expect(again).toMatch(/^prod: no changes, \d+ unchanged$/m);
  expect(again).toMatch(/^dev: no changes, \d+ unchanged$/m);
  expect(await platform.plan()).toEqual([]);
});

test("the admin is as limited as the master user of RDS", async () => {
  const [admin] = await platform.asSuperuser(
    `SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication,
       (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'portal_db') AS owner
     FROM pg_roles WHERE rolname = 'ecomos_admin'`,
  );
  expect(admin).toEqual({
    rolsuper: false,
    rolcreaterole: true,
    rolcreatedb: true,
    rolbypassrls: false,
    rolreplication: false,
    owner: "ecomos_admin",
  });
});

test.each(LOGINS)("%s in %s works in its own schema, and nowhere else", async (app, environment) => {
  const url = urlOf(app, environment);
  const own = `${app}_${environment}`;
  const [made] = await platform
    .asApp(url, "CREATE TABLE kept (id serial PRIMARY KEY); INSERT INTO kept DEFAULT VALUES")
    .then(() =>
      platform.asApp(
        url,
        "SELECT schemaname, tableowner FROM pg_tables WHERE tablename = 'kept' AND schemaname = current_schema",
      ),
    );
  expect(made).toEqual({ schemaname: own, tableowner: `${own}_owner` });

  const denied = (sql: string) => refusalOf(platform.asApp(url, sql));
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
  await platform.asApp(url, "DROP TABLE kept");
});

test("what a second login of the same app makes belongs to the owner, too", async () => {
  await platform.asSuperuser(
    `CREATE ROLE second LOGIN PASSWORD 'second' IN ROLE wms_dev_owner, portal_db_connect;
     ALTER ROLE second SET ROLE TO wms_dev_owner; ALTER ROLE second SET search_path TO wms_dev`,
  );
  const second = new URL(urlOf("wms", "dev"));
  second.username = "second";
  second.password = "second";
  await platform.asApp(String(second), "CREATE TABLE theirs (id int)");
  await platform.asApp(urlOf("wms", "dev"), "ALTER TABLE theirs ADD COLUMN note text; DROP TABLE theirs");
  await platform.asSuperuser("DROP ROLE second");
});

test("a reader reads tables from before and after it was asked for, and writes none", async () => {
  const url = urlOf("wms", "dev");
  await platform.asApp(url, "CREATE TABLE early (id int)");
  platform.configure("dev", { apps: { auth: {}, wms: { reader: true } } });
  await platform.succeed("up", "--stack", "dev");
  await platform.asApp(url, "CREATE TABLE late (id int)");
  await platform.asSuperuser(
    "CREATE ROLE person LOGIN PASSWORD 'person' IN ROLE wms_dev_reader, portal_db_connect",
  );
  const person = new URL(url);
  person.username = "person";
  person.password = "person";
  for (const name of ["early", "late"]) {
    expect(await platform.asApp(String(person), `SELECT * FROM wms_dev.${name}`)).toEqual([]);
    expect(await refusalOf(platform.asApp(String(person), `INSERT INTO wms_dev.${name} VALUES (1)`))).toBe(
      "42501",
    );
  }
  expect(await refusalOf(platform.asApp(String(person), "CREATE TABLE wms_dev.no (id int)"))).toBe("42501");
  await platform.asSuperuser("DROP ROLE person");
});

test("a secret holds the standard keys, and the URL that they make", async () => {
  const { SecretString } = await secrets().getSecretValue({ SecretId: "portal-db/dev/wms" });
  const value = JSON.parse(SecretString ?? "{}") as Record<string, unknown>;
  const password = String(value.password);
  expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(value).toEqual({
    DATABASE_URL: `postgresql://portal_wms_dev:${password}@localhost:${platform.port}/portal_db?schema=wms_dev&sslmode=disable`,
    engine: "postgres",
    host: "localhost",
    port: platform.port,
    dbname: "portal_db",
    username: "portal_wms_dev",
    password,
    schema: "wms_dev",
  });
  expect(await platform.url("wms", "dev")).toBe(value.DATABASE_URL);
});

test("an app's line makes exactly its resources, and without the line they are gone", async () => {
  platform.configure("dev", {
    apps: { auth: {}, wms: { reader: true }, fcc: {} },
    environments: ["dev", "ci"],
  });
  const added = await platform.plan();
  expect(new Set(added.map(({ op }) => op))).toEqual(new Set(["create"]));
  expect(
    added
      .map(({ type, name }) => `${type}::${name}`)
      .filter((id) => id.includes("fcc-dev"))
      .sort(),
  ).toEqual([
    "aws:iam/policy:Policy::fcc-dev-secret-read",
    "aws:secretsmanager/secret:Secret::fcc-dev-secret",
    "aws:secretsmanager/secretVersion:SecretVersion::fcc-dev-secret-value",
    "portal-db:index:AppSchema::fcc-dev",
    "postgresql:index/grant:Grant::fcc-dev-owner-schema",
    "postgresql:index/role:Role::fcc-dev-login",
    "postgresql:index/role:Role::fcc-dev-owner",
    "postgresql:index/schema:Schema::fcc-dev-schema",
    "random:index/randomPassword:RandomPassword::fcc-dev-password",
  ]);
  expect(added).toHaveLength(18);
  expect(await platform.succeed("up", "--stack", "dev")).toMatch(/^dev: \+ 18 created, \d+ unchanged$/m);
  platform.configure("dev", { apps: { auth: {}, wms: { reader: true } } });
  expect(await platform.succeed("up", "--stack", "dev")).toMatch(/^dev: - 18 deleted, \d+ unchanged$/m);
  expect(await platform.asSuperuser("SELECT rolname FROM pg_roles WHERE rolname ~ 'fcc'")).toEqual([]);
  expect(await platform.asSuperuser("SELECT nspname FROM pg_namespace WHERE nspname ~ 'fcc'")).toEqual([]);
  const { SecretList } = await secrets().listSecrets({});
  expect(SecretList?.map(({ Name }) => Name).filter((name) => name?.includes("fcc"))).toEqual([]);
});

test("a protected resource is not deleted by taking its line away", async () => {
  platform.configure("prod", { apps: { wms: {} } });
  const { status, stderr } = await platform.run(["up", "--stack", "prod"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error: resource ".*auth-prod.*" cannot be deleted because it is protected: .*\n$/);
  platform.configure("prod", { apps: { auth: {}, wms: {} } });
  expect(await platform.succeed("up", "--stack", "prod")).toMatch(/^prod: no changes/m);
});

test("a next credential makes the app's login anew, and the old password opens nothing", async () => {
  const before = urlOf("auth", "ci");
  platform.configure("dev", { apps: { auth: { credential: 3 }, wms: { reader: true } } });
  await platform.succeed("up", "--stack", "dev");
  const after = await platform.url("auth", "ci");
  expect(after).not.toBe(before);
  expect(await refusalOf(platform.asApp(before, "SELECT 1"))).toMatch(/28P01|28000/);
  expect(await platform.asApp(after, "SELECT current_schema AS schema")).toEqual([{ schema: "auth_ci" }]);
  urls.set("auth_ci", after);
  urls.set("auth_dev", await platform.url("auth", "dev"));
});

test("state files and the superuser's password are readable by their owner alone", () => {
  for (const name of ["prod.json", "dev.json", "superuser"]) {
    expect(statSync(resolve(platform.places.stateDir, name)).mode & 0o077).toBe(0);
  }
});

test("destroy leaves no role, schema or secret, and no password was ever printed", async () => {
  const passwords = [...urls.values()].map((url) => new URL(url).password);
  const endpoint = secrets();
  // The engine's part alone, so that the servers can still be asked.
  await platform.asApp(urlOf("wms", "prod"), "CREATE TABLE in_the_way (id int)");
  await platform.succeed("destroy", "--stack", "dev");
  await platform.succeed("destroy", "--stack", "prod");
  expect(
    await platform.asSuperuser("SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg_|rdsadmin)'", "postgres"),
  ).toEqual([]);
  expect(
    await platform.asSuperuser("SELECT datname FROM pg_database WHERE datname = 'portal_db'", "postgres"),
  ).toEqual([]);
  expect((await endpoint.listSecrets({ IncludePlannedDeletion: true })).SecretList).toEqual([]);
  expect(await platform.succeed("destroy")).toContain("Nothing is left");
  expect(existsSync(platform.places.stateDir)).toBe(false);
  expect(existsSync(platform.places.clusterDir)).toBe(false);
  expect(passwords).toHaveLength(6);
  for (const password of passwords) expect(platform.printed).not.toContain(password);
});
