import type { Client } from "pg";

/** An object that stands by itself in a schema: not a part of another one, nor of an extension. */
export interface OwnedObject {
  /** The word that ALTER takes, such as `TABLE` or `ROUTINE`. */
  readonly kind: string;
  /** Its quoted name with the schema, and a function's arguments. */
  readonly identity: string;
  readonly owner: string;
}

const RELATION_KINDS = `CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'p' THEN 'TABLE' WHEN 'v' THEN 'VIEW'
  WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' END`;

/** Catalogs of things that have a name, a schema and an owner, by the prefix of their columns. */
const NAMED: readonly (readonly [kind: string, catalog: string, prefix: string])[] = [
  ["OPERATOR", "pg_operator", "opr"],
  ["OPERATOR CLASS", "pg_opclass", "opc"],
  ["OPERATOR FAMILY", "pg_opfamily", "opf"],
  ["COLLATION", "pg_collation", "coll"],
  ["CONVERSION", "pg_conversion", "con"],
  ["TEXT SEARCH DICTIONARY", "pg_ts_dict", "dict"],
  ["TEXT SEARCH CONFIGURATION", "pg_ts_config", "cfg"],
  ["STATISTICS", "pg_statistic_ext", "stx"],
];

/** Every object, tables first; a sequence of a column goes with its table, and so does a table's row type. */
const OBJECTS = `
  SELECT 1 AS rank, 'pg_class'::regclass AS catalog, c.oid, ${RELATION_KINDS} AS kind, c.relowner AS owner
  FROM pg_class c WHERE c.relnamespace = $1::oid AND c.relkind IN ('r','p','v','m','S','f')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
      AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a','i') AND c.relkind = 'S')
  UNION ALL
  SELECT 3, 'pg_type'::regclass, t.oid, CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.typowner
  FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid WHERE t.typnamespace = $1::oid AND t.typtype <> 'm'
    AND coalesce(c.relkind, 'c') = 'c'
    AND NOT EXISTS (SELECT FROM pg_type element WHERE element.typarray = t.oid)
  UNION ALL
  SELECT 2, 'pg_proc'::regclass, p.oid, 'ROUTINE', p.proowner
  FROM pg_proc p WHERE p.pronamespace = $1::oid
  ${NAMED.map(
    ([kind, catalog, prefix]) => `UNION ALL
  SELECT 4, '${catalog}'::regclass, x.oid, '${kind}', x.${prefix}owner FROM ${catalog} x WHERE x.${prefix}namespace = $1::oid`,
  ).join("\n  ")}`;

/**
 * The objects of a schema.
 * @returns undefined when there is no such schema
 */
export async function objectsOf(client: Client, schema: string): Promise<readonly OwnedObject[] | undefined> {
  const { rows: found } = await client.query<{ oid: string }>(
    "SELECT oid::text FROM pg_catalog.pg_namespace WHERE nspname = $1",
    [schema],
  );
  const oid = found[0]?.oid;
  if (oid === undefined) return undefined;
  const { rows } = await client.query<{ kind: string; identity: string; owner: string }>(
    `SELECT kind, o.identity, pg_get_userbyid(owner) AS owner FROM (${OBJECTS}) objects,
       pg_identify_object(catalog, oid, 0) o
     WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = catalog AND e.objid = objects.oid AND e.deptype IN ('e', 'i'))
     ORDER BY rank, 2`,
    [oid],
  );
  return rows;
}
