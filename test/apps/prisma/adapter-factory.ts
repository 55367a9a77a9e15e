import { randomUUID } from "node:crypto";
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
 * Prisma 7.4 and later sends it; the adapter's own way would cut a function's body at its `;`. The shadow database is created on a server of the
 * developer's own and dropped again; the adapter's own way would ask the app's server for it. It has the app's schema,
 * too: migrations name none, and the engine compares schema by schema.
 * @param shadowUrl a role that may create databases, on a local server
 */
export function engineAdapter(url: string, pool: Pool, shadowUrl: string | undefined): PrismaPg {
  const adapter = adapterOf(url, pool);
  const connect = adapter.connect.bind(adapter);
  adapter.connect = async () => withStatements(await connect());
  adapter.connectToShadowDb = async () => {
    if (shadowUrl === undefined) throw new Error("SHADOW_DATABASE_URL is not set: give it a local server");
    const schema = schemaOf(url);
    const database = `prisma_shadow_${randomUUID().replaceAll("-", "")}`;
    const server = parse(shadowUrl) as ClientConfig;
    await execute(server, `CREATE DATABASE ${database}`);
    const config: PoolConfig = { ...server, database, options: `-c search_path=${schema}` };
    await execute(config, `CREATE SCHEMA ${escapeIdentifier(schema)}`);
    const shadow = await new PrismaPg(new CatalogPool(config), {
      schema,
      disposeExternalPool: true,
    }).connect();
    const disconnect = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await disconnect();
      await execute(server, `DROP DATABASE ${database}`);
    };
    return withStatements(shadow);
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
