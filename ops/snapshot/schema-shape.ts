import type { Client } from "pg";

/** What changes in the catalog's row of a relation when only its rows do. */
const OF_ROWS =
  "{relfilenode,relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid,relhasindex,relhastriggers}";

/** Catalogs whose rows stand in a schema by themselves, with the column that says so. */
const BY_SCHEMA = {
  pg_proc: "pronamespace",
  pg_type: "typnamespace",
  pg_constraint: "connamespace",
  pg_operator: "oprnamespace",
  pg_opclass: "opcnamespace",
  pg_opfamily: "opfnamespace",
  pg_collation: "collnamespace",
  pg_conversion: "connamespace",
  pg_ts_config: "cfgnamespace",
  pg_ts_dict: "dictnamespace",
  pg_ts_parser: "prsnamespace",
  pg_ts_template: "tmplnamespace",
  pg_statistic_ext: "stxnamespace",
};

/** Catalogs whose rows are parts of a relation, with the column that says of which. */
const BY_RELATION = {
  pg_attrdef: "adrelid",
  pg_trigger: "tgrelid",
  pg_rewrite: "ev_class",
  pg_policy: "polrelid",
};

/** The same, without a number of their own. */
const WITHOUT_NUMBER = {
  pg_index: "indexrelid",
  pg_inherits: "inhrelid",
  pg_sequence: "seqrelid",
  pg_partitioned_table: "partrelid",
};

const rowsOf = (catalog: string, object: string, where: string): string =>
  `SELECT '${catalog}'::regclass::oid, ${object}, 0, to_jsonb(x) FROM ${catalog} x WHERE ${where}`;

const PARTS = [
  ...Object.entries(BY_SCHEMA).map(([catalog, column]) => rowsOf(catalog, "oid", `${column} = $1::oid`)),
  ...Object.entries(BY_RELATION).map(([catalog, column]) =>
    rowsOf(catalog, "oid", `${column} IN (SELECT oid FROM relations)`),
  ),
  ...Object.entries(WITHOUT_NUMBER).map(
    ([catalog, column]) =>
      `SELECT 'pg_class'::regclass::oid, ${column}, 0, to_jsonb(x) FROM ${catalog} x WHERE ${column} IN (SELECT oid FROM relations)`,
  ),
  "SELECT 'pg_type'::regclass::oid, enumtypid, 0, to_jsonb(x) FROM pg_enum x JOIN pg_type t ON t.oid = enumtypid AND t.typnamespace = $1::oid",
  rowsOf(
    "pg_cast",
    "oid",
    "EXISTS (SELECT FROM pg_type t WHERE t.oid IN (castsource, casttarget) AND t.typnamespace = $1::oid)",
  ),
  rowsOf("pg_default_acl", "oid", "defaclrole = current_user::regrole"),
  // They stand in no schema, and outlive every reset of one.
  "SELECT 'pg_largeobject'::regclass::oid, oid, 0, to_jsonb(x) FROM pg_largeobject_metadata x WHERE lomowner = current_user::regrole",
  `SELECT 'pg_class'::regclass::oid, attrelid, CASE WHEN attisdropped THEN 0 ELSE attnum END, to_jsonb(x) FROM pg_attribute x
   WHERE attnum > 0 AND attrelid IN (SELECT oid FROM relations)`,
];

const SHAPE = `
  WITH relations AS (SELECT oid FROM pg_class WHERE relnamespace = $1::oid),
  found (class, object, part, entry) AS (
    SELECT 'pg_class'::regclass::oid, oid, 0, to_jsonb(c) - '${OF_ROWS}'::text[] FROM pg_class c WHERE relnamespace = $1::oid
    UNION ALL ${PARTS.join("\n    UNION ALL ")})
  SELECT pg_describe_object(class, object, part) AS what, md5(string_agg(entry::text, ',' ORDER BY entry::text)) AS state
  FROM found GROUP BY class, object, part`;

/** What a schema is made of, without its rows: what it is called, and what the catalogs say of it as a checksum. */
export type SchemaShape = ReadonlyMap<string, string>;

/** Reads a schema's shape, inside the caller's transaction, whose search path is `pg_catalog` from then on. */
export async function schemaShape(client: Client, schema: string): Promise<SchemaShape> {
  await client.query("SET LOCAL search_path TO pg_catalog");
  const { rows: found } = await client.query<{ oid: string }>(
    "SELECT oid::text FROM pg_namespace WHERE nspname = $1",
    [schema],
  );
  const { rows } = await client.query<{ what: string; state: string }>(SHAPE, [found[0]?.oid]);
  return new Map(rows.map(({ what, state }) => [what, state]));
}

/** What was made, changed or dropped between two shapes. */
export function shapeChanges(before: SchemaShape, after: SchemaShape): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}
