import { checkSourceFile } from "../../ops/check-prisma/source-file";
import { brief, DECLARED } from "./declared";

const D = "$";
const LIMIT = (words: string, most = 10, login = "portal_wms_dev"): string =>
  `${words} is more than the ${most} connections that ${login} may hold, all processes together: Postgres refuses the rest (53300): lower it, or raise the app's connectionLimit`;
const OPEN = "gives the password to whoever answers in the server's place";
const MODE = `${OPEN}: say sslmode=verify-full`;
const BUNDLE = `${OPEN}: leave it out, and name the CA bundle in NODE_EXTRA_CA_CERTS`;
const WRITTEN = "is written out: whoever reads the repository has it: take it from DATABASE_URL";
const URL_WRITTEN = `a URL with its password ${WRITTEN}`;
const PLAIN = "the instance refuses what is not encrypted: say sslmode=verify-full";
const HOST = "ecomos-prod.abc.us-east-1.rds.amazonaws.com:5432";
const adapter = (settings: string): string => `new PrismaPg({ connectionString, ${settings} }, { schema });`;

/** Code that connects, and what is wrong with it. */
const CODE: [code: string, findings: string[]][] = [
  [adapter("max: 50"), [LIMIT("max: 50")]],
  [adapter("max: Number(process.env.POOL ?? 20)"), [LIMIT("max: 20")]],
  [adapter('max: parseInt(process.env.POOL || "30", 10)'), [LIMIT("max: 30")]],
  [`const max = 25;\n${adapter("max")}`, [LIMIT("max: 25")]],
  [adapter('max: process.env.NODE_ENV === "production" ? 50 : 5'), [LIMIT("max: 50")]],
  ["const POOL = { max: 50 } as const;\nnew Pool({ ...POOL, connectionString });", [LIMIT("max: 50")]],
  [`const POOL = { max: 50 };\n${adapter("max: POOL.max")}`, [LIMIT("max: 50")]],
  ["new Pool({ connectionString: url, max: 11 });", [LIMIT("max: 11")]],
  ["new pg.Pool({ max: 99 });", [LIMIT("max: 99")]],
  ["const settings = { max: 60 };\nnew Pool(settings);", [LIMIT("max: 60")]],
  [`const url = process.env.DATABASE_URL + "&connection_limit=50";`, [LIMIT("connection_limit=50")]],
  [`const url = \`${D}{process.env.DATABASE_URL}&connection_limit=50\`;`, [LIMIT("connection_limit=50")]],
  ['url.searchParams.set("connection_limit", "50");', [LIMIT("connection_limit=50")]],
  [`const url = "postgresql://portal_wms:s3cret@${HOST}/portal_db?schema=wms_prod";`, [URL_WRITTEN]],
  [`const url = process.env.URL ?? "postgres://portal_wms:s3cret@${HOST}/portal_db";`, [URL_WRITTEN]],
  [`const url = "postgresql://portal_wms:" + "s3cret" + "@${HOST}/portal_db";`, [URL_WRITTEN]],
  [`const p = "s3cret";\nconst url = \`postgresql://portal_wms:${D}{p}@${HOST}/portal_db\`;`, [URL_WRITTEN]],
  ['const url = "postgresql://portal_wms_dev:p@ss#w/rd@localhost:6543/portal_db";', [URL_WRITTEN]],
  [
    `new Client({ host: "${HOST.slice(0, -5)}", user: "portal_wms", password: "s3cret" });`,
    [`a password ${WRITTEN}`],
  ],
  [adapter("ssl: { rejectUnauthorized: false }"), [`rejectUnauthorized: false ${BUNDLE}`]],
  ["const ssl = { rejectUnauthorized: false };\nnew Pool({ ssl });", [`rejectUnauthorized: false ${BUNDLE}`]],
  [
    adapter('ssl: process.env.NODE_ENV === "production" ? { rejectUnauthorized: false } : undefined'),
    [`rejectUnauthorized: false ${BUNDLE}`],
  ],
  [adapter("ssl: { checkServerIdentity: () => undefined }"), [`a checkServerIdentity of its own ${BUNDLE}`]],
  [
    adapter('ssl: { rejectUnauthorized: process.env.NODE_ENV !== "production" }'),
    [`rejectUnauthorized: false ${BUNDLE}`],
  ],
  [adapter("ssl: { rejectUnauthorized: !isProduction }"), [`rejectUnauthorized: false ${BUNDLE}`]],
  [adapter("ssl: false"), ["ssl: false: the instance refuses what is not encrypted: leave it out"]],
  [adapter('ssl: "no-verify"'), [`ssl: "no-verify" ${BUNDLE}`]],
  ['process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";', [`NODE_TLS_REJECT_UNAUTHORIZED=0 ${BUNDLE}`]],
  ['process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";', [`NODE_TLS_REJECT_UNAUTHORIZED=0 ${BUNDLE}`]],
  ['const url = process.env.DATABASE_URL + "?sslmode=no-verify";', [`sslmode=no-verify ${MODE}`]],
  ['url.searchParams.set("sslmode", "disable");', [`sslmode=disable: ${PLAIN}`]],
  [`const url = \`${D}{base}&sslaccept=accept_invalid_certs\`;`, [`sslaccept=accept_invalid_certs ${MODE}`]],
  [
    `const url = \`${D}{base}&options=-c%20search_path%3Dxplan_prod\`;`,
    ["options=-c search_path: the login's is its own schema alone: take it out"],
  ],
  [adapter('options: "-c role=postgres"'), ["options=-c role: the login acts as its owner: take it out"]],
];

