import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { CHECKOUT, endOf, RUN_TYPESCRIPT } from "../helpers/process";
import { AppFolders, CONFIG, packageOf, schemaWith } from "./app-folder";

const INDEX = "20250301000000_index";
const GOOD = {
  ".env.dev": "DATABASE_URL=postgresql://portal_wms_dev:s3cret@localhost:6543/portal_db?schema=wms_dev\n",
  "migrations/20250201000000_init/migration.sql": 'CREATE TABLE "A" (id INT);\n',
  "package.json": packageOf("@ecomos/wms", "^7.0.0"),
  "prisma.config.ts": CONFIG,
  "schema.prisma": schemaWith(),
};
const SLOW = { ...GOOD, [`migrations/${INDEX}/migration.sql`]: 'CREATE INDEX i ON "A" (id);\n' };
const BAD = {
  ...SLOW,
  ".env.dev": "DATABASE_URL=postgresql://portal_wms%3As3cret@db/portal_db?schema=wms_prod\n",
  "migrations/20250201000000_init/migration.sql": '-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "public";\n',
  "migrations/20250401000000_user/migration.sql": "SELECT 1;\nALTER ROLE a PASSWORD 's3cret;\n",
};
const WARNING = [
  `slow/migrations/${INDEX}/migration.sql:1: warning:`,
  '  CREATE INDEX on "A": nobody writes to it while the index is built.',
  "  Instead: CREATE INDEX CONCURRENTLY, alone in a migration of its own, while no",
  "  other app migrates",
];
const FINDINGS = [
  "bad/migrations/20250201000000_init/migration.sql:2: CREATE SCHEMA: no app may,",
  "  even with IF NOT EXISTS: take it out, the stack makes the schema",
  `bad/migrations/${INDEX}/migration.sql:1: warning:`,
  ...WARNING.slice(1),
  "bad/migrations/20250401000000_user/migration.sql:2: Postgres's parser stops",
  "  here, and so would a deploy: unterminated quoted string",
  "bad/.env.dev:1: DATABASE_URL is prod's: not in this file",
  "bad/.env.dev:1: DATABASE_URL's user is not a login of wms_prod: it is portal_wms",
  "bad/.env.dev:1: DATABASE_URL has no sslmode: the instance refuses what is not",
  "  encrypted",
  "bad: does not fit wms: 5 findings, 1 warning",
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
  [
    ["good", "--since", "20250301000000"],
    64,
    `--since names no migration: its folder's name, such as 20250201000000_init${HELP}`,
  ],
  [["nowhere", "--app", "wms"], 64, `nowhere is not a folder${HELP}`],
  [["good/package.json", "--app", "wms"], 64, `good/package.json is not a folder${HELP}`],
  [["good", "--stack", "pr-42"], 1, `no Pulumi.<stack>.yaml in ${CHECKOUT} for pr-42`],
];

const folders = new AppFolders();
const run = async (...args: string[]) => {
  const line = [...RUN_TYPESCRIPT, resolve(CHECKOUT, "ops/main.ts"), "check-prisma", ...args];
  return endOf(spawn(process.execPath, line, { cwd: folders.root }));
};

beforeAll(() => {
  folders.write("good", GOOD);
  folders.write("slow", SLOW);
  folders.write("bad", BAD);
  folders.write("stranger", {});
});
afterAll(() => folders.remove());

test("an app that fits ends with status 0", async () => {
  expect(await run("good")).toEqual({ status: 0, stdout: "good: fits wms\n", stderr: "" });
});

test("findings begin with their place and end with status 2; no line is wider than 80 columns, no password among them", async () => {
  const ended = await run("bad", "good");
  expect(ended).toEqual({ status: 2, stdout: [...FINDINGS, "good: fits wms", ""].join("\n"), stderr: "" });
  expect(ended.stdout).not.toMatch(/s3cret|postgresql:|.{81}/);
});

test("a warning by itself is no finding, with --strict it is one; what prod has is not warned of", async () => {
  const warned = [...WARNING, "slow: fits wms, with 1 warning", ""].join("\n");
  expect(await run("slow")).toEqual({ status: 0, stdout: warned, stderr: "" });
  expect(await run("slow", "--strict")).toEqual({ status: 2, stdout: warned, stderr: "" });
  const none = { status: 0, stdout: "slow: fits wms\n", stderr: "" };
  expect(await run("slow", "--strict", "--since", INDEX)).toEqual(none);
  expect(await run("slow", "--strict", "--since", "20250201000000_init")).toMatchObject({ status: 2 });
  // What does not fit stays: a new environment runs every migration.
  const bad = await run("bad", "--since", "20250401000000_user");
  expect(bad).toMatchObject({
    status: 2,
    stdout: expect.stringMatching(/does not fit wms: 5 findings\n$/),
  });
});

test("a name that would steer the terminal is shown with its signs", async () => {
  folders.write("evil", { ...GOOD, "migrations/2_evil\u001b/migration.sql": 'DROP TABLE "a\u001b[2J";\n' });
  const { stdout } = await run("evil", "--app", "wms");
  expect(stdout.split("\n").slice(0, 2)).toEqual([
    'evil/migrations/2_evil\\u{1b}/migration.sql:1: warning: DROP TABLE "a\\u{1b}[2J":',
    "  what runs until the deploy is through still asks for it, and fails; its rows",
  ]);
});

test("a stack that is left out declares nothing", async () => {
  const stdout = [
    'good/.env.dev:1: DATABASE_URL: schema "wms_dev" is in no stack: deploy it first,',
    "  or mend the name",
    "good: does not fit wms: 1 finding",
    "",
  ].join("\n");
  expect(await run("good", "--stack", "prod")).toEqual({ status: 2, stdout, stderr: "" });
});

test.each(REFUSED)("%j is refused", async (args, status, error) => {
  expect(await run(...args)).toEqual({ status, stdout: "", stderr: `error: ${error}\n` });
});
