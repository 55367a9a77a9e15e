import { checkSourceFile } from "../../ops/check-prisma/source-file";
import { brief, DECLARED, lines } from "./declared";

const MISSING = "the adapter ignores ?schema=: give it { schema } as second argument, read from the URL";
const adapter = (options: string): string =>
  lines("// adapter", `const adapter = new PrismaPg({ connectionString }${options});`);

/** Second arguments of an adapter, and what is wrong with them. */
const ADAPTERS: [options: string, findings: string[]][] = [
  [", { schema }", []],
  [', { schema: new URL(url).searchParams.get("schema") ?? undefined }', []],
  [", { schema: `$" + "{app}_dev` }", []],
  [", options", []],
  [", { ...options }", []],
  ["", [`2: ${MISSING}`]],
  [", {}", [`2: ${MISSING}`]],
  [", { onPoolError }", [`2: ${MISSING}`]],
  [', { "schema": "wms_dev" }', ['2: schema "wms_dev" fixes the environment: read it from the URL']],
  [", { schema: `wms_prod` }", ['2: schema "wms_prod" fixes the environment: read it from the URL']],
  [', { schema: "xplan_dev" }', ['2: schema "xplan_dev" is xplan\'s: wms may not reach it']],
  [', { schema: "public" }', ['2: schema "public" is no app\'s: nothing can be made in it']],
  [', { schema: "wms" }', ['2: schema "wms" is in no stack: deploy it first, or mend the name']],
];

const OUT = '2: url is written out: take it from env("DATABASE_URL")';
const reads = (variable: string): string =>
  `2: url reads ${variable}: the secret and the .env files have DATABASE_URL`;
const config = (inside: string): string =>
  lines("export default defineConfig({", `  datasource: { ${inside} },`, "});");

/** Datasources of `prisma.config.ts`, and what is wrong with them. */
const DATASOURCES: [inside: string, findings: string[]][] = [
  ['url: env("DATABASE_URL")', []],
  ["url: process.env.DATABASE_URL", []],
  ['url: process.env["DATABASE_URL"] ?? ""', []],
  ["url: (process.env.DATABASE_URL as string)!", []],
  ['url: urlOf("wms")', []],
  ["url", []],
  ['url: env("DATABASE_URL"), shadowDatabaseUrl: process.env.SHADOW_DATABASE_URL', []],
  ['"url": "postgresql://u:s3cret@db/portal_db"', [OUT]],
  ["url: `postgresql://u:$" + "{s3cret}@db/portal_db`", [OUT]],
  ['url: process.env.DATABASE_URL ?? "postgresql://u:s3cret@db/portal_db"', [OUT]],
  ['url: isCi ? "postgres://u:s3cret@db/portal_db" : env("DATABASE_URL")', [OUT]],
  ['url: env("WMS_URL")', [reads("WMS_URL")]],
  ["url: process.env.WMS_URL!", [reads("WMS_URL")]],
  ['url: process.env["WMS_URL"] || ""', [reads("WMS_URL")]],
  [
    'url: env("DATABASE_URL"), directUrl: "postgres://s3cret", shadowDatabaseUrl: "postgres://s3cret"',
    [
      '2: directUrl is written out: take it from env("DIRECT_URL")',
      '2: shadowDatabaseUrl is written out: take it from env("SHADOW_DATABASE_URL")',
    ],
  ],
  [
    'url: env("DATABASE_URL"), shadowDatabaseUrl: process.env.DATABASE_URL?.replace("portal_db", "shadow")',
    [],
  ],
  ...[
    "process.env.SHADOW_DATABASE_URL ?? process.env.DATABASE_URL",
    'process.env.DATABASE_URL + "_shadow"',
    'isCi ? env("SHADOW_DATABASE_URL") : env("DATABASE_URL")',
  ].map((shadow): [string, string[]] => [
    `url: env("DATABASE_URL"), shadowDatabaseUrl: ${shadow}`,
    [
      '2: shadowDatabaseUrl reads DATABASE_URL: Prisma empties what it leads to: take env("SHADOW_DATABASE_URL"), of a local database of your own',
    ],
  ]),
  ...["DATABASE_URL", "DIRECT_URL"].map((variable): [string, string[]] => [
    `url: env("DATABASE_URL"), shadowDatabaseUrl: env("${variable}")`,
    [
      `2: shadowDatabaseUrl reads ${variable}: Prisma empties what it leads to: take env("SHADOW_DATABASE_URL"), of a local database of your own`,
    ],
  ]),
];

const check = (text: string, isConfig = false) => checkSourceFile("a.ts", text, "wms", DECLARED, isConfig);

test.each(ADAPTERS)("an adapter with the second argument '%s'", async (options, findings) => {
  expect(await check(adapter(options))).toEqual({
    findings: findings.map((text) => ({ file: "a.ts", line: 2, message: text.slice(3) })),
    hasUrl: false,
    shadows: [],
  });
});

test("an adapter of a namespace is one, other classes and what is commented out are none", async () => {
  expect(brief((await check("new prisma.PrismaPg(pool);\n")).findings)).toEqual([`1: ${MISSING}`]);
  const others =
    "// new PrismaPg(pool)\nnew MyPrismaPg(pool); PrismaPg(pool); const a = 'new PrismaPg(pool)';\n";
  expect((await check(others)).findings).toEqual([]);
});

test.each(DATASOURCES)("a config with %s", async (inside, findings) => {
  const { hasUrl, findings: found } = await check(config(inside), true);
  expect({ hasUrl, findings: brief(found) }).toEqual({ findings, hasUrl: true });
});

test("only a config's datasource is looked at, and an adapter in it as well", async () => {
  const nothing = { findings: [], hasUrl: false, shadows: [] };
  expect(await check(config('url: "postgresql://u:s3cret@db/d"'))).toEqual(nothing);
  expect(await check('defineConfig({ other: { url: "postgresql://u:s3cret@db/d" } });', true)).toEqual(
    nothing,
  );
  expect(brief((await check("defineConfig({ adapter: () => new PrismaPg(pool) });", true)).findings)).toEqual(
    [`1: ${MISSING}`],
  );
});

test.each([
  ["defineConfig({ datasource: {} });", false, []],
  ['defineConfig({ datasource: { shadowDatabaseUrl: env("S") } });', false, ["S"]],
  ["defineConfig({ datasource: { ...shared } });", true, []],
  ["defineConfig({ datasource: shared });", true, []],
  ["defineConfig({ datasource });", true, []],
  ['defineConfig({ "datasource": { "url": env("DATABASE_URL") } });', true, []],
])("%s may have a url: %s", async (text, hasUrl, shadows) =>
  expect(await check(text, true)).toEqual({ findings: [], hasUrl, shadows }),
);
