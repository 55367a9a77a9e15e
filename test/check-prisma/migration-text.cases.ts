import { relative } from "node:path";
import { checkApp } from "../../ops/check-prisma/check-app";
import { checkMigrationFile } from "../../ops/check-prisma/migration-file";
import { AppFolders, schemaWith, URL_LINE } from "./app-folder";
import { brief, DECLARED, lines } from "./declared";

const PSQL = "a command of psql, which psql alone knows: write it as SQL, or take it out";
const BOM =
  "a byte order mark (BOM) stands before the SQL, which Postgres refuses: save it as UTF-8 without one";
const WRITTEN =
  "a URL with its password is written out: whoever reads the repository has it: take it from DATABASE_URL";
const LEAK = "postgresql://portal_wms:s3cret@db.example:5432/portal_db";
const NOT_UTF8 = "it is not UTF-8, which Postgres and Prisma take it for: save it as UTF-8";

/** Texts that are no script, and the one thing that is said. */
const TEXTS: [title: string, text: string, finding: string][] = [
  ["a command of psql", lines("SELECT 1;", "\\connect postgresql://u:s3cret@db/x"), `2: ${PSQL}`],
  [
    "one behind a comment and a text with one",
    lines("-- \\x", "SELECT '\\d';", "\\set a s3cret"),
    `3: ${PSQL}`,
  ],
  ["one in the middle of a line", "SELECT 1 \\gset\nDROP ROLE a;", `1: ${PSQL}`],
  ["a byte order mark", "\uFEFF-- CreateTable\nCREATE TABLE a (b int);", `1: ${BOM}`],
];

test.each(TEXTS)("%s is one clear finding", async (_title, text, finding) => {
  expect(brief(await checkMigrationFile("m.sql", text, "wms", DECLARED))).toEqual([finding]);
});

test("Windows' line ends change nothing, in a body neither", async () => {
  const sql = lines(
    "-- CreateRole",
    "CREATE TABLE a (b int);",
    "DO $$",
    "BEGIN",
    "  DROP ROLE a;",
    "END $$;",
  );
  const found = brief(await checkMigrationFile("m.sql", sql.replaceAll("\n", "\r\n"), "wms", DECLARED));
  expect(found).toEqual(["5: DROP ROLE: the stacks make roles: take it out"]);
});

test("a seed of 5 MB is read to its end", async () => {
  const row =
    "INSERT INTO a VALUES (1, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx');\n";
  const rows = Math.ceil((5 * 1024 * 1024) / row.length);
  const found = await checkMigrationFile("m.sql", `${row.repeat(rows)}DROP ROLE a;\n`, "wms", DECLARED);
  expect(brief(found)).toEqual([`${rows + 1}: DROP ROLE: the stacks make roles: take it out`]);
});

const folders = new AppFolders();
afterAll(() => folders.remove());

test("in an app: another encoding, a folder without its file, a query of TypedSQL, and the order of folders", async () => {
  const folder = folders.write("app", {
    "prisma/schema.prisma": schemaWith(URL_LINE),
    "prisma/migrations/1_init/migration.sql": 'CREATE TABLE "A" (v VARCHAR(5));\n',
    "prisma/migrations/2_latin/migration.sql": "",
    "prisma/migrations/3_lost/note.md": "",
    "prisma/migrations/4_wider/migration.sql": 'ALTER TABLE "A" ALTER v TYPE TEXT;\n',
    "prisma/sql/plan.sql": "-- @param {Int} $1:id\nSELECT * FROM xplan_prod.plan WHERE id = $1\n",
    "prisma/sql/mine.sql": 'SELECT * FROM "A" WHERE v = $1\n',
    ".github/workflows/test.yml": `url: postgresql://portal_wms:${"a1".repeat(16)}@db.example:5432/portal_db\n`,
    ".env.example": "A=1\nDATABASE_URL=postgresql://portal_wms:s3cret@db.example/portal_db\n",
    "a.vue": `\n<!-- ${LEAK} -->\n`,
    "db.properties": LEAK,
    "deploy/prod.tfvars": `url = "${LEAK}"\n`,
    "image.png": `\0${LEAK}`,
    "script.py": LEAK.replace("postgresql:", "postgresql+psycopg2:"),
    "seed.sql": `-- ${LEAK}\n`,
    ".env.dist": LEAK,
    ".envrc": `export DATABASE_URL=${LEAK}\n`,
    "README.md": "postgresql://portal_wms:PASSWORD@db.example/portal_db, postgresql://u:s3cret@db/x\n",
    "docker-compose.yml":
      "postgresql://postgres:postgres@db:5432/app\npostgresql://portal_wms_dev:s3cret@localhost:6543/portal_db\n",
    "package-lock.json": "postgresql://portal_wms:s3cret@db.example/portal_db\n",
    "src/report.ts": "export const rows = () => prisma.$queryRaw`SELECT * FROM xplan_prod.plan`;\n",
  });
  folders.writeBytes("app/prisma/migrations/2_latin/migration.sql", Buffer.from("SELECT 'é';", "latin1"));
  const found = await checkApp(folder, "wms", DECLARED);
  const other = 'schema "xplan_prod" is xplan\'s: wms may not reach it';
  expect(found.map(({ file, line, message }) => `${relative(folder, file)}:${line}: ${message}`)).toEqual([
    `src/report.ts:1: ${other}`,
    "prisma/migrations/3_lost:1: no migration.sql is in it, and prisma migrate stops there (P3015): delete the folder, or write the file",
    `prisma/migrations/2_latin/migration.sql:1: ${NOT_UTF8}`,
    `prisma/sql/plan.sql:2: ${other}`,
    `.env.dist:1: ${WRITTEN}`,
    `.env.example:2: ${WRITTEN}`,
    `.envrc:1: ${WRITTEN}`,
    `.github/workflows/test.yml:1: ${WRITTEN}`,
    `a.vue:2: ${WRITTEN}`,
    `db.properties:1: ${WRITTEN}`,
    `deploy/prod.tfvars:1: ${WRITTEN}`,
    `script.py:1: ${WRITTEN}`,
    `seed.sql:1: ${WRITTEN}`,
  ]);
});