/** The same by other names and in other words. */
const OTHER_WORDS: typeof CODE = [
  ['import postgres from "postgres";\nconst sql = postgres(url, { max: 500 });', [LIMIT("max: 500")]],
  ['import { Pool as P } from "pg";\nnew P({ max: 500 });', [LIMIT("max: 500")]],
  ['const { Pool: P } = require("pg");\nnew P({ max: 500 });', [LIMIT("max: 500")]],
  ['const pg = await import("pg");\nnew pg.Pool({ max: 5 * 20 });', [LIMIT("max: 100")]],
  ['process.env.PGSSLMODE = "no-verify";', [`PGSSLMODE=no-verify ${MODE}`]],
  [adapter("ssl: { rejectUnauthorized: !1 }"), [`rejectUnauthorized: false ${BUNDLE}`]],
  [
    "const ssl = { rejectUnauthorized: false };\nconst settings = { ssl };\nnew Pool(settings);",
    [`rejectUnauthorized: false ${BUNDLE}`],
  ],
  [
    "const settings: any = {};\nsettings.ssl = { rejectUnauthorized: false };\nnew Pool(settings);",
    [`rejectUnauthorized: false ${BUNDLE}`],
  ],
  [
    "export default { connectionString, ssl: { rejectUnauthorized: false } };",
    [`rejectUnauthorized: false ${BUNDLE}`],
  ],
  [
    'import postgres from "postgres";\npostgres(url, { ssl: { rejectUnauthorized: false } });',
    [`rejectUnauthorized: false ${BUNDLE}`],
  ],
  ['const url = base + "?sslmode=verify-full&sslmode=no-verify";', [`sslmode=no-verify ${MODE}`]],
  [
    'const url = "postgresql://portal_wms@db.example/portal_db?host=evil.example";',
    ["?host= outranks what stands before it: node-postgres takes it: take it out"],
  ],
  [`// postgresql://portal_wms:s3cret@${HOST}/portal_db`, [URL_WRITTEN]],
  [
    `const urls = {"a":"postgresql://USER:PASSWORD@HOST/db","b":"postgresql://app:s3cret@${HOST}/wms","c":"a@b.c"};`,
    [URL_WRITTEN],
  ],
  [`// jdbc:postgresql://${HOST}/portal_db?user=portal_wms&password=s3cret`, [URL_WRITTEN]],
];

