import { PrismaPg } from "@prisma/adapter-pg";
import { Client, type ClientConfig, escapeIdentifier, type Pool, type PoolConfig } from "pg";
import { parse } from "pg-connection-string";
import { CatalogPool } from "./catalog-pool";
import { statementsOf } from "./statements";

/** The schema that an app's URL names. */
export function schemaOf(url: string): string {
  return new URL(url).searchParams.get("schema") ?? "public";
}

/**
 * The pg adapter for an app's URL, as its client and the schema engine use it.
 * The schema is given beside the URL: the adapter ignores `?schema=`.
 */
export function adapterOf(url: string, pool: Pool = new CatalogPool({ connectionString: url })): PrismaPg {
  return new PrismaPg(pool, { schema: schemaOf(url), disposeExternalPool: true });
}

/**
 * The same for the schema engine. A script goes to the server statement by statement, as the native engine of
 * Prisma 7.4 and later sends it; the adapter's own way would cut a function's body at its `;`. The shadow database is what
 * the native engine makes of one: the schema of its URL emptied, or, without a URL, another database on the app's server.
 * @see https://github.com/prisma/prisma-engines/blob/main/schema-engine/connectors/sql-schema-connector/src/flavour/postgres/connector/native/shadow_db.rs
 */
export function engineAdapter(url: string, pool: Pool, shadowUrl: string | undefined): PrismaPg {
  const adapter = adapterOf(url, pool);
  const connect = adapter.connect.bind(adapter);
  adapter.connect = async () => withStatements(await connect());
  adapter.connectToShadowDb = async () => {
    if (shadowUrl === undefined) {
      await pool.query("CREATE DATABASE prisma_migrate_shadow_db");
      throw new Error("an app's login made a database");
    }
    const schema = schemaOf(shadowUrl);
    const config: PoolConfig = {
      ...(parse(shadowUrl) as ClientConfig),
      options: `-c search_path=${escapeIdentifier(schema)}`,
    };
    const name = escapeIdentifier(schema);
    await execute(config, `DROP SCHEMA IF EXISTS ${name} CASCADE; CREATE SCHEMA ${name}`);
    return withStatements(await adapterOf(shadowUrl, new CatalogPool(config)).connect());
  };
  return adapter;
}

type Connection = Awaited<ReturnType<PrismaPg["connect"]>>;

function withStatements(connection: Connection): Connection {
  connection.executeScript = async (script) => {
    for (const sql of await statementsOf(script))
      await connection.executeRaw({ sql, args: [], argTypes: [] });
  };
  return connection;
}

async function execute(config: ClientConfig, sql: string): Promise<void> {
  const client = new Client(config);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
