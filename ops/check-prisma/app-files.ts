import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../../cli/exit-status";
import { codeOf, MistakeError } from "../../infra/mistake";

/** The files of an app that say something about its database. */
export interface AppFiles {
  readonly schemas: readonly string[];
  readonly configs: readonly string[];
  readonly sources: readonly string[];
  /** Each `migration.sql` of a folder `migrations`, or of one with a `migration_lock.toml`. */
  readonly migrations: readonly string[];
  readonly envs: readonly string[];
}

const SKIPPED = ["node_modules", ".git", ".next", "dist", "build", "coverage", "generated"];
const isExample = (name: string): boolean => /\.(example|sample|template|dist)$/.test(name);

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (thrown) {
    throw new MistakeError(`${folder} cannot be read (${codeOf(thrown) ?? "unknown error"})`);
  }
}

/** The text of an app's file. @throws {MistakeError} when it may not be read */
export function readAppFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw new MistakeError(`${file} cannot be read (${codeOf(thrown) ?? "unknown error"})`);
  }
}

/** Walks an app's folder. Links are not followed: they lead out of it, or in circles. */
export function appFiles(folder: string): AppFiles {
  const files = {
    schemas: [] as string[],
    configs: [] as string[],
    sources: [] as string[],
    migrations: [] as string[],
    envs: [] as string[],
  };
  const walk = (path: string, isMigration: boolean): void => {
    const entries = entriesOf(path);
    const hasMigrations =
      basename(resolve(path)) === "migrations" || entries.some(({ name }) => name === "migration_lock.toml");
    for (const entry of entries) {
      const file = join(path, entry.name);
      if (entry.isDirectory() && !SKIPPED.includes(entry.name)) walk(file, hasMigrations);
      if (!entry.isFile()) continue;
      if (entry.name.endsWith(".prisma")) files.schemas.push(file);
      else if (/^prisma\.config\.[cm]?[jt]s$/.test(entry.name)) files.configs.push(file);
      else if (/\.[cm]?[jt]sx?$/.test(entry.name) && !entry.name.endsWith(".d.ts")) files.sources.push(file);
      else if (isMigration && entry.name === "migration.sql") files.migrations.push(file);
      else if (/^\.env(\.|$)/.test(entry.name) && !isExample(entry.name)) files.envs.push(file);
    }
  };
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${folder} is not a folder`);
  walk(folder, false);
  return files;
}

/** What an app's package.json says. */
export interface AppPackage {
  readonly name: string | undefined;
  /** Major version of Prisma; undefined when it is not said. */
  readonly prismaMajor: number | undefined;
}

/** Reads the app's package.json, where there is one. */
export function appPackage(folder: string): AppPackage {
  try {
    const content = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
    const versions = { ...Object(content.devDependencies), ...Object(content.dependencies) } as Record<
      string,
      unknown
    >;
    const version = /\d+/.exec(String(versions["@prisma/client"] ?? versions.prisma ?? ""))?.[0];
    return {
      name: typeof content.name === "string" ? content.name : undefined,
      prismaMajor: version === undefined ? undefined : Number(version),
    };
  } catch {
    return { name: undefined, prismaMajor: undefined };
  }
}

/**
 * Which app a folder is: by `--app`, its package's name (`@ecomos/wms`) or its own name.
 * @throws {MistakeError} when none of them is a declared app
 */
export function appOf(folder: string, named: string | undefined, apps: readonly string[]): string {
  const candidates =
    named === undefined ? [appPackage(folder).name?.split("/").at(-1), basename(resolve(folder))] : [named];
  const found = candidates.find((name) => name !== undefined && apps.includes(name));
  if (found !== undefined) return found;
  const known = [...new Set(apps)].join(", ") || "none";
  throw new UsageError(`which app is ${folder}? Give --app; the stacks declare ${known}`);
}
