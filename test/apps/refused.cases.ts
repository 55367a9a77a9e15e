import { Client } from "pg";
import { namesOf } from "../../infra/names";
import { checkMigrationFile } from "../../ops/check-prisma/migration-file";
import { refusalOf } from "../helpers/query";
import type { Deployed } from "./deploy.cases";

/** Statements that `check-prisma` says no app may run, and what the server answers an app. */
const REFUSED: [sql: string, code?: string][] = [
  ["CREATE PUBLICATION p"],
  ["CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false)"],
  ["CREATE EVENT TRIGGER t ON sql_drop EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()"],
  ["CREATE FOREIGN DATA WRAPPER w"],
  ["CREATE LANGUAGE l HANDLER plpgsql_call_handler"],
  ["CREATE ACCESS METHOD m TYPE INDEX HANDLER bthandler"],
  ["CREATE OPERATOR CLASS o FOR TYPE int USING btree AS OPERATOR 1 <"],
  ["CREATE OPERATOR FAMILY o USING btree"],
  ["CREATE TABLESPACE t LOCATION '/tmp'"],
  ["ALTER SYSTEM SET work_mem = '1GB'"],
  ["CHECKPOINT"],
  ["LOAD 'pgcrypto'", "42501"],
  ["REINDEX DATABASE portal_db"],
  ["REINDEX SCHEMA website_dev"],
  [`COPY "Page" FROM '/etc/passwd'`],
  [`COPY "Page" TO PROGRAM 'cat'`],
  ["CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'x', 'y'"],
  ["CREATE FUNCTION f() RETURNS int LANGUAGE internal AS 'now'"],
  ["SET session_replication_role = replica"],
  ["SET deadlock_timeout = '1s'"],
  ["SET log_statement = 'all'"],
  ["SET track_activities = off"],
  ['ALTER TABLE "Page" DISABLE TRIGGER ALL'],
  ["CREATE SCHEMA IF NOT EXISTS public"],
  ["CREATE TEMPORARY TABLE t (a int)"],
  // Two-phase commit is off.
  ["BEGIN; PREPARE TRANSACTION 'a'", "55000"],
];

/** Whether the server refuses what `check-prisma` says it does. */
export function refusedCases(get: () => Deployed): void {
  test.each(REFUSED)("%s", async (sql, code = "42501") => {
    const client = new Client({ connectionString: await get().workspace.url("website", "dev") });
    await client.connect();
    const answer = await refusalOf(client.query(sql)).finally(() => client.end());
    expect(answer).toBe(code);
    const names = namesOf("website", "dev");
    const declared = [{ stack: "dev", app: "website", environment: "dev", names }];
    const found = await checkMigrationFile("m.sql", sql, "website", declared);
    expect(found.map(({ isWarning = false }) => isWarning)).toEqual([false]);
  });
}
