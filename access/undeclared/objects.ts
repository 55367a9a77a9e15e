import type { Client } from "pg";
import { ADMIN, DATABASE_OWNER, DEV_ADMIN, EXTENSIONS_SCHEMA, rolesOf } from "../../infra/names";
import { type DeclaredServer, iamLoginsOf, ownerOfAdopted } from "./declared";
import { BY_UP, byHand, type CatalogFinding, dropWord, NOT_THERE, plain, quoted } from "./finding";
import { roleSql, type Server } from "./server";

/** Schemas: whose they are, and whether anybody declares them. */
export function schemaFindings({ declared, schemas, master, isOfServer }: Server): CatalogFinding[] {
  const { part, isWhole, ownerBySchema, stackOf } = declared;
  const present = new Set(schemas.map(({ name }) => name));
  const appRoles = new Set(part.apps.flatMap(rolesOf));
  const absent = [...ownerBySchema.keys()].filter((name) => !present.has(name));
  return [
    ...absent.map((name) => ({
      who: part.deployer,
      what: NOT_THERE,
      where: `schema ${plain(name)}`,
      mend: BY_UP,
    })),
    ...schemas.flatMap(({ name, owner }): CatalogFinding[] => {
      const where = `schema ${plain(name)}`;
      // A server of before Postgres 15 gave it to its first superuser, one that was upgraded still does.
      const isBuiltIn = name === "public" && (!isWhole || isOfServer(owner) || owner === master);
      if (isBuiltIn) return [];
      const wanted = ownerBySchema.has(name)
        ? part.deployer
        : name === "public"
          ? "pg_database_owner"
          : undefined;
      if (wanted !== undefined) {
        const statement =
          handOver(declared, owner) ?? `ALTER SCHEMA ${quoted(name)} OWNER TO ${quoted(wanted)};`;
        return owner === wanted ? [] : [{ who: owner, what: "owns it", where, mend: byHand(statement) }];
      }
      const stack = stackOf(name);
      // Of another stack, whose own verify looks at it; what belongs to an app of this one is nobody else's.
      const isOthers = stack !== undefined && stack !== part.stack && !appRoles.has(owner);
      if (isOthers || name === EXTENSIONS_SCHEMA) return [];
      const mend = byHand(`DROP SCHEMA ${quoted(name)};`);
      return [{ who: owner, what: "owns it, nobody declares it", where, mend }];
    }),
  ];
}

/** An object whose owner is not the one that its schema's objects have. */
interface FoundObject {
  readonly kind: string;
  readonly schema: string | null;
  readonly identity: string;
  readonly owner: string;
  readonly isDefiner: boolean;
}

/**
 * What stands in a schema with another owner than it shall have, and what belongs to a role wherever it is. Parts of
 * something else are left out, and what an extension brought: of one that anybody else made, what the superuser ran alone,
 * since its owner may add whatever it owns. What the server's first superuser owns is not written down.
 */
const OBJECTS = `
  WITH expected AS (
    SELECT n.oid, r.oid AS owner FROM unnest($1::text[], $2::text[]) AS e(name, owner)
      JOIN pg_catalog.pg_namespace n ON n.nspname = e.name LEFT JOIN pg_catalog.pg_roles r ON r.rolname = e.owner),
  owned AS (
    SELECT classid, objid, refobjid AS owner FROM pg_catalog.pg_shdepend
    WHERE deptype = 'o' AND objsubid = 0 AND dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())),
  contained AS (
    SELECT DISTINCT classid, objid, refobjid AS namespace FROM pg_catalog.pg_depend
    WHERE refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND deptype = 'n'),
  found AS (
    SELECT coalesce(o.classid, c.classid) AS classid, coalesce(o.objid, c.objid) AS objid, namespace,
      coalesce(o.owner, 10::oid) AS owner
    FROM owned o FULL JOIN contained c ON c.classid = o.classid AND c.objid = o.objid)
  SELECT i.type AS kind, i.schema, i.identity, ${roleSql("f.owner")} AS owner, coalesce(p.prosecdef, false) AS "isDefiner"
  FROM found f LEFT JOIN expected e ON e.oid = f.namespace
    LEFT JOIN pg_catalog.pg_proc p ON f.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid = f.objid,
    pg_identify_object(f.classid, f.objid, 0) i
  WHERE (CASE WHEN e.oid IS NULL THEN ${roleSql("f.owner")} = ANY($3) ELSE e.owner IS DISTINCT FROM f.owner END)
    AND i.identity IS NOT NULL AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = f.classid AND d.objid = f.objid AND d.objsubid = 0 AND (d.deptype = 'i' OR (d.deptype = 'e'
        AND (f.owner = 10 OR (SELECT ${roleSql("x.extowner")} FROM pg_catalog.pg_extension x WHERE x.oid = d.refobjid) = ANY($4)))))`;

