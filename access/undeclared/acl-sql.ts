import { roleSql, SYSTEM_SCHEMAS } from "./server";

/** What Postgres, or the script of an extension, gave by itself; what is there without a grant of anybody's. */
const usual = (catalog: string, oid: string, subid: string, kind: string, owner: string): string =>
  `coalesce((SELECT initprivs FROM pg_catalog.pg_init_privs WHERE classoid = 'pg_catalog.${catalog}'::pg_catalog.regclass
     AND objoid = ${oid} AND objsubid = ${subid}), acldefault('${kind}', ${owner}))`;

/** Every object with rights of its own, each as: kind, schema, name, rest of the name, owner, its rights, the usual ones. */
const OBJECTS = [
  `SELECT CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, relnamespace, relname::text, '', relowner, relacl,
     CASE relkind WHEN 'S' THEN ${usual("pg_class", "oid", "0", "s", "relowner")}
       ELSE ${usual("pg_class", "oid", "0", "r", "relowner")} END
   FROM pg_catalog.pg_class WHERE relacl IS NOT NULL`,
  `SELECT 'column', relnamespace, relname::text, attname::text, relowner, attacl,
     ${usual("pg_class", "c.oid", "attnum", "c", "relowner")}
   FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_class c ON c.oid = attrelid WHERE attacl IS NOT NULL`,
  `SELECT 'routine', pronamespace, proname::text, pg_get_function_identity_arguments(oid), proowner, proacl,
     ${usual("pg_proc", "oid", "0", "f", "proowner")}
   FROM pg_catalog.pg_proc WHERE proacl IS NOT NULL`,
  `SELECT 'type', typnamespace, typname::text, '', typowner, typacl, ${usual("pg_type", "oid", "0", "T", "typowner")}
   FROM pg_catalog.pg_type WHERE typacl IS NOT NULL`,
  `SELECT 'schema', oid, nspname::text, '', nspowner, nspacl, NULL::aclitem[]
   FROM pg_catalog.pg_namespace WHERE NOT (${SYSTEM_SCHEMAS}) AND nspacl IS NOT NULL`,
  `SELECT 'database', 0, datname::text, '', datdba, coalesce(datacl, acldefault('d', datdba)), NULL::aclitem[]
   FROM pg_catalog.pg_database WHERE datname = ANY($1)`,
  `SELECT 'language', 0, lanname::text, '', lanowner, lanacl, ${usual("pg_language", "oid", "0", "l", "lanowner")}
   FROM pg_catalog.pg_language WHERE lanacl IS NOT NULL`,
  `SELECT 'large object', 0, oid::text, '', lomowner, lomacl, acldefault('L', lomowner)
   FROM pg_catalog.pg_largeobject_metadata WHERE lomacl IS NOT NULL`,
  `SELECT 'foreign data wrapper', 0, fdwname::text, '', fdwowner, fdwacl, acldefault('F', fdwowner)
   FROM pg_catalog.pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL`,
  `SELECT 'foreign server', 0, srvname::text, '', srvowner, srvacl, acldefault('S', srvowner)
   FROM pg_catalog.pg_foreign_server WHERE srvacl IS NOT NULL`,
  `SELECT 'tablespace', 0, spcname::text, '', spcowner, spcacl, acldefault('t', spcowner)
   FROM pg_catalog.pg_tablespace WHERE spcacl IS NOT NULL`,
  `SELECT 'parameter', 0, parname, '', 10, paracl, acldefault('p', 10) FROM pg_catalog.pg_parameter_acl`,
];

/** A right that somebody else than the owner has, and that is not there by itself. */
export interface FoundRight {
  readonly kind: string;
  /** Empty where the object is in none. */
  readonly schema: string;
  readonly name: string;
  /** A column, or a routine's arguments. */
  readonly rest: string;
  readonly owner: string;
  readonly grantee: string;
  readonly grantor: string;
  readonly privileges: readonly string[];
  /** Whether it may be passed on. */
  readonly grantable: boolean;
}

/** Every {@link FoundRight} of the database; `$1` are the databases to look at. */
export const RIGHTS_FOUND = `
  WITH objects(kind, namespace, name, rest, owner, acl, usual) AS (${OBJECTS.join("\n UNION ALL ")})
  SELECT kind, coalesce(nspname::text, '') AS schema, name, rest, ${roleSql("owner")} AS owner,
    ${roleSql("a.grantee")} AS grantee, ${roleSql("a.grantor")} AS grantor,
    array_agg(a.privilege_type ORDER BY a.privilege_type) AS privileges, a.is_grantable AS grantable
  FROM objects LEFT JOIN pg_catalog.pg_namespace n ON n.oid = namespace, aclexplode(acl) a
  WHERE a.grantee <> owner AND NOT EXISTS (
    SELECT FROM aclexplode(usual) u
    WHERE u.grantee = a.grantee AND u.privilege_type = a.privilege_type AND u.is_grantable = a.is_grantable)
  GROUP BY kind, nspname, name, rest, owner, a.grantee, a.grantor, a.is_grantable`;

/** Default privileges of a role; those without a schema stand for Postgres's own, with which they begin. */
export const DEFAULTS_FOUND = `
  SELECT ${roleSql("defaclrole")} AS owner, coalesce(nspname::text, '') AS schema,
    CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
      WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END AS kind,
    ${roleSql("a.grantee")} AS grantee, array_agg(a.privilege_type ORDER BY a.privilege_type) AS privileges,
    bool_or(a.is_grantable) AS grantable
  FROM pg_catalog.pg_default_acl LEFT JOIN pg_catalog.pg_namespace n ON n.oid = defaclnamespace, aclexplode(defaclacl) a
  WHERE a.grantee <> defaclrole AND NOT (defaclnamespace = 0 AND EXISTS (
    SELECT FROM aclexplode(acldefault(CASE defaclobjtype WHEN 'S' THEN 's' ELSE defaclobjtype END, defaclrole)) u
    WHERE u.grantee = a.grantee AND u.privilege_type = a.privilege_type AND u.is_grantable = a.is_grantable))
  GROUP BY 1, 2, 3, 4`;
