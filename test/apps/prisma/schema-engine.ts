import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import { engineAdapter } from "./adapter-factory";
import { CatalogPool } from "./catalog-pool";

/** What both forms of the engine do behind `prisma migrate`. */
export type Engine = Pick<SchemaEngine, "applyMigrations" | "markMigrationRolledBack"> & {
  reset(input: Parameters<SchemaEngine["reset"]>[0]): Promise<unknown>;
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

/** Prisma's schema engine: the native one that `PRISMA_SCHEMA_ENGINE_BINARY` names, otherwise as WebAssembly. */
export async function openEngine(args: EngineArgs): Promise<Engine> {
  return process.env.PRISMA_SCHEMA_ENGINE_BINARY === undefined ? openWasm(args) : openNative(args);
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

/** The engine as WebAssembly, which also runs where no binary can be downloaded. */
export async function openWasm({ url, schemaFile, shadowUrl }: EngineArgs): Promise<SchemaEngine & Engine> {
  loaded ??= load();
  const bindings = await loaded;
  const pool = new CatalogPool({ connectionString: url });
  const adapter = bindMigrationAwareSqlAdapterFactory(engineAdapter(url, pool, shadowUrl));
  const datamodels: [string, string][] = [["schema.prisma", readFileSync(schemaFile, "utf8")]];
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, adapter);
  return Object.assign(engine, { stop: () => pool.end() });
}

async function openNative({ url, schemaFile }: EngineArgs): Promise<Engine> {
  const { SchemaEngineCLI } = require("@prisma/migrate") as {
    SchemaEngineCLI: { setup(args: object): Engine };
  };
  const { loadSchemaContext } = await import("@prisma/internals");
  const schemaContext = await loadSchemaContext({
    schemaPath: { cliProvidedPath: schemaFile },
    printLoadMessage: false,
  });
  return SchemaEngineCLI.setup({ datasource: { url }, schemaContext, baseDir: dirname(schemaFile) });
}