/** The same where it is said elsewhere than where it is used. */
const ELSEWHERE: typeof CODE = [
  [adapter('["max"]: 50'), [LIMIT("max: 50")]],
  [adapter("max: Math.max(50, cpus().length)"), [LIMIT("max: 50")]],
  ['const { POOL = "50" } = process.env;\nnew Pool({ max: Number(POOL) });', [LIMIT("max: 50")]],
  ["const settings: any = {};\nsettings.max = 50;\nnew Pool(settings);", [LIMIT("max: 50")]],
  ["const settings = () => ({ max: 50 });\nnew Pool(settings());", [LIMIT("max: 50")]],
  ["function settings() { return { max: 50 }; }\nnew Pool(settings());", [LIMIT("max: 50")]],
  ["new Pool(Object.assign({ connectionString }, { max: 50 }));", [LIMIT("max: 50")]],
  ['url.searchParams.set("connection_limit", String(50));', [LIMIT("connection_limit=50")]],
  [
    "const rejectUnauthorized = false;\nnew Pool({ ssl: { rejectUnauthorized } });",
    [`rejectUnauthorized: false ${BUNDLE}`],
  ],
  [
    "const tls = () => ({ rejectUnauthorized: false });\nnew Pool({ ssl: tls() });",
    [`rejectUnauthorized: false ${BUNDLE}`],
  ],
  ['url = url.replace("sslmode=verify-full", "sslmode=no-verify");', [`sslmode=no-verify ${MODE}`]],
  [
    `const url = \`${D}{base}&options=-c%20statement_timeout%3D5s&options=-c%20search_path%3Dxplan_prod\`;`,
    ["options=-c search_path: the login's is its own schema alone: take it out"],
  ],
];

/** What ordinary apps write: nothing is wrong with it. */
const FINE = [
  adapter("max: 4"),
  adapter("max: 10"),
  adapter("...settings"),
  "const POOL = { max: 50 };\nnew Pool({ ...POOL, max: 5 });",
  "const a = b;\nconst b = a;\nnew Pool(a);",
  "new PrismaPg({ connectionString }, { schema });",
  "new PrismaPg(pool, { schema });",
  adapter("max: Number(process.env.POOL)"),
  adapter('max: process.env.NODE_ENV === "production" ? 20 : 5'),
  adapter('max: process.env.NODE_ENV !== "production" ? 5 : 40'),
  "new Client({ connectionString, max: 50 });",
  "new LruCache({ max: 500 });",
  'import pg from "pg";\nimport { createTransport } from "nodemailer";\ncreateTransport({ host, tls: { rejectUnauthorized: false } });',
  'import { Pool } from "pg";\nnew Redis(url, { tls: { rejectUnauthorized: false } });\nnew Pool({ max: 5 });',
  "const tls = { rejectUnauthorized: false };\nnew Redis(url, { tls });\nnew Pool({ max: 5 });",
  'import pg from "pg";\nimport { Client } from "minio";\nnew Client({ endPoint, ssl: false });',
  'import pg from "pg";\nimport * as Minio from "minio";\nnew Minio.Client({ endPoint, ssl: false });',
  'import { Pool } from "undici";\nnew Pool(origin, { max: 500 });',
  'import postgres from "postgres";\npostgres(url, { max: 5, ssl: "require" });',
  "// check-prisma-ignore: a server of the tests alone\nnew Pool({ ssl: { rejectUnauthorized: false } });",
  "new Pool({\n  ssl: {\n    // check-prisma-ignore: a server of the tests alone\n    rejectUnauthorized: false,\n  },\n});",
  "// check-prisma-ignore: a server of the tests alone\nconst pool = new Pool({\n  ssl: { rejectUnauthorized: false },\n});",
  'const url = process.env.DATABASE_URL ?? "postgresql://postgres:postgres@localhost:5432/postgres";',
  'const url = "postgresql://postgres:postgres@db:5432/app";',
  'const url = "postgresql://postgres:postgres@host.docker.internal:5432/app";',
  'const image = "https://cdn.example/a.png?ssl=0"; const old = "mysql://u@db/x?connection_limit=50";',
  'const doc = "postgresql://user:password@host.example.com:5432/db";',
  `const url = \`postgresql://portal_wms:${D}{password}@${HOST}/portal_db\`;`,
  `const doc = "postgresql://portal_wms:<password>@${HOST}/portal_db";`,
  `const url = "postgresql://portal_wms@${HOST}/portal_db";`,
  'const test = "postgresql://u:p@localhost:5432/portal_db_test?sslmode=disable";',
  "new https.Agent({ rejectUnauthorized: false });",
  adapter("ssl: { rejectUnauthorized: true }"),
  adapter('ssl: { rejectUnauthorized: process.env.NODE_ENV === "production" }'),
  adapter("ssl: isProduction ? { ca } : false"),
  "createServer({ ssl: false });",
  adapter('ssl: process.env.NODE_ENV === "production" ? undefined : { rejectUnauthorized: false }'),
  adapter("ssl: isProduction ? { ca } : { rejectUnauthorized: false }"),
  'if (process.env.NODE_ENV !== "production") process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";',
  'if (process.env.NODE_ENV === "test") { url += "&sslmode=disable"; }',
  'const url = process.env.DATABASE_URL + "&sslmode=verify-full&connection_limit=5";',
  'url.searchParams.set("sslmode", mode);',
  'const words = "sslmode=disable is refused";',
  'if (url.includes("sslmode=disable") || mode === "sslmode=no-verify") throw new Error(why);',
  'const strict = url.replace("sslmode=no-verify", "sslmode=verify-full");',
  'new Pool({ host: container.getHost(), user: "portal_wms_ci", password: "test", database: "portal_db" });',
  `const doc = "postgresql://portal_wms:password@${HOST}/portal_db";`,
  "const settings = () => ({ max: 50 });\nnew LruCache(settings());",
  "const cache: any = {};\ncache.max = 50;\nnew LruCache(cache);",
  "new Pool({ max: Math.min(50, limit), ssl: tls(rejectUnauthorized) });",
];

