import { readFileSync } from "node:fs";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import { engineAdapter } from "./adapter-factory";
import { CatalogPool } from "./catalog-pool";

/** The engine behind `prisma migrate`. */
export type Engine = SchemaEngine & {
  /** Closes the connections, and with them the advisory lock: it belongs to a session, and nobody else gives it back. */
  stop(): Promise<void>;
};

/** What an engine works on. */
export interface EngineArgs {
  /** The app's `DATABASE_URL`. */
  readonly url: string;
  /** Path of its `schema.prisma`. */
  readonly schemaFile: string;
  /** A local server for shadow databases; only `diff` needs one. */
  readonly shadowUrl?: string | undefined;
}

/** The engine's program, loaded once: its bindings hold one instance at a time. */
let loaded: Promise<typeof import("@prisma/schema-engine-wasm/schema_engine_bg")> | undefined;

async function load() {
  const bindings = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const file = require
    .resolve("@prisma/schema-engine-wasm")
    .replace(/schema_engine\.js$/, "schema_engine_bg.wasm");
  const imports = { "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports };
  const { instance } = await WebAssembly.instantiate(readFileSync(file), imports);
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return bindings;
}

/** Opens Prisma's schema engine as WebAssembly, which also runs where no binary can be downloaded. */
export async function openEngine({ url, schemaFile, shadowUrl }: EngineArgs): Promise<Engine> {
  loaded ??= load();
  const bindings = await loaded;
  const pool = new CatalogPool({ connectionString: url });
  const adapter = bindMigrationAwareSqlAdapterFactory(engineAdapter(url, pool, shadowUrl));
  const datamodels: [string, string][] = [["schema.prisma", readFileSync(schemaFile, "utf8")]];
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, adapter);
  return Object.assign(engine, { stop: () => pool.end() });
}
