import type { Client } from "pg";
import type { AppNames } from "../../infra/names";
import { declaredDefaults } from "../reset/default-privileges";

/** What things of a schema have by themselves: by the stack's default privileges, and by Postgres's own. */
const NARROWED = `
  WITH things AS (
    SELECT CASE relkind WHEN 'S' THEN 'SEQUENCES' ELSE 'TABLES' END AS "on", CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" AS kind,
      format('%s %I.%I', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, $1::text, relname) AS name,
      'pg_class'::regclass AS classid, oid, relowner AS owner, relacl AS acl
      FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident($1::text)) AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'FUNCTIONS', 'f', format('ROUTINE %I.%I(%s)', $1::text, proname, pg_get_function_identity_arguments(oid)),
      'pg_proc'::regclass, oid, proowner, proacl FROM pg_proc WHERE pronamespace = to_regnamespace(quote_ident($1::text))
    UNION ALL
    SELECT 'TYPES', 'T', format('TYPE %I.%I', $1::text, typname), 'pg_type'::regclass, t.oid, typowner, typacl FROM pg_type t
      WHERE typnamespace = to_regnamespace(quote_ident($1::text)) AND typacl IS NOT NULL),
  wanted AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[]) AS w("on", grantee, privilege)),
  due AS (
    SELECT t.oid, t.name, r.oid AS grantee, w.privilege, t.acl, t.kind, t.owner, t.classid
      FROM things t JOIN wanted w USING ("on") JOIN pg_roles r ON r.rolname = w.grantee
    UNION ALL
    SELECT t.oid, t.name, a.grantee, a.privilege_type, t.acl, t.kind, t.owner, t.classid
      FROM things t CROSS JOIN LATERAL aclexplode(acldefault(t.kind, t.owner)) a)
  SELECT format('REVOKE %s ON %s FROM %s;', string_agg(privilege, ', ' ORDER BY privilege), name,
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END) AS statement
  FROM due d
  WHERE NOT EXISTS (SELECT FROM aclexplode(coalesce(d.acl, acldefault(d.kind, d.owner))) a
      WHERE a.grantee = d.grantee AND a.privilege_type = d.privilege)
    AND NOT EXISTS (SELECT FROM pg_depend p WHERE p.classid = d.classid AND p.objid = d.oid AND p.deptype = 'e')
  GROUP BY name, grantee ORDER BY name, 1`;

/**
 * What was taken away, by the owner as a migration does it, from roles of the app and from PUBLIC on things in a schema.
 * No snapshot has rights in it: whatever is made again has all of them.
 * @returns the statements that take them away
 */
export async function narrowedRights(client: Client, names: AppNames): Promise<string[]> {
  const defaults = await declaredDefaults(client, names);
  const each = defaults.flatMap(({ on, grantee, privileges }) =>
    (privileges ?? "").split(", ").map((privilege) => [on, grantee, privilege]),
  );
  const columns = [0, 1, 2].map((column) => each.map((row) => row[column]));
  const { rows } = await client.query<{ statement: string }>(NARROWED, [names.schema, ...columns]);
  return rows.map(({ statement }) => statement);
}
