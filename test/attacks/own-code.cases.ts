import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { connectSuperuser } from "../../local/servers/postgres";
import type { AttackedPlatform } from "./attacked-platform";

/** Names of Postgres's own that an app could put its functions in the place of, where they were looked up unqualified. */
const SHADOWS = [
  "has_schema_privilege(text, text) RETURNS bool",
  "has_schema_privilege(name, text, text) RETURNS bool",
  "current_setting(text) RETURNS text",
  "pg_get_userbyid(oid) RETURNS name",
  "quote_ident(text) RETURNS text",
  "lower(varchar) RETURNS text",
];

/**
 * Code of an app's in every place from which whoever works on its schema might run it. It says who it ran as by a
 * notice to all, since its tables may be gone by then.
 */
const trapsOf = (schema: string): string => `
  CREATE FUNCTION told(what text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
    PERFORM pg_catalog.pg_notify('told', session_user || ' as ' || current_user); RETURN 1; END $$;
  CREATE FUNCTION told_bool(what text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
    RETURN ${schema}.told(what) = 1; END $$;
  CREATE FUNCTION told_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM ${schema}.told('trigger'); RETURN new; END $$;
  CREATE DOMAIN checked AS text CHECK (${schema}.told_bool(value));
  CREATE TABLE trap (id int DEFAULT ${schema}.told('default'), note text CHECK (${schema}.told_bool(note)), mail checked,
    made int GENERATED ALWAYS AS (${schema}.told('generated')) STORED);
  INSERT INTO trap (note, mail) VALUES ('a', 'b');
  CREATE INDEX trap_index ON trap ((${schema}.told(note))) WHERE ${schema}.told_bool(note);
  CREATE STATISTICS trap_statistics ON (${schema}.told(note)), id FROM trap;
  CREATE TRIGGER trap_trigger BEFORE INSERT OR UPDATE ON trap FOR EACH ROW EXECUTE FUNCTION told_row();
  CREATE VIEW trap_view AS SELECT ${schema}.told('view') AS told, * FROM trap;
  CREATE MATERIALIZED VIEW trap_matview AS SELECT ${schema}.told('matview') AS told;
  CREATE RULE trap_rule AS ON DELETE TO trap DO ALSO SELECT ${schema}.told('rule');
  ALTER TABLE trap ENABLE ROW LEVEL SECURITY;
  CREATE POLICY trap_policy ON trap USING (${schema}.told_bool('policy'));
  GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO portal_db_admin, portal_db_dev_admin;
  ${SHADOWS.map((one) => {
    const [, type = ""] = one.split(" RETURNS ");
    return `CREATE FUNCTION ${one} LANGUAGE plpgsql AS $$ BEGIN PERFORM ${schema}.told('shadow'); RETURN NULL::${type}; END $$;`;
  }).join("\n  ")}`;

/** Whether anything that people or stacks do runs an app's code as one who may do more than the app. */
export function ownCodeCases(get: () => AttackedPlatform): void {
  /** Who ran the code of an app while work was done, each once. */
  async function toldBy(work: () => Promise<unknown>): Promise<string[]> {
    const { places, port } = get().platform;
    const client = await connectSuperuser(places, port, "portal_db");
    const told = new Set<string>();
    client.on("notification", ({ payload }) => told.add(payload ?? ""));
    await client.query("LISTEN told");
    await work();
    // Notices come before the answer to what is asked after them.
    await client.query("SELECT 1");
    await client.end();
    return [...told].sort();
  }

  const asProd = "portal_wms_2 as wms_prod_owner";
  const asDev = "portal_wms_dev as wms_dev_owner";
  const succeeded = async (...args: readonly string[]) => {
    expect(await get().ops(...args)).toMatchObject({ status: 0 });
  };

  beforeAll(async () => {
    for (const environment of ["prod", "dev"]) {
      const { client } = await get().app("wms", environment);
      await client.query(trapsOf(`wms_${environment}`));
      await client.end();
    }
  });

  test("the traps tell: the app's own statement", async () => {
    const { client } = await get().app("wms", "dev");
    expect(await toldBy(() => client.query("UPDATE trap SET note = 'c'; SELECT * FROM trap_view"))).toEqual([
      asDev,
    ]);
    await client.end();
  });

  test("and they would tell of an admin that looked at a view", async () => {
    const { client } = await get().deployer("dev-admin");
    expect(await toldBy(() => client.query("SELECT told FROM wms_dev.trap_view"))).toEqual([
      "portal_db_dev_admin as portal_db_dev_admin",
    ]);
    await client.end();
  });

  test("no code runs as who deploys: a reader more, a rotation", async () => {
    const { platform } = get();
    platform.configure("prod", {
      apps: { auth: { reader: true }, wms: { reader: true, credential: 3 } },
    });
    platform.configure("dev", { apps: { auth: {}, wms: { reader: true, credential: 2 } } });
    expect(await toldBy(() => platform.succeed("up"))).toEqual([]);
    platform.configure("prod", { apps: { auth: { reader: true }, wms: { reader: true, credential: 4 } } });
    platform.configure("dev", { apps: { auth: {}, wms: { reader: true } } });
    expect(await toldBy(() => platform.succeed("up"))).toEqual([]);
  });

  test("no code runs as who verifies, whatever names it takes", async () => {
    expect(await toldBy(() => get().ops("verify", "prod"))).toEqual([]);
    expect(await toldBy(() => get().ops("verify", "dev"))).toEqual([]);
    expect(await toldBy(() => get().ops("repair", "prod", "--yes"))).toEqual([]);
  });

  test("a snapshot, a restore, a purge and a reset run it as the app alone", async () => {
    const { dir } = get().platform;
    const [dump, statements] = [resolve(dir, "wms.dump"), resolve(dir, "purge.sql")];
    writeFileSync(statements, "UPDATE trap SET note = 'd' WHERE note = 'a';\n");
    const told = await toldBy(async () => {
      await succeeded("snapshot", "wms", "prod", "-o", dump);
      await succeeded("purge", "wms", "prod", "--file", statements, "--yes");
      await succeeded("reset", "wms", "dev", "--yes");
      await get().ops("restore", dump, "wms", "dev", "--yes");
    });
    expect(told.filter((who) => who !== asProd && who !== asDev)).toEqual([]);
    expect(told).toContain(asProd);
  });

  test("who owns the database rebuilds and analyzes everything, and runs no code but as its owner", async () => {
    const { client } = await get().deployer("dev-admin");
    const told = await toldBy(async () => {
      for (const sql of ["ANALYZE", "VACUUM", "REINDEX DATABASE portal_db"]) await client.query(sql);
    });
    expect(told.filter((who) => !/^portal_db_dev_admin as wms_(prod|dev)_owner$/.test(who))).toEqual([]);
    await client.end();
  });
}
