import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** An app's migrations in the order of their names, as the schema engine takes them. */
export function migrationList(folder: string) {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: folder,
    lockfile: {
      path: "migration_lock.toml",
      content: readFileSync(resolve(folder, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok" as const, value: readFileSync(resolve(folder, name, "migration.sql"), "utf8") },
      },
    })),
  };
}
