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
  const { declared, isOfServer, ownersOfExtensions } = server;
  const { isWhole, part, own, extensions } = declared;
  const { rows: things } = await client.query<FoundThing>(THINGS);
  const { rows: databases } = await client.query<FoundDatabase>(DATABASES);
  const { rows: installed } = await client.query<FoundExtension>(EXTENSIONS);
  const isOurs = (owner: string) => isWhole || own.has(owner) || owner === part.deployer;
  const present = new Map(installed.map(({ name, schema }) => [name, schema]));
  return [
    ...things
      .filter(({ owner }) => isOurs(owner))
      .map(({ kind, name, owner }) => {
        const statement =
          kind === "replication slot"
            ? `SELECT pg_drop_replication_slot('${name.replaceAll("'", "''")}');`
            : kind === "prepared transaction"
              ? `ROLLBACK PREPARED '${name.replaceAll("'", "''")}';`
              : `DROP ${kind.toUpperCase()} ${quoted(name)};`;
        return {
          who: owner,
          what: "nobody declares it",
          where: `${kind} ${plain(name)}`,
          mend: byHand(statement),
        };
      }),
    ...databases
      .filter(({ owner }) => isOurs(owner))
      .flatMap(({ name, owner, limit, isTemplate }): CatalogFinding[] => {
        const where = `database ${plain(name)}`;
        if (name !== DATABASE) {
          if (isOfServer(owner)) return [];
          return [
            {
              who: owner,
              what: "owns it, nobody declares it",
              where,
              mend: byHand(`DROP DATABASE ${quoted(name)};`),
            },
          ];
        }
        if (!isWhole) return [];
        const alter = `ALTER DATABASE ${quoted(name)}`;
        return [
          ...(owner === DATABASE_OWNER ? [] : [{ who: owner, what: "owns it", where, mend: BY_UP }]),
          ...(limit === -1
            ? []
            : [
                {
                  who: PUBLIC,
                  what: `CONNECTION LIMIT ${limit}`,
                  where,
                  mend: { by: "repair" as const, statement: `${alter} CONNECTION LIMIT -1` },
                },
              ]),
          ...(isTemplate
            ? [
                {
                  who: PUBLIC,
                  what: "may copy it",
                  where,
                  mend: { by: "repair" as const, statement: `${alter} IS_TEMPLATE false` },
                },
              ]
            : []),
        ];
      }),
    ...installed
      .filter(({ owner }) => isOurs(owner))
      .flatMap(({ name, schema, owner }): CatalogFinding[] => {
        const where = `extension ${plain(name)}`;
        const wanted = extensions.get(name);
        const isOthers = wanted !== undefined && !ownersOfExtensions.includes(owner);
        if (wanted === schema && !isOthers) return [];
        if (isOthers) {
          // Nobody gives an extension away: whoever made it drops it, with every column of its types if asked to.
          const mend = byHand(`DROP EXTENSION ${quoted(name)}; -- as ${quoted(owner)}, then up`);
          return [{ who: owner, what: "owns it", where, mend }];
        }
        return wanted === undefined
          ? [
              {
                who: owner,
                what: "nobody declares it",
                where,
                mend: byHand(`DROP EXTENSION ${quoted(name)};`),
              },
            ]
          : [
              {
                who: owner,
                what: `is in ${plain(schema)}`,
                where,
                mend: byHand(`ALTER EXTENSION ${quoted(name)} SET SCHEMA ${quoted(wanted)};`),
              },
            ];
      }),
    ...[...extensions.keys()]
      .filter((name) => !present.has(name))
      .map((name) => ({
        who: part.deployer,
        what: NOT_THERE,
        where: `extension ${plain(name)} of ${THE_DATABASE}`,
        mend: BY_UP,
      })),
  ];
}
