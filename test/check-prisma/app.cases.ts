import { relative } from "node:path";
import { checkApp } from "../../ops/check-prisma/check-app";
import { AppFolders, CONFIG, type Files, packageOf, schemaWith, URL_LINE } from "./app-folder";
import { DECLARED } from "./declared";

const D = "$";
const NO_URL = 'no url: say env("DATABASE_URL") in';
const SIX = packageOf("wms", "^6.2.0");
const SEVEN = packageOf("wms", "7.10.0");

/** Apps, and what is wrong with them as a whole: file, line and message. */
const APPS: [title: string, files: Files, findings: string[]][] = [
  [
    "Prisma 6 with a url in the datasource",
    { "package.json": SIX, "schema.prisma": schemaWith(URL_LINE) },
    [],
  ],
  [
    "Prisma 6 with a url in its config",
    { "package.json": SIX, "schema.prisma": schemaWith(), "prisma.config.ts": CONFIG },
    [],
  ],
  [
    "Prisma 7 with a url in its config",
    { "package.json": SEVEN, "schema.prisma": schemaWith(), "prisma.config.mts": CONFIG },
    [],
  ],
  ["no package.json", { "schema.prisma": schemaWith(URL_LINE) }, []],
  [
    "a datasource in one of several files",
    { "prisma/a.prisma": "model A {\n}\n", "prisma/b.prisma": schemaWith(URL_LINE) },
    [],
  ],
  ["no schema", { "package.json": SEVEN, "prisma.config.ts": CONFIG }, [":1: no schema.prisma is in it"]],
  ["no datasource", { "schema.prisma": "model A {\n}\n" }, ["schema.prisma:1: no datasource block is in it"]],
  [
    "Prisma 7 with a url in the datasource",
    { "package.json": SEVEN, "schema.prisma": schemaWith(URL_LINE), "prisma.config.ts": CONFIG },
    ["schema.prisma:1: Prisma 7 takes the url from prisma.config.ts alone"],
  ],
  [
    "Prisma 6 without a url",
    { "package.json": SIX, "schema.prisma": schemaWith() },
    [`schema.prisma:1: ${NO_URL} the datasource block`],
  ],
  [
    "Prisma 7 without a url",
    { "package.json": SEVEN, "schema.prisma": schemaWith() },
    [`schema.prisma:1: ${NO_URL} prisma.config.ts`],
  ],
  [
    "a config without a url",
    { "schema.prisma": schemaWith(), "prisma.config.ts": "export default {};\n" },
    [`schema.prisma:1: ${NO_URL} prisma.config.ts`],
  ],
  [
    "migrations where the config says that they are",
    {
      "package.json": SEVEN,
      "schema.prisma": schemaWith(),
      "prisma.config.ts":
        'export default defineConfig({\n  migrations: {\n    seed: "tsx seed.ts",\n    path: "db/changes",\n  },\n  datasource: { url: env("DATABASE_URL") },\n});\n',
      "db/changes/1_init/migration.sql": "DROP ROLE a;\n",
      "db/changes/2_more/notes.txt": "",
    },
    [
      "db/changes/2_more:1: no migration.sql is in it, and prisma migrate stops there (P3015): delete the folder, or write the file",
      "db/changes/1_init/migration.sql:1: DROP ROLE: the stacks make roles: take it out",
    ],
  ],
  [
    "what deploys the app turns TLS off, and what tests it may",
    {
      "schema.prisma": schemaWith(URL_LINE),
      Dockerfile: "FROM node\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\n",
      "compose.yaml": `services:\n  app:\n    environment:\n      # NODE_TLS_REJECT_UNAUTHORIZED: 0\n      DATABASE_URL: postgresql://portal_wms:${D}{PW}@db.corp/portal_db?schema=wms_prod&sslmode=no-verify\n`,
      "k8s/app.yml":
        "url: postgresql://portal_wms:$(PW)@db.corp:5432/portal_db?options=-c%20search_path%3Dxplan_prod\n",
      "compose.dev.yaml": "NODE_TLS_REJECT_UNAUTHORIZED: 0\n",
      "jobs.yml": `test: NODE_TLS_REJECT_UNAUTHORIZED=0 jest\nurl: postgresql://a:${D}{{ secrets.PW }}@db/portal_db?sslmode=disable\n`,
      "fine.yml":
        "url: postgresql://portal_wms:{{ .Values.pw }}@{{ .Values.host }}/portal_db?schema=wms_prod&sslmode=verify-full\n",
      "README.md": "Never set NODE_TLS_REJECT_UNAUTHORIZED=0.\n",
    },
    [
      "Dockerfile:2: NODE_TLS_REJECT_UNAUTHORIZED=0 gives the password to whoever answers in a server's place, AWS's too: name the CA bundle in NODE_EXTRA_CA_CERTS",
      "compose.yaml:5: sslmode=no-verify gives the password to whoever answers in the server's place: say sslmode=verify-full",
      "k8s/app.yml:1: options=-c search_path: the login's is its own schema alone: take it out",
    ],
  ],
  [
    "a URL in a comment of the schema",
    {
      "schema.prisma": `${schemaWith(URL_LINE)}// postgresql://portal_wms:s3cret@db.corp/portal_db\n`,
    },
    [
      "schema.prisma:5: a URL with its password is written out: whoever reads the repository has it: take it from DATABASE_URL",
    ],
  ],
  [
    "something in each kind of file",
    {
      ".env.dev": "DATABASE_URL=mysql://u:s3cret@db/x\n",
      "prisma/migrations/1_init/migration.sql": "DROP ROLE a;\n",
      "prisma/schema.prisma": schemaWith('  url = "postgresql://u:s3cret@db/x"'),
      "src/db.tsx": "\nnew PrismaPg(pool);\n",
    },
    [
      'prisma/schema.prisma:3: url is written out: take it from env("DATABASE_URL")',
      "src/db.tsx:2: the adapter ignores ?schema=: give it { schema } as second argument, read from the URL",
      "prisma/migrations/1_init/migration.sql:1: DROP ROLE: the stacks make roles: take it out",
      ".env.dev:1: DATABASE_URL is not a postgresql:// URL",
    ],
  ],
];

const folders = new AppFolders();
afterAll(() => folders.remove());

test.each(APPS)("%s", async (title, files, findings) => {
  const folder = folders.write(title, files);
  const found = await checkApp(folder, "wms", DECLARED);
  const named = found.map(({ file, line, message }) => `${relative(folder, file)}:${line}: ${message}`);
  expect(named).toEqual(findings);
});
