import type { Client } from "pg";

/** An object that stands in a schema by itself, of whatever kind. */
export interface SchemaObject {
  /** What Postgres calls it, such as `table` or `materialized view`. */
  readonly kind: string;
  /** Its quoted name with the schema, and a function's arguments. */
  readonly identity: string;
  readonly owner: string;
  /** Whether it is the sequence of a `serial` column, which has its table's owner and no other. */
  readonly isOfColumn: boolean;
}

/**
 * Everything that stands in a schema. What is a part of something else goes with it: an identity's sequence, a range
 * type's functions (which belong to the superuser), an extension's members. Owners are read where Postgres keeps them
 * for objects of every kind; those of its first superuser, whose number is 10, it does not write down.
 */
const OBJECTS = `
  SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE o.type END AS kind, o.identity,
    pg_get_userbyid(coalesce(s.refobjid, 10)) AS owner,
    o.type = 'sequence' AND EXISTS (SELECT FROM pg_depend p WHERE p.classid = d.classid AND p.objid = d.objid
      AND p.refclassid = 'pg_class'::regclass AND p.deptype = 'a') AS "isOfColumn"
  FROM (SELECT DISTINCT classid, objid FROM pg_depend
        WHERE refclassid = 'pg_namespace'::regclass AND refobjid = to_regnamespace(quote_ident($1)) AND deptype = 'n') d
    CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) o
    LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
    LEFT JOIN pg_shdepend s ON s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND s.classid = d.classid AND s.objid = d.objid AND s.objsubid = 0 AND s.deptype = 'o'
  WHERE o.identity IS NOT NULL AND NOT EXISTS (SELECT FROM pg_depend p
    WHERE p.classid = d.classid AND p.objid = d.objid AND p.objsubid = 0 AND p.deptype IN ('i', 'e'))
  ORDER BY o.identity`;

/** What is dropped first, so that little goes by cascade; every other kind follows in the order of its name. */
const DROP_ORDER = [
  "materialized view",
  "view",
  "table",
  "foreign table",
  "sequence",
  "function",
  "procedure",
];

const RELATIONS = ["table", "view", "materialized view", "sequence", "foreign table"];
const ROUTINES = ["function", "procedure", "aggregate"];
const TYPES = ["type", "domain"];

/** Kinds that nobody can be made the owner of. */
const WITHOUT_OWNER = ["extension", "text search parser", "text search template"];

/** Everything in the schema, in the order in which it is dropped; nothing when there is no such schema. */
export async function objectsOf(client: Client, schema: string): Promise<SchemaObject[]> {
  const { rows } = await client.query<SchemaObject>(OBJECTS, [schema]);
  return ranked(rows, ({ kind }) => {
    const place = DROP_ORDER.indexOf(kind);
    return place === -1 ? `9 ${kind}` : String(place);
  });
}

/** What in the schema can get another owner: relations first, then routines, then types. */
export async function ownedObjectsOf(client: Client, schema: string): Promise<SchemaObject[]> {
  const { rows } = await client.query<SchemaObject>(OBJECTS, [schema]);
  const owned = rows.filter(({ kind, isOfColumn }) => !isOfColumn && !WITHOUT_OWNER.includes(kind));
  return ranked(owned, ({ kind }) => {
    const place = [RELATIONS, ROUTINES, TYPES].findIndex((kinds) => kinds.includes(kind));
    return place === -1 ? "9" : String(place);
  });
}

/** By rank; those of the same rank stay in the order of their names. */
function ranked(objects: SchemaObject[], rank: (object: SchemaObject) => string): SchemaObject[] {
  return objects.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) < rank(b) ? -1 : 1));
}

/** The word that DROP takes for a kind, such as `TABLE`. */
export function dropWordOf(kind: string): string {
  return kind === "statistics object" ? "STATISTICS" : kind.toUpperCase();
}

/** The word that ALTER … OWNER takes for a kind, such as `TABLE` or `ROUTINE`. */
export function alterWordOf(kind: string): string {
  return ROUTINES.includes(kind) ? "ROUTINE" : dropWordOf(kind);
}

/** For people: `300 tables, 1 sequence`. */
export function countText(objects: readonly SchemaObject[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .map(([kind, count]) => `${count} ${count === 1 ? kind : kind.replace(/s?$/, "s")}`)
    .join(", ");
}