const check = async (code: string) =>
  brief((await checkSourceFile("a.ts", code, "wms", DECLARED, false)).findings);

test.each([...CODE, ...OTHER_WORDS, ...ELSEWHERE])("%s", async (code, findings) => {
  const found = await check(code);
  expect(found.map((one) => one.replace(/^\d+: /, ""))).toEqual(findings);
  expect(found.join()).not.toMatch(/s3cret|p@ss/);
});

test.each(FINE)("nothing is wrong with %s", async (code) => expect(await check(code)).toEqual([]));

test("what a page shows is no setting", async () => {
  const page = 'const Page = () => <code>{"sslmode=disable"}</code>;';
  expect((await checkSourceFile("a.tsx", page, "wms", DECLARED, false)).findings).toEqual([]);
});

test("a pool without max has node-postgres's own, which may be too many", async () => {
  const small = DECLARED.map((one) => ({ ...one, connectionLimit: 5 }));
  const { findings } = await checkSourceFile(
    "a.ts",
    "new Pool({ connectionString });\n",
    "wms",
    small,
    false,
  );
  expect(brief(findings)).toEqual([`1: ${LIMIT("a pool without max, of 10,", 5, "portal_wms")}`]);
});

test("a comment without a reason, or one within a text, takes nothing on itself", async () => {
  const pool = "new Pool({ ssl: { rejectUnauthorized: false } });";
  const why = "check-prisma-ignore: say why behind a colon, or it is not heeded";
  const finding = `rejectUnauthorized: false ${BUNDLE}`;
  expect(await check(`// check-prisma-ignore\n${pool}`)).toEqual([`1: ${why}`, `2: ${finding}`]);
  const text = `f(\`\n// check-prisma-ignore: x\n\`); ${pool}`;
  expect(await check(text)).toEqual([`3: ${finding}`]);
  expect(await check(`// check-prisma-ignore: x\nf();\n${pool}`)).toEqual([`3: ${finding}`]);
});
