import type { Client } from "pg";

/** Objects of one kind in a schema, with their quoted names. */
export interface SchemaObjects {
  /** As in DROP, such as `table` or `materialized view`. */
  readonly kind: string;
  readonly identities: readonly string[];
}

/** What Postgres calls a kind, where DROP calls it otherwise. */
const DROP_WORDS: Readonly<Record<string, string>> = { "statistics object": "statistics" };

/** Kinds that DROP takes one at a time. */
const ONE_BY_ONE = ["operator class", "operator family"];

/** What is dropped first, so that little goes by cascade; every other kind follows in the order of its name. */
const ORDER = ["materialized view", "view", "table", "foreign table", "sequence", "function", "procedure"];

/**
 * Everything that stands in the schema by itself, of whatever kind. What is a part of something else goes with it: an
 * identity's sequence, a range type's functions (which belong to the superuser), an extension's members.
 */
const OBJECTS = `
  SELECT o.type AS kind, array_agg(o.identity ORDER BY o.identity) AS identities
  FROM (SELECT DISTINCT classid, objid FROM pg_depend
        WHERE refclassid = 'pg_namespace'::regclass AND refobjid = to_regnamespace(quote_ident($1)) AND deptype = 'n') d,
    LATERAL pg_identify_object(d.classid, d.objid, 0) o
  WHERE o.identity IS NOT NULL AND NOT EXISTS (SELECT FROM pg_depend p
    WHERE p.classid = d.classid AND p.objid = d.objid AND p.objsubid = 0 AND p.deptype IN ('i', 'e'))
  GROUP BY o.type`;

/** What another schema has on top of this one: it would go by cascade, and is not the app's. */
const STRANGERS = `
  WITH own AS (
    SELECT 'pg_class'::regclass AS class, oid FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident($1))
    UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type WHERE typnamespace = to_regnamespace(quote_ident($1))
    UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = to_regnamespace(quote_ident($1))),
  relations AS (
    SELECT d.classid, d.objid, coalesce(r.ev_class, k.conrelid, f.adrelid, t.tgrelid, p.polrelid, c.oid) AS relation,
      coalesce(y.typnamespace, x.pronamespace) AS namespace
    FROM own JOIN pg_depend d ON d.refclassid = own.class AND d.refobjid = own.oid AND d.deptype IN ('n', 'a')
      LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
      LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
      LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
      LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
      LEFT JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
      LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
      LEFT JOIN pg_type y ON d.classid = 'pg_type'::regclass AND y.oid = d.objid
      LEFT JOIN pg_proc x ON d.classid = 'pg_proc'::regclass AND x.oid = d.objid)
  SELECT DISTINCT pg_describe_object(s.classid, s.objid, 0) AS what
  FROM relations s LEFT JOIN pg_class c ON c.oid = s.relation
  WHERE coalesce(c.relnamespace, s.namespace) <> to_regnamespace(quote_ident($1))
  ORDER BY 1 LIMIT 5`;

/** Everything in the schema by kind, in the order in which it is dropped. */
export async function objectsOf(client: Client, schema: string): Promise<SchemaObjects[]> {
  const { rows } = await client.query<SchemaObjects>(OBJECTS, [schema]);
  const rank = ({ kind }: SchemaObjects): string => {
    const place = ORDER.indexOf(kind);
    return place === -1 ? `9 ${kind}` : String(place);
  };
  return rows.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** Objects outside the schema that dropping its contents would take along. */
export async function strangersOn(client: Client, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ what: string }>(STRANGERS, [schema]);
  return rows.map(({ what }) => what);
}

/** Statements that drop the objects. What went by cascade is skipped. */
export function dropStatements({ kind, identities }: SchemaObjects): string[] {
  const word = (DROP_WORDS[kind] ?? kind).toUpperCase();
  const lists = ONE_BY_ONE.includes(kind) ? identities : [identities.join(", ")];
  return lists.map((list) => `DROP ${word} IF EXISTS ${list} CASCADE`);
}

/** For people: `300 tables, 1 sequence`. */
export function countText(objects: readonly SchemaObjects[]): string {
  return objects
    .map(({ kind, identities: { length } }) => `${length} ${length === 1 ? kind : kind.replace(/s?$/, "s")}`)
    .join(", ");
}
