import type { Client } from "pg";
import { DATABASE, DATABASE_OWNER } from "../../infra/names";
import { PUBLIC } from "../facts";
import { BY_UP, byHand, type CatalogFinding, NOT_THERE, plain, quoted } from "./finding";
import { roleSql, type Server, THE_DATABASE } from "./server";

interface FoundThing {
  readonly kind: string;
  readonly name: string;
  readonly owner: string;
}

/** What belongs to no schema, and no stack declares at all. */
const THINGS = `
  SELECT 'event trigger' AS kind, evtname::text AS name, ${roleSql("evtowner")} AS owner FROM pg_catalog.pg_event_trigger
  UNION ALL SELECT 'publication', pubname::text, ${roleSql("pubowner")} FROM pg_catalog.pg_publication
  UNION ALL SELECT 'subscription', subname::text, ${roleSql("subowner")} FROM pg_catalog.pg_subscription
    WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  UNION ALL SELECT 'server', srvname::text, ${roleSql("srvowner")} FROM pg_catalog.pg_foreign_server
  UNION ALL SELECT 'foreign data wrapper', fdwname::text, ${roleSql("fdwowner")} FROM pg_catalog.pg_foreign_data_wrapper w
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass
      AND d.objid = w.oid AND d.deptype = 'e')
  UNION ALL SELECT 'language', lanname::text, ${roleSql("lanowner")} FROM pg_catalog.pg_language l
    WHERE lanispl AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_language'::pg_catalog.regclass AND d.objid = l.oid AND d.deptype = 'e')
  UNION ALL SELECT 'replication slot', slot_name::text, '' FROM pg_catalog.pg_replication_slots WHERE database = current_database()
  UNION ALL SELECT 'prepared transaction', gid, owner::text FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()`;

interface FoundDatabase {
  readonly name: string;
  readonly owner: string;
  readonly limit: number;
  readonly isTemplate: boolean;
}

const DATABASES = `
  SELECT datname::text AS name, ${roleSql("datdba")} AS owner, datconnlimit AS limit, datistemplate AS "isTemplate"
  FROM pg_catalog.pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1', 'rdsadmin')`;

interface FoundExtension {
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
}

const EXTENSIONS = `
  SELECT extname::text AS name, nspname::text AS schema, ${roleSql("extowner")} AS owner
  FROM pg_catalog.pg_extension JOIN pg_catalog.pg_namespace n ON n.oid = extnamespace WHERE extname <> 'plpgsql'`;

/** The database itself, its extensions, and what else is in it as a whole. */
export async function databaseFindings(client: Client, server: Server): Promise<CatalogFinding[]> {
  const { isWhole, part, own } = server.declared;
  const { rows: things } = await client.query<FoundThing>(THINGS);
  const { rows: databases } = await client.query<FoundDatabase>(DATABASES);
  const { rows: installed } = await client.query<FoundExtension>(EXTENSIONS);
  const isOurs = ({ owner }: { readonly owner: string }) =>
    isWhole || own.has(owner) || owner === part.deployer;
  return [
    ...things.filter(isOurs).map(thingFinding),
    ...databases.filter(isOurs).flatMap((one) => ofDatabase(one, server)),
    ...installed.filter(isOurs).flatMap((one) => ofExtension(one, server)),
    ...absentExtensions(installed, server),
  ];
}

/** Something that no stack declares at all. */
function thingFinding({ kind, name, owner }: FoundThing): CatalogFinding {
  const where = `${kind} ${plain(name)}`;
  return { who: owner, what: "nobody declares it", where, mend: byHand(dropOf(kind, name)) };
}

function dropOf(kind: string, name: string): string {
  const literal = `'${name.replaceAll("'", "''")}'`;
  if (kind === "replication slot") return `SELECT pg_drop_replication_slot(${literal});`;
  if (kind === "prepared transaction") return `ROLLBACK PREPARED ${literal};`;
  return `DROP ${kind.toUpperCase()} ${quoted(name)};`;
}

/** The project's database, and any other one that is not the server's. */
function ofDatabase(one: FoundDatabase, { declared, isOfServer }: Server): CatalogFinding[] {
  const { name, owner, limit, isTemplate } = one;
  const where = `database ${plain(name)}`;
  if (name !== DATABASE) {
    const mend = byHand(`DROP DATABASE ${quoted(name)};`);
    return isOfServer(owner) ? [] : [{ who: owner, what: "owns it, nobody declares it", where, mend }];
  }
  if (!declared.isWhole) return [];
  const altered = (what: string, change: string): CatalogFinding => {
    const statement = `ALTER DATABASE ${quoted(name)} ${change}`;
    return { who: PUBLIC, what, where, mend: { by: "repair", statement } };
  };
  return [
    ...(owner === DATABASE_OWNER ? [] : [{ who: owner, what: "owns it", where, mend: BY_UP }]),
    ...(limit === -1 ? [] : [altered(`CONNECTION LIMIT ${limit}`, "CONNECTION LIMIT -1")]),
    ...(isTemplate ? [altered("may copy it", "IS_TEMPLATE false")] : []),
  ];
}

/** An extension that is somebody else's, that nobody declares, or that is in another schema. */
function ofExtension(one: FoundExtension, { declared, ownersOfExtensions }: Server): CatalogFinding[] {
  const { name, schema, owner } = one;
  const wanted = declared.extensions.get(name);
  const finding = (what: string, statement: string): CatalogFinding[] => [
    { who: owner, what, where: `extension ${plain(name)}`, mend: byHand(statement) },
  ];
  if (wanted === undefined) return finding("nobody declares it", `DROP EXTENSION ${quoted(name)};`);
  // Nobody gives an extension away: whoever made it drops it, with every column of its types if asked to.
  if (!ownersOfExtensions.includes(owner))
    return finding("owns it", `DROP EXTENSION ${quoted(name)}; -- as ${quoted(owner)}, then up`);
  if (wanted === schema) return [];
  return finding(`is in ${plain(schema)}`, `ALTER EXTENSION ${quoted(name)} SET SCHEMA ${quoted(wanted)};`);
}

/** Extensions that are declared and not there. */
function absentExtensions(installed: readonly FoundExtension[], { declared }: Server): CatalogFinding[] {
  return [...declared.extensions.keys()]
    .filter((name) => !installed.some((one) => one.name === name))
    .map((name) => ({
      who: declared.part.deployer,
      what: NOT_THERE,
      where: `extension ${plain(name)} of ${THE_DATABASE}`,
      mend: BY_UP,
    }));
}
