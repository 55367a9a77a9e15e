import { secretsOf } from "../helpers/aws";
import { tooWide } from "../helpers/printed";
import { refusalOf } from "../helpers/query";
import type { DeployedPlatform } from "./deployed-platform";

/** What a change in a stack's file does to the servers. */
export function settingsCases(get: () => DeployedPlatform): void {
  test("an app's line makes exactly its resources, and without the line they are gone", async () => {
    get().platform.configure("dev", {
      apps: { auth: {}, wms: { reader: true }, fcc: {} },
      environments: ["dev", "ci"],
    });
    const added = await get().platform.plan();
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
      "postgresql:index/grant:Grant::fcc-dev-login-connect",
      "postgresql:index/grant:Grant::fcc-dev-owner-schema",
      "postgresql:index/role:Role::fcc-dev-login",
      "postgresql:index/role:Role::fcc-dev-owner",
      "postgresql:index/schema:Schema::fcc-dev-schema",
      "random:index/randomPassword:RandomPassword::fcc-dev-password",
    ]);
    expect(added).toHaveLength(20);
    const planned = await get().platform.succeed("preview", "--stack", "dev");
    expect(planned).toMatch(/^Previewing dev:\n {1}\+ {2}portal-db:index:AppSchema fcc-/);
    expect(tooWide(planned)).toEqual([]);
    const output = await get().platform.succeed("up", "--stack", "dev");
    expect(output).toMatch(/^dev: \+ 20 created, \d+ unchanged$/m);
    // What a later run changes is listed, as the plan had it.
    const [, changes = ""] = /^Changes of dev:\n(.*?)\nstack dev /ms.exec(output) ?? [];
    const listed = changes.replaceAll("\n      ", " ").split("\n");
    expect(listed.sort()).toEqual(added.map(({ type, name }) => ` +  ${type} ${name} create`).sort());
    expect(tooWide(output)).toEqual([]);
    get().platform.configure("dev", { apps: { auth: {}, wms: { reader: true } } });
    expect(await get().platform.succeed("up", "--stack", "dev")).toMatch(
      /^dev: - 20 deleted, \d+ unchanged$/m,
    );
    expect(await get().platform.asSuperuser("SELECT rolname FROM pg_roles WHERE rolname ~ 'fcc'")).toEqual(
      [],
    );
    expect(
      await get().platform.asSuperuser("SELECT nspname FROM pg_namespace WHERE nspname ~ 'fcc'"),
    ).toEqual([]);
    const { SecretList } = await secretsOf(get().platform).listSecrets({});
    expect(SecretList?.map(({ Name }) => Name).filter((name) => name?.includes("fcc"))).toEqual([]);
  });

  test("a reader that comes late reads what is there, and goes without a trace when it is not wanted any more", async () => {
    const configure = (reader: boolean) =>
      get().platform.configure("dev", { apps: { auth: { reader }, wms: { reader: true } } });
    const url = await get().platform.url("auth", "dev");
    await get().platform.asApp(url, "CREATE TABLE early (id serial PRIMARY KEY)");
    configure(true);
    await get().platform.succeed("up", "--stack", "dev");
    await get().platform.asApp(url, "CREATE TABLE late (id int GENERATED ALWAYS AS IDENTITY)");
    const readable = await get().platform.asSuperuser(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'auth_dev'::regnamespace AND relkind IN ('r', 'S')
       AND (has_table_privilege('auth_dev_reader', oid, 'SELECT')) ORDER BY 1`,
    );
    expect(readable.map(({ name }) => name)).toEqual(["early", "early_id_seq", "late", "late_id_seq"]);
    configure(false);
    expect(await get().platform.succeed("up", "--stack", "dev")).toMatch(
      /^dev: - 12 deleted, \d+ unchanged$/m,
    );
    expect(
      await get().platform.asSuperuser("SELECT FROM pg_roles WHERE rolname ~ 'auth_(dev|ci)_reader'"),
    ).toEqual([]);
    await get().platform.asApp(url, "DROP TABLE early, late");
  });

  test("what is protected is not deleted by taking its line away, and all of it is named at once", async () => {
    get().platform.configure("prod", { apps: { wms: {} } });
    const { status, stderr } = await get().platform.run(["up", "--stack", "prod"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: these cannot be deleted because they are protected, and nothing was deleted:$/m,
    );
    expect([...stderr.matchAll(/^ {2}urn:\S+::(\S+)$/gm)].map(([, name]) => name)).toEqual([
      "auth-prod-secret",
      "auth-prod-login",
      "auth-prod-schema",
      "auth-prod-owner",
    ]);
    get().platform.configure("prod", { apps: { auth: {}, wms: {} } });
    expect(await get().platform.succeed("up", "--stack", "prod")).toMatch(/^prod: no changes/m);
  });

  test("a next credential makes the app's login anew, and the old password opens nothing", async () => {
    const before = get().urlOf("auth", "ci");
    get().platform.configure("dev", { apps: { auth: { credential: 3 }, wms: { reader: true } } });
    await get().platform.succeed("up", "--stack", "dev");
    const after = await get().platform.url("auth", "ci");
    expect(after).not.toBe(before);
    expect(await refusalOf(get().platform.asApp(before, "SELECT 1"))).toMatch(/28P01|28000/);
    expect(await get().platform.asApp(after, "SELECT current_schema AS schema")).toEqual([
      { schema: "auth_ci" },
    ]);
    get().urls.set("auth_ci", after);
    get().urls.set("auth_dev", await get().platform.url("auth", "dev"));
  });
}
