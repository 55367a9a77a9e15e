import type { Client } from "pg";
import { codeOf, MistakeError, messageOf } from "../../infra/mistake";
import type { AppNames } from "../../infra/names";
import { printable } from "../../infra/printable";
import { dropWordOf, objectsOf, type SchemaObject } from "../app/schema-objects";

/** Kinds that DROP takes one at a time. */
const ONE_BY_ONE = ["operator class", "operator family"];

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

/**
 * Refuses a schema whose contents something outside it stands on: dropping them would take that along.
 * @throws {MistakeError} that names it
 */
export async function checkStrangers(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ what: string }>(STRANGERS, [schema]);
  if (rows.length === 0) return;
  const strangers = rows.map(({ what }) => printable(what)).join("; ");
  throw new MistakeError(`outside ${schema} stand on it: ${strangers}. Drop them first; nothing was changed`);
}

/**
 * Drops everything in the schema, inside the caller's transaction. The schema itself stays, with its grants.
 * @param keptKinds kinds that stay, too
 * @throws {MistakeError} when something outside stands on it, or something in it is not the owner's
 */
export async function emptySchema(
  client: Client,
  { schema, owner }: AppNames,
  keptKinds: readonly string[] = [],
): Promise<void> {
  await checkStrangers(client, schema);
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const objects = (await objectsOf(client, schema)).filter(({ kind }) => !keptKinds.includes(kind));
    const [next] = objects;
    if (next === undefined) return;
    if (objects.length >= before)
      throw new MistakeError(`${printable(next.identity)} cannot be dropped; nothing was changed`);
    before = objects.length;
    // A kind a round, since much goes by cascade.
    for (const statement of dropStatements(objects.filter(({ kind }) => kind === next.kind))) {
      try {
        await client.query(statement);
      } catch (thrown) {
        if (codeOf(thrown) !== "42501") throw thrown;
        throw new MistakeError(
          `${printable(messageOf(thrown))}: not ${owner}'s, so adopt it first (npm run ops -- adopt); nothing was changed`,
        );
      }
    }
  }
}

/** Statements that drop objects of one kind. What went by cascade is skipped. */
function dropStatements(objects: readonly SchemaObject[]): string[] {
  const kind = objects[0]?.kind ?? "";
  const identities = objects.map(({ identity }) => identity);
  const lists = ONE_BY_ONE.includes(kind) ? identities : [identities.join(", ")];
  return lists.map((list) => `DROP ${dropWordOf(kind)} IF EXISTS ${list} CASCADE`);
}
