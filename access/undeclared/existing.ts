import type { Client } from "pg";
import type { RightsRow } from "../../infra/rights";
import { textsOf } from "../declared-resource";
import { byHand, type CatalogFinding, quoted } from "./finding";
import { type NamedObject, objectName, objectPlace } from "./object-name";
import type { Server } from "./server";

/** A grant on everything of a kind that is in a schema by now. */
interface ExistingGrant {
  readonly role: string;
  readonly schema: string;
  /** Whose objects are looked at: another one's are named as such. */
  readonly owner: string;
  readonly kind: string;
  readonly privileges: readonly string[];
  /** Whether what the owner takes away on an object of its own is its affair. */
  readonly isNarrowed: boolean;
}

/** What such a grant lacks on one object. */
interface Lacking extends ExistingGrant, NamedObject {
  readonly lacking: readonly string[];
}

/**
 * Objects on which a role lacks what a grant gives it, whoever took it, or never gave it: the provider gives on a schema's
 * objects as whoever owns a table there, so that where there is none, it gives nothing. What everybody has is nobody's right
 * on a table. A right on a column writes, too; what its owner narrowed to columns is read by them.
 */
const LACKING = `
  WITH grants AS (
    SELECT g.*, r.oid AS "roleId", o.oid AS "ownerId", n.oid AS namespace
    FROM jsonb_to_recordset($1) AS g(role text, schema text, owner text, kind text, privileges text[], "isNarrowed" bool)
      JOIN pg_catalog.pg_roles r ON r.rolname = g.role JOIN pg_catalog.pg_roles o ON o.rolname = g.owner
      JOIN pg_catalog.pg_namespace n ON n.nspname = g.schema),
  objects AS (
    SELECT CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, oid, relnamespace AS namespace, relowner AS owner,
      relacl AS acl, relname::text AS name, '' AS rest
    FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL SELECT 'routine', oid, pronamespace, proowner, coalesce(proacl, acldefault('f', proowner)), proname::text,
      pg_get_function_identity_arguments(oid)
    FROM pg_catalog.pg_proc)
  SELECT role, schema, g.owner, g.kind, privileges, "isNarrowed", name, rest, ARRAY(
    SELECT p FROM unnest(privileges) p WHERE NOT EXISTS (
      SELECT FROM aclexplode(o.acl) a
      WHERE (a.grantee = "roleId" OR (a.grantee = 0 AND g.kind = 'routine')) AND a.privilege_type = p)
    AND NOT (g.kind = 'table' AND (p IN ('INSERT', 'UPDATE') OR "isNarrowed" AND p = 'SELECT') AND EXISTS (
      SELECT FROM pg_catalog.pg_attribute t, aclexplode(t.attacl) a
      WHERE t.attrelid = o.oid AND a.grantee = "roleId" AND a.privilege_type = p))) AS lacking
  FROM grants g JOIN objects o ON o.kind = g.kind AND o.namespace = g.namespace AND o.owner = g."ownerId"
  ORDER BY role, kind, name, rest`;

/** What a role shall read or write of what is there, and cannot. */
export async function existingFindings(client: Client, server: Server): Promise<CatalogFinding[]> {
  const { part, ownerBySchema } = server.declared;
  const grants = part.rows.flatMap((row) => existingGrant(row, ownerBySchema));
  const { rows } = await client.query<Lacking>(LACKING, [JSON.stringify(grants)]);
  return rows.flatMap((found) => {
    const { role, owner, kind } = found;
    const { lacking } = found;
    // What can still be used in one way is as its owner wants it.
    if (lacking.length === 0 || (found.isNarrowed && lacking.length < found.privileges.length)) return [];
    const words = lacking.join(", ");
    const statement = `GRANT ${words} ON ${kind.toUpperCase()} ${objectName(found, quoted)} TO ${quoted(role)}`;
    const mend = found.isNarrowed
      ? byHand(`${statement}; -- as ${quoted(owner)}, unless a migration took it`)
      : server.mendAt(owner, statement, owner);
    return [{ who: role, what: `no ${words}`, where: objectPlace(found), mend }];
  });
}

function existingGrant(
  { type, inputs, ignoreChanges }: RightsRow,
  ownerBySchema: ReadonlyMap<string, string | undefined>,
): ExistingGrant[] {
  const { role, schema, objectType: kind } = inputs;
  const owner = ownerBySchema.get(String(schema));
  if (type !== "postgresql:index/grant:Grant" || owner === undefined || kind === "schema") return [];
  const isNarrowed = ignoreChanges.includes("privileges");
  return [
    {
      role: String(role),
      schema: String(schema),
      owner,
      kind: String(kind),
      privileges: textsOf(inputs, "privileges"),
      isNarrowed,
    },
  ];
}
