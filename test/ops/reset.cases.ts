import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { namesOf } from "../../infra/names";
import { emptySchema } from "../../ops/reset/empty-schema";
import { answerOps, type OpsPlatform } from "../helpers/ops-platform";

/** The schema, its grants and default privileges, and the app's roles, as the catalog has them. */
const DECLARED = `
  SELECT n.nspname, pg_get_userbyid(n.nspowner) AS owner, n.nspacl::text AS grants,
    (SELECT json_agg(json_build_array(pg_get_userbyid(defaclrole), defaclnamespace::regnamespace, defaclobjtype, defaclacl::text) ORDER BY 1::text, defaclobjtype)
     FROM pg_default_acl) AS defaults,
    (SELECT json_agg(json_build_array(rolname, rolcanlogin, rolconnlimit, s.setconfig) ORDER BY rolname)
     FROM pg_roles r LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid WHERE rolname ~ 'wms') AS roles,
    (SELECT json_agg(json_build_array(roleid::regrole, member::regrole, grantor::regrole, inherit_option, set_option) ORDER BY roleid, member)
     FROM pg_auth_members) AS members
  FROM pg_namespace n WHERE n.nspname ~ '^wms' ORDER BY 1`;

/** Everything that the catalog says of the schema's contents. */
const CONTENTS = `
  SELECT pg_describe_object(classid, objid, objsubid) AS what FROM pg_depend
  WHERE refclassid = 'pg_namespace'::regclass AND refobjid = 'wms_dev'::regnamespace AND classid <> 'pg_default_acl'::regclass`;

/** `reset`: what goes and what stays. */
export function resetCases(get: () => OpsPlatform): void {
  test("drops objects of every kind, and leaves schema, grants and default privileges as declared", async () => {
    const before = await get().platform.asSuperuser(DECLARED);
    await get().query("wms", "dev", readFileSync(resolve(__dirname, "everything.sql"), "utf8"));
    const { status, stdout, stderr } = await get().run("reset", "wms", "dev", "--yes");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("1 materialized view, 1 view, 5 tables, 2 sequences, 3 functions, 1 procedure");
    expect(stdout).toContain("Default privileges: took away INSERT on tables to public");
    expect(await get().platform.asSuperuser(CONTENTS)).toEqual([]);
    expect(await get().platform.asSuperuser(DECLARED)).toEqual(before);
    const again = await get().run("reset", "wms", "dev", "--yes");
    expect(again).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/\):\s+nothing\nwms_dev is empty/),
    });
  });

  test("drops 300 tables that refer to each other in one transaction", async () => {
    await get().query(
      "wms",
      "dev",
      `DO $$ BEGIN FOR i IN 1..300 LOOP
         EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, name text UNIQUE, next int REFERENCES t%s (id))', i, i);
         EXECUTE format('ALTER TABLE t1 ADD CONSTRAINT c%s FOREIGN KEY (next) REFERENCES t%s (id)', i, i);
       END LOOP; END $$`,
    );
    const { status, stdout } = await get().run("reset", "wms", "dev", "--yes");
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringContaining("300 tables, 300 sequences"),
    });
    expect(await get().platform.asSuperuser(CONTENTS)).toEqual([]);
  });

  test("prod is refused in the code, and by the rights of every other environment's login", async () => {
    await get().query("wms", "prod", "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)");
    expect(await get().run("reset", "wms", "prod", "--yes")).toMatchObject({
      status: 64,
      stderr: "error: prod is never reset; see npm run ops -- reset --help",
    });
    const client = await get().connect("wms", "dev");
    // Without that refusal, this is what would happen.
    await expect(emptySchema(client, namesOf("wms", "prod"))).rejects.toThrow(
      /permission denied for schema wms_prod|must be owner/,
    );
    await client.end();
    expect(await get().query("wms", "prod", "SELECT id FROM kept")).toEqual([{ id: 1 }]);
    await get().query("wms", "prod", "DROP TABLE kept");
  });

  test("asks first: no terminal and another answer than the schema's name change nothing", async () => {
    await get().query("wms", "dev", "CREATE TABLE kept (id int)");
    const unasked = await get().run("reset", "wms", "dev");
    expect(unasked).toMatchObject({
      status: 1,
      stderr: "error: it asks before it goes on: run it in a terminal, or add --yes",
    });
    const args = ["reset", "wms", "dev", ...get().where];
    expect(await answerOps(args, "y")).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("Nothing was changed"),
    });
    expect(await get().query("wms", "dev", "SELECT * FROM kept")).toEqual([]);
    expect(await answerOps(args, "wms_dev")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("wms_dev is empty"),
    });
    expect(await get().platform.asSuperuser(CONTENTS)).toEqual([]);
  });

  test("what another schema has on top of it, or another role owns in it, stays and is named", async () => {
    await get().query("wms", "dev", "CREATE TABLE kept (id int PRIMARY KEY); CREATE TABLE mine (id int)");
    await get().platform.asSuperuser("CREATE VIEW public.outside AS SELECT * FROM wms_dev.kept");
    const outside = await get().run("reset", "wms", "dev", "--yes");
    expect(outside.stderr).toBe(
      "error: outside wms_dev stand on it: rule _RETURN on view public.outside. Drop them first; nothing was changed",
    );
    await get().platform.asSuperuser("DROP VIEW public.outside; CREATE TABLE wms_dev.theirs (id int)");
    const theirs = await get().run("reset", "wms", "dev", "--yes");
    expect(theirs.stderr).toMatch(
      /^error: must be owner of table (wms_dev\.)?theirs: not wms_dev_owner's, so adopt it first/,
    );
    expect(await get().query("wms", "dev", "SELECT * FROM kept, mine")).toEqual([]);
    await get().platform.asSuperuser("DROP TABLE wms_dev.theirs");
    expect((await get().run("reset", "wms", "dev", "--yes")).status).toBe(0);
  });
}
