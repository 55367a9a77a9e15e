import { type Attack, DENIED } from "./attack";

const ROLES = [
  "ecomos_admin",
  "portal_db_admin",
  "rdsadmin",
  "pg_read_all_data",
  "pg_execute_server_program",
];

/** What anybody may try on the server, its files, and whoever deploys prod. */
export const ATTACKS_ON_THE_SERVER: readonly Attack[] = (
  [
    ...ROLES.flatMap((role) => [
      [`nobody becomes ${role}`, `SET ROLE ${role}`],
      [`nobody is let into ${role}`, `GRANT ${role} TO CURRENT_USER`],
    ]),
    ["nobody becomes the master over an open session", "SET SESSION AUTHORIZATION ecomos_admin"],
    ["nobody sets the admin's password", "ALTER ROLE portal_db_admin PASSWORD 'mine'"],
    ["nobody changes what the admin begins with", "ALTER ROLE portal_db_admin SET search_path = public"],
    ["nobody sets the master's password", "ALTER ROLE ecomos_admin PASSWORD 'mine'"],
    ["nobody drops the admin", "DROP ROLE portal_db_admin"],
    ["nobody takes what the admin owns", "REASSIGN OWNED BY portal_db_admin TO CURRENT_USER"],
    ["nobody hands the admin what they own", "REASSIGN OWNED BY CURRENT_USER TO portal_db_admin"],
    [
      "nobody ends the admin's sessions",
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portal_db_admin'",
    ],
    ["nobody is let into the database's owner", "GRANT portal_db_owner TO portal_wms_dev"],
    ["nobody makes themselves a superuser", "ALTER ROLE CURRENT_USER SUPERUSER"],
    ["nobody lets themselves past row security", "ALTER ROLE CURRENT_USER BYPASSRLS"],
    ["nobody lets themselves replicate", "ALTER ROLE CURRENT_USER REPLICATION"],
    ["nobody lets themselves make databases", "ALTER ROLE CURRENT_USER CREATEDB"],
    ["nobody raises their connections", "ALTER ROLE CURRENT_USER CONNECTION LIMIT 1000"],
    ["nobody changes everybody's settings", "ALTER ROLE ALL SET search_path = public"],
    ["nobody renames the database", "ALTER DATABASE portal_db RENAME TO mine"],
    ["nobody drops it", "DROP DATABASE postgres"],
    ["nobody copies it", "CREATE DATABASE mine TEMPLATE portal_db"],
    ["nobody changes the server's settings", "ALTER SYSTEM SET log_connections = off"],
    ["nobody reloads them", "SELECT pg_reload_conf()"],
    ["nobody switches triggers off", "SET session_replication_role = replica"],
    ["nobody loads a library", "LOAD 'auto_explain'"],
    ["nobody reads the server's files", "SELECT pg_read_file('PG_VERSION')"],
    ["nobody lists them", "SELECT pg_ls_dir('.')"],
    [
      "nobody copies from them",
      "CREATE TABLE pg_catalog.mine (a text); COPY pg_catalog.mine FROM '/etc/passwd'",
    ],
    ["nobody copies into them", "COPY (SELECT 1) TO '/tmp/mine'"],
    ["nobody runs a program", "COPY (SELECT 1) TO PROGRAM 'id'"],
    ["nobody imports a file as a large object", "SELECT lo_import('/etc/passwd')"],
    ["nobody exports one", "SELECT lo_export(1, '/tmp/mine')"],
    ["nobody reads the bytes of large objects past their owners", "SELECT * FROM pg_largeobject"],
    ["nobody reads passwords", "SELECT rolpassword FROM pg_authid"],
    ["nobody reads what is said of every column", "SELECT * FROM pg_statistic"],
    ["nobody writes the catalogs", "UPDATE pg_class SET relowner = 10"],
    ["nobody locks the catalogs", "BEGIN; LOCK TABLE pg_class IN SHARE MODE"],
    [
      "nobody makes a function in pg_catalog",
      "CREATE FUNCTION pg_catalog.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
    [
      "nobody makes one in extensions",
      "CREATE FUNCTION extensions.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
    [
      "nobody changes an extension's function",
      "CREATE OR REPLACE FUNCTION extensions.citext_eq(extensions.citext, extensions.citext) RETURNS bool LANGUAGE sql AS 'SELECT true'",
    ],
    ["nobody takes extensions", "ALTER SCHEMA extensions OWNER TO CURRENT_USER"],
    ["nobody drops an extension", "DROP EXTENSION citext CASCADE"],
    ["nobody moves an extension", "ALTER EXTENSION citext SET SCHEMA public"],
    ["nobody reaches other servers by dblink", "CREATE EXTENSION dblink SCHEMA extensions"],
    ["nobody reaches them by postgres_fdw", "CREATE EXTENSION postgres_fdw SCHEMA extensions"],
    ["nobody reads files by file_fdw", "CREATE EXTENSION file_fdw SCHEMA extensions"],
    ["nobody makes a foreign data wrapper", "CREATE FOREIGN DATA WRAPPER mine"],
    ["nobody gets an untrusted language", "CREATE LANGUAGE plpython3u"],
    ["nobody makes a language of a function", "CREATE LANGUAGE mine HANDLER plpgsql_call_handler"],
    ["nobody publishes every table", "CREATE PUBLICATION mine FOR ALL TABLES"],
    ["nobody subscribes", "CREATE SUBSCRIPTION mine CONNECTION '' PUBLICATION p WITH (connect = false)"],
    ["nobody takes a replication slot", "SELECT pg_create_physical_replication_slot('mine')"],
    [
      "nobody listens at DDL",
      "CREATE EVENT TRIGGER mine ON sql_drop EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
    ["nobody makes an access method", "CREATE ACCESS METHOD mine TYPE TABLE HANDLER heap_tableam_handler"],
    ["nobody makes a tablespace", "CREATE TABLESPACE mine LOCATION '/tmp'"],
    ["nobody casts types that are everybody's", "CREATE CAST (text AS int) WITH INOUT AS IMPLICIT"],
    ["nobody begins or ends a backup", "SELECT pg_backup_start('mine')"],
    ["nobody resets statistics", "SELECT pg_stat_reset()"],
  ] as const
).map(([promise = "", sql = ""]) => [promise, sql, DENIED]);

/** What Postgres answers in its own way: otherwise than by a missing right. */
export const ODDLY_ANSWERED: readonly Attack[] = [
  ["nobody leaves a prepared transaction", "BEGIN; PREPARE TRANSACTION 'mine'", "55000"],
  [
    "nobody makes a foreign server without a wrapper",
    "CREATE SERVER mine FOREIGN DATA WRAPPER postgres_fdw",
    "42704",
  ],
];

/** Whoever has the right, and may not give it, is warned; whoever has it not is refused. */
const NOTHING = "42501|warning 0100[67]";

/** The same, but of the dev admin's: a member of the database's owner may do it. */
export const REFUSED_TO_APPS: readonly Attack[] = [
  ["nobody vacuums what they do not own", "VACUUM pg_class", "warning 01000"],
  ["nobody analyzes what they do not own", "ANALYZE pg_class", "warning 01000"],
  ["nobody makes another schema", "CREATE SCHEMA mine", DENIED],
  ["nobody makes an extension", "CREATE EXTENSION hstore SCHEMA extensions", DENIED],
  ["nobody makes a publication", "CREATE PUBLICATION mine", DENIED],
  ["nobody makes anything in public", "CREATE TABLE public.mine ()", DENIED],
  ["nobody makes temporary tables", "CREATE TEMPORARY TABLE mine (id int)", DENIED],
  [
    "nobody makes temporary functions",
    "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    DENIED,
  ],
  ["nobody makes a role", "CREATE ROLE mine", DENIED],
  ["nobody changes the database's settings", "ALTER DATABASE portal_db SET search_path = mine", DENIED],
  ["nobody limits the database's connections", "ALTER DATABASE portal_db CONNECTION LIMIT 0", DENIED],
  ["nobody lets everybody in", "GRANT CONNECT ON DATABASE portal_db TO PUBLIC", NOTHING],
  ["nobody shuts others out", "REVOKE CONNECT ON DATABASE portal_db FROM portal_auth", NOTHING],
  ["nobody takes the database", "REASSIGN OWNED BY portal_db_owner TO CURRENT_USER", DENIED],
  ["nobody rebuilds every index", "REINDEX DATABASE portal_db", DENIED],
];
