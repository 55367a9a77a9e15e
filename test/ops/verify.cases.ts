import { secretsOf } from "../helpers/aws";
import { type OpsPlatform, startOps } from "../helpers/ops-platform";
import { endOf } from "../helpers/process";
import { EPHEMERAL_MISTAKES } from "./mistakes/ephemeral";
import { EXTENSION_MISTAKES } from "./mistakes/extensions";
import { GRANT_MISTAKES } from "./mistakes/grants";
import { MEMBERSHIP_MISTAKES } from "./mistakes/memberships";
import type { Mistake } from "./mistakes/mistake";
import { OBJECT_MISTAKES } from "./mistakes/objects";
import { REACH_MISTAKES } from "./mistakes/reach";
import { RIGHT_MISTAKES } from "./mistakes/rights";
import { ROLE_MISTAKES } from "./mistakes/roles";
import { CATALOG, cellsOf, findingsOf, verify } from "./verify-command";

/** `verify`: what is declared against what the server does. */
export function verifyCases(get: () => OpsPlatform): void {
  const run = (stack: string) => verify([stack, ...get().where]);
  const snapshot = () => get().platform.asSuperuser(CATALOG);

  test.each([
    ["prod", ["auth_prod | portal_auth | 2", "wms_prod | portal_wms | 2"]],
    ["dev", ["auth_dev | portal_auth_dev | 2", "wms_dev | portal_wms_dev | 3"]],
  ])("on a fresh platform %s is as declared, and nothing is left behind", async (stack, apps) => {
    const before = await snapshot();
    const { status, stdout, stderr } = await run(stack);
    const rows = stdout.split("\n").map((line) => line.replace(/ {2,}/g, " | "));
    // Six schemas: of two apps in two environments, public, extensions.
    expect(rows.slice(2, 4)).toEqual(
      apps.map((app) =>
        expect.stringMatching(`^${app.replaceAll("|", "\\|")} \\| 6 \\| \\d+ \\| as declared$`),
      ),
    );
    expect(stdout).toMatch(
      new RegExp(`\\nstack ${stack} on the local platform: [1-9]\\d{2} cells tried, all as declared$`, "m"),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(await snapshot()).toEqual(before);
  });

  describe.each<readonly [string, readonly Mistake[]]>([
    ["roles", ROLE_MISTAKES],
    ["memberships", MEMBERSHIP_MISTAKES],
    ["rights", RIGHT_MISTAKES],
    ["grants", GRANT_MISTAKES],
    ["objects", OBJECT_MISTAKES],
    ["reaches", REACH_MISTAKES],
    ["extensions", EXTENSION_MISTAKES],
    ["ephemeral environments", EPHEMERAL_MISTAKES],
  ])("%s", (_kind, mistakes) => {
    test.each(mistakes.map((one) => [one.stack, one.what, one] as const))(
      "of %s: %s",
      async (stack, _what, { change, back, cells, findings, extensions, unseen, isUntried = false }) => {
        if (extensions !== undefined) get().platform.configure(stack, { extensions });
        await get().platform.asSuperuser(change);
        const before = await snapshot();
        const { status, stdout, stderr } = await run(stack);
        const after = await snapshot();
        await get().platform.asSuperuser(back);
        if (extensions !== undefined) get().platform.configure(stack, { extensions: [] });
        expect(findingsOf(stdout)).toEqual(findings);
        expect(cellsOf(stdout)).toEqual(cells);
        expect({ status, stderr }).toEqual({ status: 2, stderr: "" });
        expect(stdout.includes("\nnot tried: ")).toBe(isUntried);
        expect(/^not looked at: environments (.*) of stacks without a file here$/m.exec(stdout)?.[1]).toBe(
          unseen,
        );
        expect(after).toEqual(before);
      },
    );
  });

  test("what an app does in its own schema is its own affair", async () => {
    await get().query(
      "wms",
      "dev",
      `CREATE TABLE orders (id int PRIMARY KEY, note text); ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
       CREATE POLICY mine ON orders USING (true);
       CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN new; END';
       CREATE TRIGGER noted BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION noted();
       GRANT SELECT ON orders TO wms_dev_reader WITH GRANT OPTION; GRANT ALL ON orders TO portal_wms_dev;
       ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO wms_dev_reader;
       ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
       CREATE TYPE colour AS ENUM ('red'); CREATE DOMAIN short AS text CHECK (length(value) < 9); SELECT lo_create(4711);
       CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE lines (id int);
       CREATE STATISTICS doubled ON (twice(id)) FROM lines; CREATE DOMAIN fit AS int CHECK (twice(value) > 0);
       CREATE TEXT SEARCH CONFIGURATION search (COPY = simple); CREATE TYPE size AS (id int);
       CREATE FUNCTION sized(size) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE CAST (size AS int) WITH FUNCTION sized(size);
       REVOKE ALL ON lines FROM CURRENT_USER`,
    );
    const { status, stdout } = await run("dev");
    await get().query(
      "wms",
      "dev",
      `DROP TABLE orders, lines; DROP FUNCTION noted(); DROP CAST (size AS int); DROP FUNCTION sized; DROP TYPE size;
       DROP DOMAIN fit; DROP FUNCTION twice; DROP TEXT SEARCH CONFIGURATION search; DROP TYPE colour; DROP DOMAIN short; SELECT lo_unlink(4711);
       ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM wms_dev_reader;
       ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC`,
    );
    expect(stdout).toMatch(/all as declared$/);
    expect(status).toBe(0);
  });

  test.each([
    ["behind Postgres's own names", "wms_dev"],
    ["before Postgres's own names", "wms_dev, pg_catalog"],
  ])("functions, operators and tables of an app %s answer for nothing", async (_where, path) => {
    const shadowed = `
      CREATE FUNCTION has_schema_privilege(oid, oid, text) RETURNS bool LANGUAGE sql AS 'SELECT false';
      CREATE FUNCTION pg_has_role(oid, oid, text) RETURNS bool LANGUAGE sql AS 'SELECT true';
      CREATE FUNCTION current_setting(text) RETURNS text LANGUAGE sql AS 'SELECT ''[]''::text';
      CREATE FUNCTION pg_backend_pid() RETURNS int LANGUAGE sql AS 'SELECT 1/0';
      CREATE FUNCTION format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS 'SELECT null::text';
      CREATE FUNCTION never(name, name) RETURNS bool LANGUAGE sql AS 'SELECT false';
      CREATE FUNCTION never(oid, oid) RETURNS bool LANGUAGE sql AS 'SELECT false';
      CREATE OPERATOR = (LEFTARG = name, RIGHTARG = name, FUNCTION = never);
      CREATE OPERATOR <> (LEFTARG = name, RIGHTARG = name, FUNCTION = never);
      CREATE OPERATOR = (LEFTARG = oid, RIGHTARG = oid, FUNCTION = never);
      CREATE TABLE pg_roles (); CREATE TABLE pg_namespace (); CREATE TYPE text AS ENUM ('red')`;
    await get().query("wms", "dev", shadowed);
    await get().platform.asSuperuser(`ALTER ROLE portal_wms_dev SET search_path = ${path}`);
    await get().platform.asSuperuser(
      "SET ROLE portal_db_dev_admin; GRANT USAGE ON SCHEMA auth_dev TO wms_dev_owner",
    );
    const { status, stdout } = await run("dev");
    await get().platform.asSuperuser(
      `SET ROLE portal_db_dev_admin; REVOKE USAGE ON SCHEMA auth_dev FROM wms_dev_owner;
       ALTER ROLE portal_wms_dev SET search_path = wms_dev; SET ROLE wms_dev_owner;
       DROP OPERATOR wms_dev.= (name, name), wms_dev.<> (name, name), wms_dev.= (oid, oid);
       DROP ROUTINE wms_dev.has_schema_privilege, wms_dev.pg_has_role, wms_dev.current_setting, wms_dev.pg_backend_pid,
         wms_dev.format, wms_dev.never(name, name), wms_dev.never(oid, oid);
       DROP TABLE wms_dev.pg_roles, wms_dev.pg_namespace; DROP TYPE wms_dev.text`,
    );
    expect(cellsOf(stdout)).toEqual(["wms_dev_owner | auth_dev | use | no | yes"]);
    expect(findingsOf(stdout)).toEqual([
      ...(path === "wms_dev" ? [] : ["repair portal_wms_dev: every database: SET search_path"]),
      "repair wms_dev_owner: schema auth_dev: USAGE",
    ]);
    expect(status).toBe(2);
  });

  test("an app's name of an object makes up no line, and many objects are one", async () => {
    const name = `"x: SELECT\n  portal_wms: ok\u001b[2K"`;
    const tables = Array.from({ length: 6 }, (_, at) => `wms_dev.t${at}`);
    await get().query(
      "wms",
      "dev",
      `CREATE TABLE ${name} (); GRANT SELECT ON ${name} TO portal_auth_dev;
       ${tables.map((table) => `CREATE TABLE ${table} (); GRANT INSERT ON ${table} TO auth_dev_owner;`).join(" ")}`,
    );
    const { stdout } = await run("dev");
    await get().query("wms", "dev", `DROP TABLE ${name}, ${tables.join(", ")}`);
    expect(findingsOf(stdout)).toEqual([
      "repair auth_dev_owner: 6 tables of wms_dev: INSERT",
      String.raw`repair portal_auth_dev: table wms_dev."x: SELECT\u{a}  portal_wms: ok\u{1b}[2K": SELECT`,
    ]);
  });

  test.each([
    ["prod", "portal-db/admin"],
    ["dev", "portal-db/dev-admin"],
  ])("without the secret of %s's admin nothing is said of the catalogs", async (stack, SecretId) => {
    const client = secretsOf(get().platform);
    const { SecretString = "" } = await client.getSecretValue({ SecretId });
    const value = JSON.parse(SecretString) as Record<string, unknown>;
    await client.putSecretValue({ SecretId, SecretString: JSON.stringify({ ...value, password: "wrong" }) });
    const { status, stdout, stderr } = await run(stack);
    await client.putSecretValue({ SecretId, SecretString });
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout).toMatch(
      new RegExp(
        `\nnot tried: the catalogs: \\S+ refuses portal_db_(dev_)?admin: the password in the secret ${SecretId} is not`,
      ),
    );
    expect(stdout).toContain("0 differ, 1 not tried; 0 found in the catalogs");
  });

  test("names a schema that is gone, also one that everybody may use", async () => {
    await get().platform.asSuperuser("ALTER SCHEMA extensions RENAME TO elsewhere");
    const { status, stdout } = await run("dev");
    await get().platform.asSuperuser("ALTER SCHEMA elsewhere RENAME TO extensions");
    expect(status).toBe(2);
    expect(cellsOf(stdout)).toEqual([
      "PUBLIC | elsewhere | use | no | yes",
      "auth_dev_owner | extensions | use | yes | no",
      "wms_dev_owner | extensions | use | yes | no",
      "wms_dev_reader | extensions | use | yes | no",
    ]);
  });

  test("an app that cannot log in hides no other, and no password is printed", async () => {
    const url = await get().platform.url("wms", "dev");
    const password = new URL(url).password;
    await get().platform.asSuperuser("ALTER ROLE portal_wms_dev PASSWORD 'another'");
    const untried = await run("dev");
    await get().platform.asSuperuser("GRANT CREATE ON SCHEMA public TO portal_auth_dev");
    const { status, stdout, stderr } = await run("dev");
    await get().platform.asSuperuser(
      `ALTER ROLE portal_wms_dev PASSWORD '${password}'; REVOKE CREATE ON SCHEMA public FROM portal_auth_dev`,
    );
    // What could not be tried is a failure; what was seen to differ is found, whatever else failed.
    expect([untried.status, status]).toEqual([1, 2]);
    expect(untried.stdout).toContain("0 differ, 1 not tried; 0 found in the catalogs");
    expect(cellsOf(stdout)).toEqual(["portal_auth_dev | public | create | no | yes"]);
    expect(stdout).toMatch(
      /\nnot tried: wms_dev: localhost:\d+\/portal_db refuses portal_wms_dev: the password in the secret is not the server's; npm run ops -- repair dev\n/,
    );
    expect(untried.stdout + untried.stderr + stdout + stderr).not.toContain(password);
    expect((await run("dev")).status).toBe(0);
  });

  test("the command itself ends with the status, and prints the table", async () => {
    const { status, stdout, stderr } = await endOf(startOps(["verify", "dev", ...get().where]));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("all as declared");
  });

  test("a stack without a file is an error", async () => {
    const { status, stderr } = await run("pr-7");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: .*Pulumi\.pr-7\.yaml does not exist: write it/);
  });

  test("a rotated login, extensions and their objects are as declared", async () => {
    const apps = { auth: { credential: 2 }, wms: {} };
    get().platform.configure("prod", { apps, extensions: ["citext", "pgcrypto"] });
    await get().platform.succeed("up", "--stack", "prod");
    expect([(await run("prod")).status, (await run("dev")).status]).toEqual([0, 0]);
    await get().platform.asSuperuser("ALTER EXTENSION citext SET SCHEMA wms_prod; DROP EXTENSION pgcrypto");
    const { stdout } = await run("prod");
    await get().platform.asSuperuser(
      "ALTER EXTENSION citext SET SCHEMA extensions; CREATE EXTENSION pgcrypto SCHEMA extensions",
    );
    expect(findingsOf(stdout)).toEqual([
      "up portal_db_admin: extension pgcrypto of database portal_db: is not there",
      "hand portal_db_admin: extension citext: is in wms_prod",
      'type ALTER EXTENSION "citext" SET SCHEMA "extensions";',
    ]);
  });
}
