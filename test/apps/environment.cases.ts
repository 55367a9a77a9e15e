import { refusalOf } from "../helpers/query";
import { ANSWERS, type Deployed } from "./deploy.cases";

/** The schema's grants, its default privileges and every membership, as the catalog has them. */
const GRANTS = `
  SELECT nspname, pg_get_userbyid(nspowner) AS owner, nspacl::text AS grants,
    (SELECT json_agg(json_build_array(pg_get_userbyid(defaclrole), defaclobjtype, defaclacl::text) ORDER BY defaclobjtype)
     FROM pg_default_acl WHERE defaclnamespace = n.oid) AS defaults,
    (SELECT json_agg(json_build_array(roleid::regrole, member::regrole) ORDER BY roleid, member) FROM pg_auth_members) AS members
  FROM pg_namespace n WHERE nspname = 'wms_dev'`;

/** One app, several environments and several people. */
export function environmentCases(get: () => Deployed): void {
  const query = (environment: string) =>
    get()
      .workspace.url("website", environment)
      .then((url) => get().workspace.withUrl("website", url, "queries"));

  test("DATABASE_URL alone decides which environment an app works in", async () => {
    const url = await get().workspace.url("website", "dev");
    await get().platform.asApp(
      url,
      `INSERT INTO "Lead" (email, message, sources) VALUES ('b@example.com', 'Hi', '{fair}')`,
    );
    expect((await query("dev")).results).toEqual([{ ...Object(ANSWERS.website("")), leads: 2 }]);
    expect((await query("prod")).results).toEqual([ANSWERS.website("")]);
    await get().platform.asApp(url, `DELETE FROM "Lead" WHERE email = 'b@example.com'`);
  });

  test("without a URL or a secret's name an app does not start", async () => {
    expect(await get().workspace.run("wms", {}, "queries")).toMatchObject({
      status: 1,
      stderr: "Error:  neither DATABASE_URL nor DATABASE_SECRET is set\n",
    });
  });

  test("migrate reset empties one schema, and leaves its grants, the stacks and prod as they were", async () => {
    const before = await get().platform.asSuperuser(GRANTS);
    expect(before).toMatchObject([
      { owner: "portal_db_dev_admin", grants: expect.stringContaining("wms_dev_reader=U") },
    ]);
    const reset = await get().workspace.task("wms", "dev", "reset");
    expect(reset).toMatchObject({ stderr: "", results: ["reset"] });
    expect(
      await get().platform.asSuperuser("SELECT tablename FROM pg_tables WHERE schemaname = 'wms_dev'"),
    ).toEqual([]);
    expect(await get().platform.asSuperuser(GRANTS)).toEqual(before);
    const again = await get().workspace.task("wms", "dev", "deploy", "seed", "queries");
    expect(again.results.slice(1)).toEqual(["seeded", ANSWERS.wms("wms_dev")]);
    expect(await get().platform.asSuperuser(GRANTS)).toEqual(before);
    expect(await get().platform.plan()).toEqual([]);
    const prod = await get().workspace.task("wms", "prod", "queries");
    expect(prod.results).toEqual([ANSWERS.wms("wms_prod")]);
  });

  test("a reader reads the tables that migrations made later, and writes none", async () => {
    await get().platform.asSuperuser(
      `CREATE ROLE analyst LOGIN PASSWORD 'analyst' IN ROLE wms_dev_reader;
       GRANT CONNECT ON DATABASE portal_db TO analyst`,
    );
    get().workspace.migration("wms", "20250901000000_audit", 'CREATE TABLE "Audit" ("id" SERIAL NOT NULL);');
    const { results } = await get().workspace.task("wms", "dev", "deploy");
    get().workspace.migration("wms", "20250901000000_audit", undefined);
    expect(results).toEqual([["20250901000000_audit"]]);
    const person = new URL(await get().workspace.url("wms", "dev"));
    person.username = "analyst";
    person.password = "analyst";
    const as = (sql: string) => get().platform.asApp(String(person), sql);
    expect(await as('SELECT * FROM wms_dev."Audit"')).toEqual([]);
    expect(await as('SELECT sku FROM wms_dev."Product"')).toEqual([{ sku: "TARP-10" }]);
    expect(await refusalOf(as('INSERT INTO wms_dev."Audit" DEFAULT VALUES'))).toBe("42501");
    expect(await refusalOf(as('SELECT * FROM wms_prod."Product"'))).toBe("42501");
    await get().platform.asSuperuser("DROP OWNED BY analyst; DROP ROLE analyst");
  });
}
