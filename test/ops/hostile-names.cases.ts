import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { OpsPlatform } from "../helpers/ops-platform";
import type { Ended } from "../helpers/process";

/** A name that clears the screen, forges a line, and turns what follows around; C1 has a CSI of one sign, too. */
const EVIL = "a\u001B[2J\nCommitted\u202E\u009B2K";
const SHOWN = "a\\u{1b}[2J\\u{a}Committed\\u{202e}\\u{9b}2K";

/** Names that others gave reach a terminal as escapes, in whatever command. */
export function hostileNameCases(get: () => OpsPlatform): void {
  const inDev = (sql: string) => get().query("wms", "dev", sql);
  const asAdmin = (sql: string) => get().platform.asSuperuser(`SET ROLE portal_db_dev_admin; ${sql}`);

  /** Whatever steers is an escape, and no line is only the name's. */
  const expectTame = ({ stdout, stderr }: Ended): void => {
    const lines = `${stdout}\n${stderr}`.split("\n");
    expect(lines.filter((line) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line))).toEqual([]);
    expect(lines.filter((line) => /^(error: )?Committed./.test(line))).toEqual([]);
    expect(lines.join("\n")).toContain(SHOWN);
  };

  beforeAll(async () => {
    await inDev(`CREATE TABLE "${EVIL}" (id int); INSERT INTO "${EVIL}" VALUES (1), (2)`);
    await asAdmin(`CREATE ROLE "${EVIL}"; GRANT USAGE ON SCHEMA wms_dev TO "${EVIL}"`);
  });

  afterAll(() => get().platform.asSuperuser(`DROP OWNED BY "${EVIL}"; DROP ROLE "${EVIL}"`));

  test("verify and repair", async () => {
    expectTame(await get().run("verify", "dev"));
    expectTame(await get().run("repair", "dev", "--yes"));
  });

  test("inspect, of objects, sessions and statements", async () => {
    const other = await get().connect("wms", "dev", EVIL);
    await other.query(`BEGIN; LOCK TABLE "${EVIL}"`);
    const ended = await get().run("inspect", "wms", "dev");
    const { stdout } = await get().run("inspect", "wms", "dev", "--json");
    await other.end();
    expectTame(ended);
    expect(ended.stdout.replace(/\s+/g, " ")).toContain(`has AccessExclusiveLock on wms_dev.${SHOWN}`);
    expect(stdout).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(stdout)).toMatchObject({
      tables: expect.arrayContaining([expect.objectContaining({ table: EVIL })]),
    });
  });

  test("purge, what it does and what it refuses", async () => {
    const file = resolve(get().platform.dir, "evil.sql");
    const purge = async (sql: string): Promise<Ended> => {
      writeFileSync(file, sql);
      return get().run("purge", "wms", "dev", "--file", file, "--dry-run");
    };
    const done = await purge(`DELETE FROM "${EVIL}" WHERE id = 1`);
    expectTame(done);
    expect(done.stdout).toContain(`evil.sql:1  DELETE ${SHOWN}: 1 row\n`);
    expectTame(await purge(`DELETE FROM other."${EVIL}" WHERE true`));
    expectTame(await purge(`DELETE FROM "no ${EVIL}" WHERE true`));
    expectTame(await purge(`DELETE FROM "${EVIL}" WHERE "${EVIL}" = 1`));
  });

  test("a lock in the way of a reset, and what stands on the schema from outside", async () => {
    const other = await get().connect("wms", "dev", EVIL);
    await other.query(`BEGIN; LOCK TABLE "${EVIL}"`);
    expectTame(await get().run("reset", "wms", "dev", "--yes", "--lock-timeout", "1"));
    await other.end();
    await get().platform.asSuperuser(`CREATE VIEW public."${EVIL}" AS SELECT * FROM wms_dev."${EVIL}"`);
    expectTame(await get().run("reset", "wms", "dev", "--yes"));
    await get().platform.asSuperuser(`DROP VIEW public."${EVIL}"`);
  });

  test("default privileges that a reset takes away", async () => {
    await inDev(`ALTER DEFAULT PRIVILEGES IN SCHEMA wms_dev GRANT SELECT ON TABLES TO "${EVIL}"`);
    expectTame(await get().run("reset", "wms", "dev", "--yes"));
  });
}
