import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { Client, type PoolConfig } from "pg";
import { parse } from "pg-connection-string";
import { CatalogPool } from "./catalog-pool";

/**
 * The pg adapter for an app's URL, as its client and the schema engine use it.
 * The schema is given beside the URL: the adapter ignores `?schema=`.
 */
export function adapterOf(url: string): PrismaPg {
  const schema = new URL(url).searchParams.get("schema") ?? "public";
  return new PrismaPg(new CatalogPool({ connectionString: url }), { schema, disposeExternalPool: true });
}

/**
 * The same with a shadow database, which is created on a server of the developer's own and dropped again. The
 * adapter's own way would ask the app's server for it, and with a connection string would not even leave its database.
 * @param shadowUrl a role that may create databases, on a local server
 */
export function withShadow(adapter: PrismaPg, shadowUrl: string | undefined): PrismaPg {
  adapter.connectToShadowDb = async () => {
    if (shadowUrl === undefined) throw new Error("SHADOW_DATABASE_URL is not set: give it a local server");
    const database = `prisma_shadow_${randomUUID().replaceAll("-", "")}`;
    await execute(shadowUrl, `CREATE DATABASE ${database}`);
    const config = { ...parse(shadowUrl), database } as PoolConfig;
    const shadow = await new PrismaPg(new CatalogPool(config), { disposeExternalPool: true }).connect();
    const disconnect = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await disconnect();
      await execute(shadowUrl, `DROP DATABASE ${database}`);
    };
    return shadow;
  };
  return adapter;
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
