import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { migrationList } from "./migration-list";
import { openEngine, openWasm } from "./schema-engine";

/** No table or enum is left to others. */
const FILTERS = { externalTables: [], externalEnums: [] };

/** What the apps need of `prisma migrate`, called as its CLI calls the engine; the app's folder is the working directory. */
export const ENGINE_VERBS: Readonly<Record<string, (url: string, word?: string) => Promise<unknown>>> = {
  /** `prisma migrate deploy`. @returns names of the migrations that were applied */
  async deploy(url) {
    const engine = await openEngine({ url, schemaFile: resolve("schema.prisma") });
    const migrationsList = migrationList(resolve("migrations"));
    return (await engine.applyMigrations({ migrationsList, filters: FILTERS })).appliedMigrationNames;
  },
  /** The first half of `prisma migrate reset`: the schema emptied. `deploy` is the second. */
  async reset(url) {
    await (await openEngine({ url, schemaFile: resolve("schema.prisma") })).reset({ filter: FILTERS });
    return "reset";
  },
  /** `prisma migrate resolve --rolled-back <migration>`. */
  async resolve(url, word) {
    const engine = await openEngine({ url, schemaFile: resolve("schema.prisma") });
    await engine.markMigrationRolledBack({ migrationName: String(word) });
    return "resolved";
  },
  /** What `prisma migrate dev` asks a shadow database for: the SQL that schema.prisma has and the migrations lack. */
  async diff(url) {
    const schemaFile = resolve("schema.prisma");
    const engine = await openWasm({ url, schemaFile, shadowUrl: process.env.SHADOW_DATABASE_URL });
    const { stdout } = await engine.diff({
      from: { tag: "migrations", ...migrationList(resolve("migrations")) },
      to: {
        tag: "schemaDatamodel",
        files: [{ path: schemaFile, content: readFileSync(schemaFile, "utf8") }],
      },
      script: true,
      exitCode: null,
      filters: FILTERS,
    });
    return stdout;
  },
};