/** Kinds that every owner of a schema's objects may have outside it, and that hold no right on anything. */
const OWN_AFFAIR = ["large object", "default acl"];

/** Owners: of what stands in the stack's schemas, and whatever else its roles own. */
export async function ownerFindings(client: Client, server: Server): Promise<CatalogFinding[]> {
  const { declared } = server;
  const { part, ownerBySchema, isWhole, own } = declared;
  const places = new Map(ownerBySchema);
  if (isWhole) places.set("public", undefined);
  const owners = [...own, part.deployer, ...(isWhole ? [ADMIN, DEV_ADMIN, DATABASE_OWNER] : [])];
  const { rows } = await client.query<FoundObject>(OBJECTS, [
    [...places.keys()],
    [...places.values()].map((owner) => owner ?? null),
    owners,
    server.ownersOfExtensions,
  ]);
  const acted = new Set([...declared.roles.values()].map(({ settings }) => settings.get("role")));
  // A runtime that an app acts as may make large objects, and nothing else.
  const objectOwners = new Set(
    part.apps.flatMap(({ owner, runtime }) => (acted.has(runtime) ? [owner, runtime] : [owner])),
  );
  const ownerByRuntime = new Map(part.apps.map(({ owner, runtime }) => [runtime, owner]));
  const byIam = iamLoginsOf(part);
  return rows.flatMap(({ kind, schema, identity, owner, isDefiner }) => {
    if (byIam.has(owner)) {
      const mend = byHand('see docs/runbook.md, "Give somebody access, and end it": A person by IAM');
      return [{ who: owner, what: "owns it, and cannot be removed", where: `${kind} ${identity}`, mend }];
    }
    if (kind === "schema" || kind === "extension" || kind === "default acl") return [];
    if (OWN_AFFAIR.includes(kind) && objectOwners.has(owner)) return [];
    // In another stack's schema, by its own admin's hand: that stack's affair.
    if (schema !== null && !places.has(schema) && !own.has(owner) && owner !== part.deployer) return [];
    const word = dropWord(kind);
    // Those of a runtime that nobody acts as are the app's data, and would be the deployer's once it goes.
    const ofRuntime = kind === "large object" ? ownerByRuntime.get(owner) : undefined;
    const wanted = schema === null ? ofRuntime : ownerBySchema.get(schema);
    const drop = kind === "large object" ? `SELECT lo_unlink(${identity});` : `DROP ${word} ${identity};`;
    // A function that runs as somebody else is no present to an app.
    const alter = `ALTER ${word} ${identity} OWNER TO ${quoted(wanted ?? "")};`;
    const statement = handOver(declared, owner) ?? (wanted === undefined || isDefiner ? drop : alter);
    const what = isDefiner ? "owns it, SECURITY DEFINER" : "owns it";
    return [{ who: owner, what, where: `${kind} ${identity}`, mend: byHand(statement) }];
  });
}

/** What hands over what a login that existed before still owns. */
function handOver({ roles }: DeclaredServer, owner: string): string | undefined {
  return ownerOfAdopted(roles.get(owner)) === undefined ? undefined : "npm run ops -- adopt --apply";
}
