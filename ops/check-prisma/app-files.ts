import { isUtf8 } from "node:buffer";
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
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
  /** Folders among them without one. */
  readonly emptyMigrations: readonly string[];
  /** Queries of TypedSQL: `prisma/sql/*.sql`. */
  readonly queries: readonly string[];
  readonly envs: readonly string[];
  /** Every other file that is no larger than a text that people write: it may hold a URL. */
  readonly texts: readonly string[];
}

const SKIPPED = ["node_modules", ".git", ".next", "dist", "build", "coverage", "generated"];
/** A larger one is data. */
const MOST_TEXT_BYTES = 1024 * 1024;
const CONFIG = /^prisma\.config\.[cm]?[jt]s$/;
const LOCKFILE = /^(package-lock|npm-shrinkwrap|pnpm-lock)\b|^(yarn|bun)\.lock/;
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
  return readBytes(file).toString("utf8");
}

/** The text of an app's SQL; undefined when it is not UTF-8. @throws {MistakeError} when it may not be read */
export function readSqlFile(file: string): string | undefined {
  const bytes = readBytes(file);
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (thrown) {
    throw new MistakeError(`${file} cannot be read (${codeOf(thrown) ?? "unknown error"})`);
  }
}

/** Where a config in a folder says that the migrations are, as far as it is written out. */
function configuredMigrations(folder: string, entries: readonly Dirent[]): string | undefined {
  const config = entries.find(({ name }) => CONFIG.test(name));
  if (config === undefined) return undefined;
  const text = readAppFile(join(folder, config.name));
  const [, path] =
    /^(?!\s*\/\/).*\bmigrations["']?\s*:\s*\{[^}]*?\bpath["']?\s*:\s*["'`]([^"'`$]+)["'`]/m.exec(text) ?? [];
  return path === undefined ? undefined : resolve(folder, path);
}

const hasMigration = (path: string, entries: readonly Dirent[]): boolean =>
  entries.some((one) => one.isDirectory() && existsSync(join(path, one.name, "migration.sql")));

/** Walks an app's folder. Links are not followed: they lead out of it, or in circles. */
export function appFiles(folder: string): AppFiles {
  const files = {
    schemas: [] as string[],
    configs: [] as string[],
    sources: [] as string[],
    migrations: [] as string[],
    emptyMigrations: [] as string[],
    queries: [] as string[],
    envs: [] as string[],
    texts: [] as string[],
  };
  const configured = new Set<string>();
  const walk = (path: string, isMigration: boolean): void => {
    const entries = entriesOf(path);
    const said = configuredMigrations(path, entries);
    if (said !== undefined) configured.add(said);
    const isLocked =
      configured.has(resolve(path)) || entries.some(({ name }) => name === "migration_lock.toml");
    const hasMigrations = isLocked || basename(resolve(path)) === "migrations";
    // Of a folder that is only called so, another tool may read other files.
    const isPrismas = isLocked || basename(resolve(path, "..")) === "prisma" || hasMigration(path, entries);
    if (hasMigrations && isPrismas) {
      const folders = entries.filter((one) => one.isDirectory()).map(({ name }) => join(path, name));
      files.emptyMigrations.push(
        ...folders.filter(
          (one) => statSync(join(one, "migration.sql"), { throwIfNoEntry: false })?.isFile() !== true,
        ),
      );
    }
    const hasQueries = /\/prisma\/sql$/.test(resolve(path));
    for (const entry of entries) {
      const file = join(path, entry.name);
      if (entry.isDirectory() && !SKIPPED.includes(entry.name)) walk(file, hasMigrations);
      if (!entry.isFile()) continue;
      if (entry.name.endsWith(".prisma")) files.schemas.push(file);
      else if (CONFIG.test(entry.name)) files.configs.push(file);
      else if (/\.[cm]?[jt]sx?$/.test(entry.name) && !entry.name.endsWith(".d.ts")) files.sources.push(file);
      else if (isMigration && entry.name === "migration.sql") files.migrations.push(file);
      else if (hasQueries && entry.name.endsWith(".sql")) files.queries.push(file);
      else if (/^\.env(\.|$)|\.env$/.test(entry.name) && !isExample(entry.name)) files.envs.push(file);
      else if (!LOCKFILE.test(entry.name) && statSync(file).size <= MOST_TEXT_BYTES) files.texts.push(file);
    }
  };
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${folder} is not a folder`);
  walk(folder, false);
  return files;
}

/** Major and minor. */
export type PrismaVersion = readonly [major: number, minor: number];

/** What an app's package.json says. */
export interface AppPackage {
  readonly name: string | undefined;
  /** The oldest version of Prisma that it allows; undefined when it is not said. */
  readonly prismaVersion: PrismaVersion | undefined;
}

/** Reads the app's package.json, where there is one. */
export function appPackage(folder: string): AppPackage {
  try {
    const content = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
    const versions = { ...Object(content.devDependencies), ...Object(content.dependencies) } as Record<
      string,
      unknown
    >;
    const [, major, minor = 0] =
      /(\d+)(?:\.(\d+))?/.exec(String(versions["@prisma/client"] ?? versions.prisma ?? "")) ?? [];
    return {
      name: typeof content.name === "string" ? content.name : undefined,
      prismaVersion: major === undefined ? undefined : [Number(major), Number(minor)],
    };
  } catch {
    return { name: undefined, prismaVersion: undefined };
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
