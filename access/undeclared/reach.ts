import type { Client } from "pg";
import { byHand, type CatalogFinding, dropWord } from "./finding";
import type { Server } from "./server";
import { roleSql } from "./server";

/**
 * What in one schema stands on something in another one: a trigger that calls its function, a foreign key, a view, a
 * default, a child table, and what has no schema of its own: a cast. A right that was taken away again leaves such a thing working.
 * What the server's first superuser owns is not written down.
 */
const REACHES = `
  WITH things AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS class, oid, relnamespace AS namespace FROM pg_catalog.pg_class WHERE relkind NOT IN ('i', 'I')
    UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, oid, typnamespace FROM pg_catalog.pg_type
    UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, pronamespace FROM pg_catalog.pg_proc
    UNION ALL SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, oid, oprnamespace FROM pg_catalog.pg_operator
    UNION ALL SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass, oid, collnamespace FROM pg_catalog.pg_collation
    UNION ALL SELECT 'pg_catalog.pg_opclass'::pg_catalog.regclass, oid, opcnamespace FROM pg_catalog.pg_opclass
    UNION ALL SELECT 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, oid, dictnamespace FROM pg_catalog.pg_ts_dict
    UNION ALL SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass, oid, cfgnamespace FROM pg_catalog.pg_ts_config),
  spaces AS (
    SELECT oid, nspname::text AS name FROM pg_catalog.pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
  users AS (
    SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass AS class, k.oid, typnamespace AS namespace, typowner AS owner, 0::oid AS family
    FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_type t ON t.oid = contypid
    UNION ALL SELECT 'pg_catalog.pg_cast'::pg_catalog.regclass, k.oid, typnamespace, typowner, 0
    FROM pg_catalog.pg_cast k JOIN pg_catalog.pg_type t ON t.oid = CASE
      WHEN EXISTS (SELECT FROM pg_catalog.pg_type s JOIN spaces ON spaces.oid = s.typnamespace WHERE s.oid = castsource)
      THEN castsource ELSE casttarget END
    UNION ALL SELECT 'pg_catalog.pg_amop'::pg_catalog.regclass, a.oid, opfnamespace, opfowner, f.oid
    FROM pg_catalog.pg_amop a JOIN pg_catalog.pg_opfamily f ON f.oid = amopfamily
    UNION ALL SELECT 'pg_catalog.pg_amproc'::pg_catalog.regclass, a.oid, opfnamespace, opfowner, f.oid
    FROM pg_catalog.pg_amproc a JOIN pg_catalog.pg_opfamily f ON f.oid = amprocfamily
    UNION ALL SELECT 'pg_catalog.pg_publication_rel'::pg_catalog.regclass, a.oid, NULL, pubowner, 0
    FROM pg_catalog.pg_publication_rel a JOIN pg_catalog.pg_publication p ON p.oid = prpubid),
  named_users AS (SELECT class, users.oid, owner, family, name FROM users LEFT JOIN spaces ON spaces.oid = namespace),
  reaches AS (
    SELECT DISTINCT d.classid, d.objid, d.refclassid, d.refobjid, s.name AS onto, coalesce(w.name, v.name, u.name) AS "from",
      coalesce(c.relowner, own.proowner, u.owner, (
        SELECT refobjid FROM pg_catalog.pg_shdepend o WHERE o.deptype = 'o' AND o.classid = d.classid AND o.objid = d.objid
          AND o.objsubid = 0 AND o.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())), 10) AS owner,
      u.family,
      CASE
        WHEN g.oid IS NOT NULL THEN format('DROP TRIGGER %I ON %s', g.tgname, c.oid::regclass)
        WHEN p.oid IS NOT NULL THEN format('DROP POLICY %I ON %s', p.polname, c.oid::regclass)
        WHEN f.oid IS NOT NULL THEN format('ALTER TABLE %s ALTER %I DROP DEFAULT', c.oid::regclass,
          (SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = f.adrelid AND attnum = f.adnum))
        WHEN k.conrelid <> 0 THEN format('ALTER TABLE %s DROP CONSTRAINT %I', c.oid::regclass, k.conname)
        WHEN k.contypid <> 0 THEN format('ALTER DOMAIN %s DROP CONSTRAINT %I', k.contypid::regtype, k.conname)
        WHEN d.classid = 'pg_catalog.pg_publication_rel'::pg_catalog.regclass THEN (
          SELECT format('ALTER PUBLICATION %I DROP TABLE %s', pubname, prrelid::regclass)
          FROM pg_catalog.pg_publication_rel a JOIN pg_catalog.pg_publication b ON b.oid = prpubid WHERE a.oid = d.objid)
        WHEN r.rulename = '_RETURN' THEN
          format('DROP %s %s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, c.oid::regclass)
        WHEN r.oid IS NOT NULL THEN format('DROP RULE %I ON %s', r.rulename, c.oid::regclass)
      END AS mend
    FROM pg_catalog.pg_depend d
      JOIN things t ON t.class = d.refclassid AND t.oid = d.refobjid JOIN spaces s ON s.oid = t.namespace
      LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid
      LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND k.oid = d.objid
      LEFT JOIN pg_catalog.pg_attrdef f ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND f.oid = d.objid
      LEFT JOIN pg_catalog.pg_trigger g ON d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND g.oid = d.objid
      LEFT JOIN pg_catalog.pg_policy p ON d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND p.oid = d.objid
      LEFT JOIN things o ON o.class = d.classid AND o.oid = d.objid
      LEFT JOIN pg_catalog.pg_proc own ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND own.oid = d.objid
      LEFT JOIN pg_catalog.pg_class c ON c.oid = coalesce(r.ev_class, nullif(k.conrelid, 0), f.adrelid, g.tgrelid, p.polrelid,
        CASE d.classid WHEN 'pg_catalog.pg_class'::pg_catalog.regclass THEN d.objid END)
      LEFT JOIN named_users u ON u.class = d.classid AND u.oid = d.objid
      LEFT JOIN spaces v ON v.oid = o.namespace LEFT JOIN spaces w ON w.oid = c.relnamespace
    WHERE d.deptype IN ('n', 'a') AND s.name <> 'extensions')
  SELECT pg_describe_object(classid, objid, 0) AS what, pg_describe_object(refclassid, refobjid, 0) AS onto,
    coalesce("from", '') AS place, onto AS other, coalesce(${roleSql("owner")}, '') AS owner, mend, i.type AS kind, i.identity
  FROM reaches,
    pg_identify_object(CASE WHEN family <> 0 THEN 'pg_catalog.pg_opfamily'::pg_catalog.regclass ELSE classid END,
      CASE WHEN family <> 0 THEN family ELSE objid END, 0) i
  WHERE coalesce(quote_ident("from"), i.schema) IS DISTINCT FROM quote_ident(onto)`;

interface Reach {
  readonly what: string;
  readonly onto: string;
  readonly place: string;
  readonly other: string;
  readonly owner: string;
  /** Null where the thing itself is dropped. */
  readonly mend: string | null;
  readonly kind: string;
  readonly identity: string;
}

/** What reaches from a schema of the stack into another one, or from another one into it. */
export async function reachFindings(client: Client, { declared }: Server): Promise<CatalogFinding[]> {
  const { rows } = await client.query<Reach>(REACHES);
  return rows
    .filter(({ place, other }) => declared.ownerBySchema.has(place) || declared.ownerBySchema.has(other))
    .map(({ what, onto, owner, mend, kind, identity }) => ({
      who: owner,
      what: `uses ${onto}`,
      where: what,
      mend: byHand(`${mend ?? `DROP ${dropWord(kind)} ${identity}`};`),
    }));
}
