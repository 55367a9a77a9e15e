import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { CHECKOUT, endOf, TSX } from "../helpers/process";
import { AppFolders, CONFIG, packageOf, schemaWith } from "./app-folder";

const GOOD = {
  ".env.dev": "DATABASE_URL=postgresql://portal_wms_dev:s3cret@localhost:6543/portal_db?schema=wms_dev\n",
  "migrations/1_init/migration.sql": 'CREATE TABLE "A" (id INT);\n',
  "package.json": packageOf("@ecomos/wms", "^7.0.0"),
  "prisma.config.ts": CONFIG,
  "schema.prisma": schemaWith(),
};
const BAD = {
  ...GOOD,
  ".env.dev": "DATABASE_URL=postgresql://portal_wms%3As3cret@db/portal_db?schema=wms_prod\n",
  "migrations/1_init/migration.sql": '-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "public";\n',
  "migrations/2_user/migration.sql": "SELECT 1;\nALTER ROLE a PASSWORD 's3cret;\n",
};
const FINDINGS = [
  "bad/migrations/1_init/migration.sql:2: CREATE SCHEMA: no app may, even with IF NOT EXISTS: take it out, the stack makes the schema",
  "bad/migrations/2_user/migration.sql:2: Postgres's parser stops here, and so would a deploy: unterminated quoted string",
  "bad/.env.dev:1: DATABASE_URL is prod's: not in this file",
  "bad/.env.dev:1: DATABASE_URL's user is not a login of wms_prod: it is portal_wms",
  "bad/.env.dev:1: DATABASE_URL has no sslmode: the instance refuses what is not encrypted",
];
const APPS = "auth, wms, xplan, website";
const HELP = "; see npm run ops -- check-prisma --help";

/** Command lines, and the one line that each ends with: nothing is printed on stdout. */
const REFUSED: [args: string[], status: number, error: string][] = [
  [[], 64, `check-prisma needs the folder of an app${HELP}`],
  [["good", "--all"], 64, `Unknown option '--all'${HELP}`],
  [
    ["good", "--stack", "Prod; s3cret"],
    64,
    `bad stack name: lower-case letters, digits, - and _, such as dev or pr-42${HELP}`,
  ],
  [["good", "stranger"], 64, `which app is stranger? Give --app; the stacks declare ${APPS}${HELP}`],
  [["good", "--app", "shop"], 64, `which app is good? Give --app; the stacks declare ${APPS}${HELP}`],
  [["nowhere", "--app", "wms"], 64, `nowhere is not a folder${HELP}`],
  [["good/package.json", "--app", "wms"], 64, `good/package.json is not a folder${HELP}`],
  [["good", "--stack", "pr-42"], 1, `no Pulumi.<stack>.yaml in ${CHECKOUT} for pr-42`],
];

const folders = new AppFolders();
const run = async (...args: string[]) => {
  const line = ["--import", TSX, resolve(CHECKOUT, "ops/main.ts"), "check-prisma", ...args];
  return endOf(spawn(process.execPath, line, { cwd: folders.root }));
};

beforeAll(() => {
  folders.write("good", GOOD);
  folders.write("bad", BAD);
  folders.write("stranger", {});
});
afterAll(() => folders.remove());

test("an app that fits ends with status 0", async () => {
  expect(await run("good")).toEqual({ status: 0, stdout: "good: fits wms\n", stderr: "" });
});

test("findings are a line each, and end with status 2; no password is among them", async () => {
  const ended = await run("bad", "good");
  expect(ended).toEqual({ status: 2, stdout: [...FINDINGS, "good: fits wms", ""].join("\n"), stderr: "" });
  expect(ended.stdout).not.toMatch(/s3cret|postgresql:/);
});

test("a stack that is left out declares nothing", async () => {
  const stdout =
    'good/.env.dev:1: DATABASE_URL: schema "wms_dev" is in no stack: deploy it first, or mend the name\n';
  expect(await run("good", "--stack", "prod")).toEqual({ status: 2, stdout, stderr: "" });
});

test.each(REFUSED)("%j is refused", async (args, status, error) => {
  expect(await run(...args)).toEqual({ status, stdout: "", stderr: `error: ${error}\n` });
});
