import { checkApp } from "../../ops/check-prisma/check-app";
import { checkEnvFile } from "../../ops/check-prisma/env-file";
import { checkSourceFile } from "../../ops/check-prisma/source-file";
import { AppFolders, CONFIG, type Files, packageOf, schemaWith, URL_LINE } from "./app-folder";
import { brief, DECLARED, DEV, lines, url } from "./declared";

const MIGRATED = DECLARED.map((one) => ({ ...one, hasMigrator: one.app === "wms" }));
const DIRECT = url("wms_dev", "portal_wms_dev_migrator");
const NEEDS_DIRECT =
  "migrations would run as the app's login, which may change no table (42501): migrator: true has their URL in DIRECT_URL: " +
  "say process.env.DIRECT_URL ?? process.env.DATABASE_URL in prisma.config.ts";
const BOTH_CONFIG =
  "export default defineConfig({ datasource: { url: process.env.DIRECT_URL ?? process.env.DATABASE_URL } });\n";
const RUNS_AS_MIGRATIONS =
  "the app would run with the rights of migrations, and the running app has no DIRECT_URL: take DATABASE_URL";
const ROWS_ALONE =
  "the app's login may change rows alone (42501): put it into a migration, or write DELETE in place of TRUNCATE";

const folders = new AppFolders();
afterAll(() => folders.remove());

test("each URL has the login that it is for, the second one, too; without a login for migrations nothing is said", () => {
  const env = (declared: typeof MIGRATED, ...all: string[]) =>
    brief(checkEnvFile(".env.dev", lines(...all), "wms", declared));
  const second = url("wms_dev", "portal_wms_dev_migrator_2");
  expect(env(MIGRATED, `DATABASE_URL=${DEV}`, `DIRECT_URL=${DIRECT}`, `DIRECT_URL=${second}`)).toEqual([]);
  expect(env(MIGRATED, `DATABASE_URL=${DIRECT}`, `DIRECT_URL=${DEV}`, `DATABASE_URL=${second}`)).toEqual([
    "1: DATABASE_URL's user is the login for migrations, and the app would run with its rights: take the URL of the secret portal-db/dev/wms",
    "2: DIRECT_URL's user is not the login for migrations, and no other may change tables (42501): take the URL of the secret portal-db/dev/wms/migrator",
    "3: DATABASE_URL's user is the login for migrations, and the app would run with its rights: take the URL of the secret portal-db/dev/wms",
  ]);
  const plain = MIGRATED.map((one) => ({ ...one, hasMigrator: false }));
  expect(env(plain, `DATABASE_URL=${DEV}`, `DIRECT_URL=${DEV}`)).toEqual([]);
  expect(env(plain, `DIRECT_URL=${DIRECT}`)).toEqual([
    "1: DIRECT_URL's user is not a login of wms_dev: it is portal_wms_dev",
  ]);
});

test.each<[string, Files, string[]]>([
  [
    "Prisma 7 that reads DIRECT_URL, or DATABASE_URL where there is none",
    {
      "package.json": packageOf("wms", "7.10.0"),
      "schema.prisma": schemaWith(),
      "prisma.config.ts": BOTH_CONFIG,
    },
    [],
  ],
  [
    "Prisma 7 that reads DIRECT_URL alone",
    {
      "package.json": packageOf("wms", "7.10.0"),
      "schema.prisma": schemaWith(),
      "prisma.config.ts": CONFIG.replace("DATABASE_URL", "DIRECT_URL"),
    },
    [],
  ],
  [
    "Prisma 7 that migrates as the app, and says otherwise in a comment",
    {
      "package.json": packageOf("wms", "7.10.0"),
      "schema.prisma": schemaWith('  directUrl = env("DIRECT_URL")'),
      "prisma.config.ts": `// not DIRECT_URL\n${CONFIG}`,
    },
    [`prisma.config.ts:1: ${NEEDS_DIRECT}`],
  ],
  [
    "Prisma 6 with a directUrl",
    {
      "package.json": packageOf("wms", "^6.19.0"),
      "schema.prisma": schemaWith(URL_LINE, '  directUrl = env("DIRECT_URL")'),
    },
    [],
  ],
  [
    "Prisma 6 without one",
    { "package.json": packageOf("wms", "^6.19.0"), "schema.prisma": schemaWith(URL_LINE) },
    [`schema.prisma:1: ${NEEDS_DIRECT}`],
  ],
])("%s", async (title, files, findings) => {
  const folder = folders.write(title.replaceAll(/\W/g, "-"), files);
  const found = await checkApp(folder, "wms", MIGRATED);
  expect(found.map(({ file, line, message }) => `${file.split("/").at(-1)}:${line}: ${message}`)).toEqual(
    findings,
  );
  const plain = await checkApp(folder, "wms", DECLARED);
  expect(plain.filter(({ message }) => message === NEEDS_DIRECT)).toEqual([]);
});

test.each([
  [
    "new PrismaPg({ connectionString: process.env.DIRECT_URL, max: 4 }, { schema });",
    [`1: ${RUNS_AS_MIGRATIONS}`],
  ],
  [
    'import { Pool } from "pg";\nconst url = process.env.DIRECT_URL;\nnew Pool({ connectionString: url, max: 4 });',
    [`3: ${RUNS_AS_MIGRATIONS}`],
  ],
  ["new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 4 }, { schema });", []],
  ['await prisma.$executeRaw`TRUNCATE "Order"`;', [`1: ${ROWS_ALONE}`]],
  ['await prisma.$executeRaw`DELETE FROM "Order"`;', []],
])("of the running app: %s", async (code, findings) => {
  const found = async (declared: typeof MIGRATED) =>
    brief((await checkSourceFile("a.ts", code, "wms", declared, false)).findings);
  expect(await found(MIGRATED)).toEqual(findings);
  expect(await found(MIGRATED.map((one) => ({ ...one, hasMigrator: false })))).toEqual([]);
});
