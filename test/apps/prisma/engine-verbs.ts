import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { migrationList } from "./migration-list";
import { type Engine, type EngineArgs, openEngine } from "./schema-engine";

/** No table or enum is left to others. */
const FILTERS = { externalTables: [], externalEnums: [] };

/** Opens an engine on the app in the working directory for one piece of work; after a failure it may still wait for a lock. */
async function withEngine<R>(opening: Promise<Engine>, work: (engine: Engine) => Promise<R>): Promise<R> {
  const engine = await opening;
  const result = await work(engine);
  await engine.stop();
  return result;
}

const argsOf = (url: string): EngineArgs => ({
  url,
  schemaFile: resolve("schema.prisma"),
  shadowUrl: process.env.SHADOW_DATABASE_URL,
});

/** What the apps need of `prisma migrate`, called as its CLI calls the engine. */
export const ENGINE_VERBS: Readonly<Record<string, (url: string, word?: string) => Promise<unknown>>> = {
  /** `prisma migrate deploy`. @returns names of the migrations that were applied */
  deploy(url) {
    const migrationsList = migrationList(resolve("migrations"));
    return withEngine(openEngine(argsOf(url)), async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: FILTERS });
      return appliedMigrationNames;
    });
  },
  /** The first half of `prisma migrate reset`: the schema emptied. `deploy` is the second. */
  reset(url) {
    return withEngine(openEngine(argsOf(url)), async (engine) => {
      await engine.reset({ filter: FILTERS });
      return "reset";
    });
  },
  /** `prisma migrate resolve --rolled-back <migration>`. */
  resolve(url, word) {
    return withEngine(openEngine(argsOf(url)), async (engine) => {
      await engine.markMigrationRolledBack({ migrationName: String(word) });
      return "resolved";
    });
  },
  /** What `prisma migrate dev` asks a shadow database for: the SQL that schema.prisma has and the migrations lack. */
  diff(url) {
    const args = argsOf(url);
    return withEngine(openEngine(args), async (engine) => {
      const content = readFileSync(args.schemaFile, "utf8");
      const { stdout } = await engine.diff({
        from: { tag: "migrations", ...migrationList(resolve("migrations")) },
        to: { tag: "schemaDatamodel", files: [{ path: args.schemaFile, content }] },
        script: true,
        exitCode: null,
        filters: FILTERS,
      });
      return stdout;
    });
  },
};
