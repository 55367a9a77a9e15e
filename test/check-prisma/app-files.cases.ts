import { symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { appFiles, appOf, appPackage } from "../../ops/check-prisma/app-files";
import { AppFolders, packageOf } from "./app-folder";

const folders = new AppFolders();
afterAll(() => folders.remove());

test("which files are read: none of dependencies, builds, links and examples", () => {
  const read = [
    "a.prisma",
    "prisma.config.ts",
    "db.ts",
    "web/db.jsx",
    ".env",
    ".env.dev",
    "migrations/1/migration.sql",
    "prisma/migrations/2/migration.sql",
    "db/steps/migration_lock.toml",
    "db/steps/3/migration.sql",
    "prisma/sql/stock.sql",
  ];
  const unread = [
    "types.d.ts",
    ".env.example",
    ".env.dev.sample",
    ".envrc",
    "notes.md",
    "migrations/migration.sql",
    "migrations/1/down.sql",
    "migrations/1/deeper/migration.sql",
    "sql/4/migration.sql",
    "notes/migration.sql",
    ...["node_modules", ".git", ".next", "dist", "build", "coverage", "generated"].map(
      (name) => `${name}/b.prisma`,
    ),
  ];
  const folder = folders.write("files", Object.fromEntries([...read, ...unread].map((path) => [path, ""])));
  symlinkSync(join(folder, "web"), join(folder, "link"));
  const { schemas, configs, sources, envs, migrations, queries } = appFiles(folder);
  const named = (files: readonly string[]) => files.map((file) => relative(folder, file));
  expect([schemas, configs, sources, envs, migrations, queries].map(named)).toEqual([
    ["a.prisma"],
    ["prisma.config.ts"],
    ["db.ts", "web/db.jsx"],
    [".env", ".env.dev"],
    ["db/steps/3/migration.sql", "migrations/1/migration.sql", "prisma/migrations/2/migration.sql"],
    ["prisma/sql/stock.sql"],
  ]);
  expect(named(appFiles(join(folder, "migrations")).migrations)).toEqual(["migrations/1/migration.sql"]);
});

test.each([
  ['{ "name": "@ecomos/wms", "dependencies": { "@prisma/client": "^6.2.0" } }', "@ecomos/wms", [6, 2]],
  ['{ "devDependencies": { "prisma": "~7.1" } }', undefined, [7, 1]],
  ['{ "dependencies": { "@prisma/client": "6" }, "devDependencies": { "prisma": "7" } }', undefined, [6, 0]],
  ['{ "name": 7, "dependencies": { "prisma": "latest" } }', undefined, undefined],
  ["null", undefined, undefined],
  ["{", undefined, undefined],
])("the package %s", (content, name, prismaVersion) => {
  expect(appPackage(folders.write("package", { "package.json": content }))).toEqual({ name, prismaVersion });
});

test("which app it is: by --app, by its package, by its folder; otherwise it is refused", () => {
  const named = folders.write("shop", { "package.json": packageOf("@ecomos/wms", "7") });
  const folder = folders.write("xplan", { "package.json": packageOf("planner", "7") });
  const apps = ["wms", "wms", "xplan"];
  expect([
    appOf(named, undefined, apps),
    appOf(named, "xplan", apps),
    appOf(folder, undefined, apps),
  ]).toEqual(["wms", "xplan", "xplan"]);
  const refused = "? Give --app; the stacks declare wms, xplan";
  expect(() => appOf(folders.write("other", {}), undefined, apps)).toThrow(`other${refused}`);
  expect(() => appOf(named, "shop", apps)).toThrow(`shop${refused}`);
});

test("which folders are migrations without their file: what another tool reads is none", () => {
  const folder = folders.write("empty", {
    "prisma/migrations/1_init/migration.sql": "",
    "prisma/migrations/2_lost/note.md": "",
    "steps/migration_lock.toml": "",
    "steps/3_lost/Migration.sql": "",
    "knex/migrations/1_users/up.js": "",
  });
  const found = appFiles(folder).emptyMigrations.map((file) => relative(folder, file));
  expect(found).toEqual(["prisma/migrations/2_lost", "steps/3_lost"]);
});
