import type { Client } from "pg";

/** What the database knows of roles, memberships, settings, schemas, their rights and default rights. */
const QUERIES: Readonly<Record<string, string>> = {
  roles: `SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
      rolconnlimit, rolvaliduntil::text AS valid_until,
      ARRAY(SELECT unnest(rolconfig) ORDER BY 1) AS rolconfig
    FROM pg_roles WHERE rolname !~ '^(pg_|rdsadmin)' ORDER BY rolname`,
  memberships: `SELECT pg_get_userbyid(member) AS member, pg_get_userbyid(roleid) AS role,
      pg_get_userbyid(grantor) AS grantor, admin_option, inherit_option, set_option
    FROM pg_auth_members WHERE pg_get_userbyid(roleid) !~ '^pg_' ORDER BY 1, 2, 3`,
  // In which order settings were made says nothing.
  settings: `SELECT pg_get_userbyid(setrole) AS role, setdatabase,
    ARRAY(SELECT unnest(setconfig) ORDER BY 1) AS setconfig FROM pg_db_role_setting ORDER BY 1`,
  // A grant that was taken and given back stands at the end of the server's list.
  schemas: `SELECT nspname, pg_get_userbyid(nspowner) AS owner,
      (SELECT array_agg(acl::text ORDER BY acl::text) FROM unnest(nspacl) AS acl) AS nspacl FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname`,
  databases: `SELECT datname, pg_get_userbyid(datdba) AS owner,
      (SELECT array_agg(acl::text ORDER BY acl::text) FROM unnest(datacl) AS acl) AS datacl FROM pg_database
    WHERE datname <> 'template0' ORDER BY datname`,
  defaults: `SELECT pg_get_userbyid(defaclrole) AS owner, defaclnamespace::regnamespace::text AS schema,
      defaclobjtype, defaclacl::text FROM pg_default_acl ORDER BY 1, 2, 3`,
};

/** The catalog as `portal_db` shows it, passwords aside, by section. */
export async function readCatalog(client: Client): Promise<Record<string, unknown[]>> {
  const catalog: Record<string, unknown[]> = {};
  for (const [section, sql] of Object.entries(QUERIES)) catalog[section] = (await client.query(sql)).rows;
  return catalog;
}
