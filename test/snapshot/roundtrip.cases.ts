import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { SnapshotPlatform } from "./snapshot-platform";

/** Everything that a deploy declares around the schemas, which no restore may change. */
const DECLARED = `
  SELECT (SELECT json_agg(json_build_array(nspname, pg_get_userbyid(nspowner), nspacl::text) ORDER BY nspname)
      FROM pg_namespace WHERE nspname ~ '^(wms|auth)_') AS schemas,
    (SELECT json_agg(json_build_array(defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype, defaclacl::text)
      ORDER BY defaclrole, defaclnamespace, defaclobjtype) FROM pg_default_acl) AS defaults,
    (SELECT json_agg(json_build_array(rolname, rolcanlogin, rolconnlimit, rolconfig) ORDER BY rolname)
      FROM pg_roles WHERE rolname !~ '^pg_') AS roles,
    (SELECT json_agg(json_build_array(roleid::regrole, member::regrole, grantor::regrole, inherit_option, set_option)
      ORDER BY roleid, member) FROM pg_auth_members) AS members`;

/** A snapshot of a schema with something of everything, and what comes back of it. */
export function roundtripCases(get: () => SnapshotPlatform): void {
  let file: string;
  let source: readonly string[];
  let declared: unknown;

  beforeAll(async () => {
    const { ops } = get();
    declared = await ops.platform.asSuperuser(DECLARED);
    await ops.query("wms", "prod", readFileSync(resolve(__dirname, "shop.sql"), "utf8"));
    source = await get().textOf("wms_prod");
    file = await get().snapshot("prod");
  });

  test("a snapshot is a custom-format archive of the one schema, for its owner's eyes, without owners and rights", async () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const content = readFileSync(file);
    expect(content.subarray(0, 5).toString()).toBe("PGDMP");
    expect(content.includes("GRANT")).toBe(false);
    expect(content.includes("auth_prod")).toBe(false);
    const { stdout } = await get().ops.run("snapshot", "wms", "prod", "-o", get().newFile());
    expect(stdout.replace(/localhost:\d+|\/\S+file-\d+/g, "…")).toMatch(
      /^wms_prod on the local platform \(….portal_db, as portal_wms\): 8 tables\n…: 8 tables, 1\d\d kB, \d s$/,
    );
  });

  test("restored under another environment's name it is the same, name for name and row for row", async () => {
    const { ops } = get();
    const { status, stdout, stderr } = await ops.run("restore", file, "wms", "dev", "--yes");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(
      "The names are changed: wms_prod becomes wms_dev\nProduction's data are copied as they are",
    );
    expect(await get().textOf("wms_dev", "wms_prod")).toEqual(source);
    expect(await ops.platform.asSuperuser(DECLARED)).toEqual(declared);
    // Nothing in it may lead back to production.
    expect(
      await ops.query(
        "wms",
        "dev",
        "SELECT next_ticket()::int, total_of(2)::int, (SELECT kind::text FROM empty_one)",
      ),
    ).toEqual([{ next_ticket: 120, total_of: 7, kind: null }]);
    await ops.query("wms", "dev", "UPDATE customers SET note = note WHERE id = 1; CALL clear(1)");
    expect(await ops.query("wms", "dev", "SELECT count(*)::int AS n FROM orders")).toEqual([{ n: 1 }]);
    expect(await ops.query("wms", "prod", "SELECT count(*)::int AS n FROM orders")).toEqual([{ n: 2 }]);
  });

  test("what is left of the old name in texts is listed: dynamic SQL among it, rows not", async () => {
    const { stdout } = await get().ops.run("restore", file, "wms", "dev", "--yes");
    const left = stdout.split("\n").filter((line) => line.startsWith("Look at it"));
    expect(left.map((line) => /in: (?:CREATE|ALTER) (\w+(?: wms_dev\.\w+)?)/.exec(line)?.[1])).toEqual([
      "TYPE wms_dev.state",
      "FUNCTION wms_dev.dynamic",
      "FUNCTION wms_dev.stamp",
      "TABLE wms_dev.customers",
      "VIEW wms_dev.open_orders",
      "INDEX",
    ]);
    await expect(get().ops.query("wms", "dev", "SELECT dynamic()")).rejects.toThrow(
      "permission denied for schema wms_prod",
    );
  });

  test("restored into dev again, what was changed there and what was added is gone", async () => {
    const { ops } = get();
    await ops.query(
      "wms",
      "dev",
      "DELETE FROM orders; CREATE TABLE added AS SELECT 1 AS id; GRANT ALL ON customers TO PUBLIC",
    );
    await ops.query(
      "wms",
      "dev",
      "ALTER DEFAULT PRIVILEGES IN SCHEMA wms_dev GRANT INSERT ON TABLES TO PUBLIC",
    );
    expect((await ops.run("restore", file, "wms", "dev", "--yes")).status).toBe(0);
    expect(await get().textOf("wms_dev", "wms_prod")).toEqual(source);
    expect(await ops.platform.asSuperuser(DECLARED)).toEqual(declared);
  });

  test("a clone's snapshot goes on to a schema of its own name, and large objects are said to stay behind", async () => {
    const { ops } = get();
    const client = await ops.connect("wms", "dev");
    await client.query("SELECT lo_create(0)");
    await client.end();
    const second = get().newFile();
    const taken = await ops.run("snapshot", "wms", "dev", "-o", second);
    expect(taken.stdout).toContain("Its 1 large objects are in no schema, and so not in the file\n");
    expect((await ops.run("restore", second, "wms", "dev", "--yes")).stdout).not.toContain("becomes");
    expect(await get().textOf("wms_dev", "wms_prod")).toEqual(source);
    await ops.query("wms", "dev", "SELECT lo_unlink(oid) FROM pg_largeobject_metadata");
  });

  test("rows that name things of the old schema by type are refused, since they cannot be changed safely", async () => {
    const { ops } = get();
    await ops.query("wms", "prod", "INSERT INTO empty_one VALUES (1, 'wms_prod.orders')");
    const { status, stderr } = await ops.run("restore", await get().snapshot("prod"), "wms", "dev", "--yes");
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "error: permission denied for schema wms_prod, in: COPY wms_dev.empty_one (id, kind) FROM stdin line 1; nothing was changed",
    });
    expect(await get().textOf("wms_dev", "wms_prod")).toEqual(source);
    await ops.query(
      "wms",
      "prod",
      "ALTER TABLE empty_one DISABLE RULE no_delete; DELETE FROM ONLY empty_one; ALTER TABLE empty_one ENABLE RULE no_delete",
    );
  });

  test("prod: only into an empty schema, or with a snapshot of what is there first", async () => {
    const { ops } = get();
    const before = get().newFile();
    const refused = await ops.run("restore", file, "wms", "prod", "--yes");
    expect(refused).toMatchObject({ status: 1, stdout: "" });
    expect(refused.stderr).toMatch(
      /^error: wms_prod is not empty \(1 materialized view, .*\): a restore into prod needs --replace-prod FILE/,
    );
    await ops.query("wms", "prod", "UPDATE orders SET amount = 1000");
    const changed = await get().textOf("wms_prod");
    expect(await ops.run("restore", file, "wms", "prod", "--replace-prod", before)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("add --yes"),
    });
    expect(await get().textOf("wms_prod")).toEqual(changed);
    const done = await ops.run("restore", file, "wms", "prod", "--yes", "--replace-prod", before);
    expect(done).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`A snapshot of wms_prod goes to ${before} first`),
    });
    expect(await get().textOf("wms_prod")).toEqual(source);
    // What was there can be had back, and a file that is there is never written over.
    const again = await ops.run("restore", before, "wms", "prod", "--yes", "--replace-prod", before);
    expect(again).toMatchObject({
      status: 1,
      stderr: `error: ${before} exists already: choose another name, or move it away`,
    });
    expect(
      (await ops.run("restore", before, "wms", "prod", "--yes", "--replace-prod", get().newFile())).status,
    ).toBe(0);
    expect(await get().textOf("wms_prod")).toEqual(changed);
    expect(await ops.run("restore", file, "wms", "dev", "--replace-prod", get().newFile())).toMatchObject({
      status: 64,
      stderr: "error: --replace-prod is for prod alone: leave it out; see npm run ops -- restore --help",
    });
  });
}
