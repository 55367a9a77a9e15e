import { Client } from "pg";
import { namesOf } from "../../infra/names";
import { checkSourceFile } from "../../ops/check-prisma/source-file";
import { refusalOf } from "../helpers/query";
import type { Deployed } from "./deploy.cases";

/** What only migrations may do, each kind of it once. */
const OWNERS_ALONE = [
  'CREATE TABLE "Mine" ()',
  'CREATE TABLE "Mine" AS SELECT 1 AS one',
  'SELECT 1 AS one INTO "Mine"',
  'ALTER TABLE "Made" ADD COLUMN b int',
  'ALTER TABLE "Made" RENAME TO "Other"',
  'DROP TABLE "Made"',
  'TRUNCATE "Made"',
  'CREATE INDEX ON "Made" (a)',
  'CREATE SEQUENCE "Numbers"',
  'ALTER SEQUENCE "Made_id_seq" RESTART',
  'CREATE VIEW "Shown" AS SELECT 1 AS one',
  'REFRESH MATERIALIZED VIEW "Kept"',
  'REINDEX TABLE "Made"',
  'CLUSTER "Made" USING "Made_pkey"',
  `COMMENT ON TABLE "Made" IS 'mine'`,
  "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  'CREATE TRIGGER mine BEFORE INSERT ON "Made" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
  `CREATE TYPE "Colour" AS ENUM ('red')`,
  `ALTER TYPE "State" ADD VALUE 'later'`,
  'CREATE TYPE "Size" AS (a int)',
  'CREATE DOMAIN "Short" AS text',
  'CREATE RULE mine AS ON DELETE TO "Made" DO INSTEAD NOTHING',
  'CREATE POLICY mine ON "Made" USING (true)',
  'CREATE STATISTICS mine ON id, a FROM "Made"',
];

/** What the running app goes on with. */
const ITS_OWN = [
  'INSERT INTO "Made" (a) VALUES (1)',
  'UPDATE "Made" SET a = 2',
  'SELECT * FROM "Made" FOR UPDATE',
  `SELECT nextval('"Made_id_seq"')`,
  'LOCK TABLE "Made" IN SHARE ROW EXCLUSIVE MODE',
  "SET LOCAL work_mem = '8MB'",
  'DELETE FROM "Made"',
];

/** What check-prisma says of the statements of an app whose migrations have a login of their own, asked of the server. */
export function runtimeCases(get: () => Deployed): void {
  const names = namesOf("xplan", "dev");
  const declared = [{ stack: "dev", app: "xplan", environment: "dev", names, hasMigrator: true }];
  let client: Client;

  beforeAll(async () => {
    const { platform, workspace } = get();
    const { DIRECT_URL } = JSON.parse(await workspace.secret(names.migratorSecret)) as { DIRECT_URL: string };
    await platform.asApp(
      DIRECT_URL,
      `CREATE TABLE "Made" (id serial PRIMARY KEY, a int); CREATE TYPE "State" AS ENUM ('new');
       CREATE MATERIALIZED VIEW "Kept" AS SELECT 1 AS one`,
    );
    client = new Client({ connectionString: await workspace.url("xplan", "dev") });
    await client.connect();
  });
  afterAll(() => client?.end());

  const found = async (sql: string) => {
    const source = `await prisma.$executeRawUnsafe(${JSON.stringify(sql)});`;
    return (await checkSourceFile("a.ts", source, "xplan", declared, false)).findings.length;
  };
  const answer = async (sql: string) => {
    await client.query("BEGIN");
    try {
      return await refusalOf(client.query(sql));
    } finally {
      await client.query("ROLLBACK");
    }
  };

  test.each(OWNERS_ALONE)("the server refuses the running app %s, and it is found", async (sql) => {
    expect([await answer(sql), await found(sql)]).toEqual(["42501", 1]);
  });

  test.each(ITS_OWN)("the running app may %s, and nothing is found", async (sql) => {
    expect([await answer(sql), await found(sql)]).toEqual([undefined, 0]);
  });
}
