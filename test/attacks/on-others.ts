import { namesOf } from "../../infra/names";
import { type Attack, DENIED } from "./attack";

/**
 * What anybody may try on an app that is not theirs.
 * @param home schema in which the attacker may create, if anywhere
 */
export function attacksOn(app: string, environment: string, home: string): readonly Attack[] {
  const { schema, owner, login, secondLogin } = namesOf(app, environment);
  const table = `${schema}.kept`;
  const refused: readonly (readonly [string, string])[] = [
    // Roles.
    ["nobody becomes its owner", `SET ROLE ${owner}`],
    ["nobody becomes its login", `SET ROLE ${login}`],
    ["nobody logs in as it over an open session", `SET SESSION AUTHORIZATION ${login}`],
    ["nobody is let into its owner", `GRANT ${owner} TO CURRENT_USER`],
    ["nobody is let into its login", `GRANT ${login} TO CURRENT_USER`],
    ["nobody takes its login out of its owner", `REVOKE ${owner} FROM ${login}`],
    ["nobody sets its password", `ALTER ROLE ${login} PASSWORD 'mine'`],
    ["nobody takes its login away", `ALTER ROLE ${login} NOLOGIN`],
    ["nobody gives its owner a login", `ALTER ROLE ${owner} LOGIN`],
    ["nobody changes what its sessions begin with", `ALTER ROLE ${login} SET search_path = ${home}`],
    ["nobody does so in one database", `ALTER ROLE ${login} IN DATABASE portal_db RESET ALL`],
    ["nobody renames its login", `ALTER ROLE ${login} RENAME TO mine`],
    ["nobody drops its login", `DROP ROLE ${login}`],
    ["nobody takes what its owner owns", `REASSIGN OWNED BY ${owner} TO CURRENT_USER`],
    ["nobody drops what its owner owns", `DROP OWNED BY ${owner}`],
    ["nobody hands it what they own", `REASSIGN OWNED BY CURRENT_USER TO ${owner}`],
    [
      "nobody changes what others get on what it makes",
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} GRANT ALL ON TABLES TO PUBLIC`,
    ],
    ["nobody comments on its roles", `COMMENT ON ROLE ${login} IS 'mine'`],
    // Its schema.
    ["nobody reads its tables", `SELECT * FROM ${table}`],
    ["nobody reads them by COPY", `COPY ${table} TO STDOUT`],
    ["nobody writes its tables", `INSERT INTO ${table} DEFAULT VALUES`],
    ["nobody draws from its sequences", `SELECT nextval('${schema}.kept_id_seq')`],
    ["nobody empties its tables", `TRUNCATE ${table}`],
    ["nobody drops its tables", `DROP TABLE ${table}`],
    ["nobody locks its tables", `BEGIN; LOCK TABLE ${table} IN ACCESS SHARE MODE`],
    ["nobody refers to its tables", `CREATE TABLE ${home}.f (id int REFERENCES ${table})`],
    ["nobody inherits from its tables", `CREATE TABLE ${home}.i () INHERITS (${table})`],
    ["nobody copies its tables' shape", `CREATE TABLE ${home}.l (LIKE ${table})`],
    [
      "nobody listens at its tables",
      `CREATE TRIGGER t AFTER INSERT ON ${table} EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
    ],
    ["nobody rewrites its tables' queries", `CREATE RULE r AS ON SELECT TO ${table} DO INSTEAD SELECT 1`],
    ["nobody analyzes its columns into statistics", `CREATE STATISTICS ${home}.s ON id, note FROM ${table}`],
    ["nobody publishes its tables", `CREATE PUBLICATION mine FOR TABLE ${table}`],
    ["nobody publishes its schema", `CREATE PUBLICATION mine FOR TABLES IN SCHEMA ${schema}`],
    ["nobody makes a table there", `CREATE TABLE ${schema}.mine ()`],
    [
      "nobody makes a function there",
      `CREATE FUNCTION ${schema}.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT 1::text'`,
    ],
    ["nobody makes a type there", `CREATE TYPE ${schema}.mine AS ENUM ()`],
    ["nobody makes a view there", `CREATE VIEW ${schema}.mine AS SELECT 1`],
    ["nobody moves a table there", `CREATE TABLE ${home}.m (); ALTER TABLE ${home}.m SET SCHEMA ${schema}`],
    ["nobody renames its schema", `ALTER SCHEMA ${schema} RENAME TO mine`],
    ["nobody takes its schema", `ALTER SCHEMA ${schema} OWNER TO CURRENT_USER`],
    ["nobody drops its schema", `DROP SCHEMA ${schema} CASCADE`],
    ["nobody comments on its schema", `COMMENT ON SCHEMA ${schema} IS 'mine'`],
    [
      "nobody reads its large objects",
      `SELECT lo_get(oid) FROM pg_largeobject_metadata WHERE lomowner = '${owner}'::regrole`,
    ],
    [
      "nobody drops its large objects",
      `SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE lomowner = '${owner}'::regrole`,
    ],
    [
      "nobody makes a function in C",
      `CREATE FUNCTION ${home}.c() RETURNS int LANGUAGE c AS 'libc', 'system'`,
    ],
    // Its sessions.
    [
      "nobody ends its sessions",
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('${login}', '${secondLogin}')`,
    ],
    [
      "nobody stops its statements",
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename IN ('${login}', '${secondLogin}')`,
    ],
  ];
  return [
    ...refused.map(([promise, sql]): Attack => [promise, sql, DENIED]),
    ["nobody gives its tables away", `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO PUBLIC`, DENIED],
    ["nobody gives its schema away", `GRANT USAGE ON SCHEMA ${schema} TO PUBLIC`, DENIED],
  ];
}
