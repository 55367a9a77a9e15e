import { checkSourceFile } from "../../ops/check-prisma/source-file";
import { brief, DECLARED, lines } from "./declared";

const OTHER = 'schema "xplan_prod" is xplan\'s: wms may not reach it';
const ANY = 'schema "xplan_…" is xplan\'s: wms may not reach it';
const OWN =
  'schema "wms_prod" fixes the environment, and prod would look for it, too: leave it out, ?schema= in the URL decides';
const D = "$";
const T = "`";
const tagged = (tag: string, text: string): string => `await ${tag}${T}${text}${T};`;

/** Code with SQL in it, and what is wrong with it. */
const CODE: [title: string, code: string, findings: string[]][] = [
  ["a query", tagged("prisma.$queryRaw", 'SELECT * FROM xplan_prod."Plan"'), [`1: ${OTHER}`]],
  ["one with a type", tagged("tx.$queryRaw<Plan[]>", "SELECT * FROM xplan_prod.plan"), [`1: ${OTHER}`]],
  [
    "one with values",
    tagged(
      "prisma.$executeRaw",
      `UPDATE xplan_prod.plan SET a = ${D}{a} WHERE id IN (${D}{Prisma.join(ids)})`,
    ),
    [`1: ${OTHER}`],
  ],
  [
    "one over several lines",
    lines(tagged("prisma.$queryRaw", `\n  SELECT *\n  FROM wms_prod.a\n  WHERE id = ${D}{id}\n`)),
    [`3: ${OWN}`],
  ],
  [
    "one whose text stands in a variable",
    'import pg from "pg";\nconst text = "SELECT * FROM xplan_prod.plan";\npool.query({ text, values: [] });',
    [`3: ${OTHER}`],
  ],
  ["one that a function of its own runs", 'run("SELECT * FROM xplan_prod.plan");', [`1: ${OTHER}`]],
  ["one that is copied", 'client.query(from("COPY xplan_prod.plan FROM STDIN"));', [`1: ${OTHER}`]],
  ["a query builder's", 'db.withSchema("xplan_prod").selectFrom("plan");', [`1: ${OTHER}`]],
  [
    "words and other databases' SQL",
    'say("select xplan_prod. to go on"); say("see xplan_prod.plan"); run("SELECT 1 FROM public.a");',
    [],
  ],
  ["a text", 'prisma.$queryRawUnsafe("SELECT * FROM xplan_prod.plan WHERE id = $1", id);', [`1: ${OTHER}`]],
  [
    "a text that is put together",
    'const schema = "xplan_prod";\nprisma.$executeRawUnsafe("DELETE FROM " + schema + ".plan");',
    [`2: ${OTHER}`],
  ],
  [
    "a template of an environment",
    `prisma.$queryRawUnsafe(${T}SELECT * FROM xplan_${D}{environment}.plan${T});`,
    [`1: ${ANY}`],
  ],
  [
    "a text in a constant",
    'const sql = "SELECT 1 FROM xplan_prod.a";\nprisma.$queryRawUnsafe(sql);',
    [`2: ${OTHER}`],
  ],
  [
    "a text joined, concatenated, in a member, in a variable that is not constant",
    lines(
      'prisma.$queryRawUnsafe(["SELECT 1", "FROM xplan_prod.plan"].join(" "));',
      'prisma.$queryRawUnsafe("SELECT 1".concat(" FROM xplan_prod.plan"));',
      'const schemas = { other: "xplan_prod" };',
      `prisma.$queryRawUnsafe(${T}SELECT 1 FROM ${D}{schemas.other}.plan${T});`,
      'let text = "SELECT 1 FROM xplan_prod.plan";',
      'prisma["$executeRawUnsafe"](text);',
    ),
    [1, 2, 4, 6].map((line) => `${line}: ${OTHER}`),
  ],
  [
    "a text that is added to, one of an array, and functions by another name",
    lines(
      'let q = "SELECT * FROM ";',
      'q += "xplan_prod.plan";',
      "prisma.$queryRawUnsafe(q);",
      'const SQL = ["SELECT 1 FROM xplan_prod.plan"];',
      "prisma.$queryRawUnsafe(SQL[0]);",
      "const { $queryRawUnsafe: ask } = prisma;",
      "ask(SQL[0]);",
      "const run = prisma.$executeRawUnsafe;",
      "run(SQL[0]);",
    ),
    [3, 5, 7, 9].map((line) => `${line}: ${OTHER}`),
  ],
  ["Prisma.sql", tagged("Prisma.sql", "SELECT * FROM xplan_prod.plan"), [`1: ${OTHER}`]],
  ["a piece of SQL", tagged("Prisma.sql", "JOIN xplan_prod.plan p ON p.id = a.id"), [`1: ${OTHER}`]],
  [
    "a quoted name in a piece",
    tagged("Prisma.sql", 'JOIN "xplan_prod"."Plan" p USING (id)'),
    [`1: ${OTHER}`],
  ],
  ["sql by its own name", tagged("sql", "SELECT * FROM xplan_prod.plan"), [`1: ${OTHER}`]],
  ["Prisma.raw", 'const from = Prisma.raw("xplan_prod.plan");', [`1: ${OTHER}`]],
  [
    "Prisma.raw within a query",
    tagged("prisma.$queryRaw", `SELECT * FROM ${D}{Prisma.raw("xplan_prod")}.plan`),
    [`1: ${OTHER}`],
  ],
  [
    "Prisma.raw of an environment",
    tagged("prisma.$queryRaw", `SELECT * FROM xplan_${D}{Prisma.raw(environment)}.plan`),
    [`1: ${ANY}`],
  ],
  [
    "node-postgres",
    'import { Pool } from "pg";\nawait pool.query("SELECT * FROM xplan_prod.plan");',
    [`2: ${OTHER}`],
  ],
  [
    "node-postgres, an object",
    'const { Client } = require("pg");\nclient.query({ text: "LISTEN orders", values: [] });',
    [
      "2: LISTEN: any login of the database hears it, may send the same, and one that listens too slowly stops it for all: keep what is to be told in a table",
    ],
  ],
  [
    "an advisory lock",
    tagged("prisma.$executeRaw", `SELECT pg_advisory_xact_lock(${D}{key})`),
    [
      "1: pg_advisory_xact_lock: its numbers are every app's, and Prisma's own lock is one of them: lock a row of your own instead (SELECT … FOR UPDATE)",
    ],
  ],
  [
    "what may not be in a migration either",
    'prisma.$executeRawUnsafe("SET ROLE postgres");\nprisma.$executeRawUnsafe("CREATE TEMP TABLE a (b int)");',
    [
      "1: SET ROLE: what a login makes would not be its owner's: take it out",
      "2: TEMPORARY: no login may make a temporary one: use a WITH query, or a table and drop it",
    ],
  ],
  ["search_path", 'prisma.$executeRawUnsafe("SET search_path TO xplan_prod");', [`1: ${OTHER}`]],
  [
    "public",
    tagged("prisma.$queryRaw", 'SELECT * FROM public."User"'),
    [
      '1: schema "public" is no app\'s: nothing can be made in it, leave it out, ?schema= in the URL decides; what an extension brings is in extensions',
    ],
  ],
];

/** What ordinary apps write: nothing is wrong with it. */
const FINE: [title: string, code: string][] = [
  [
    "a query",
    tagged(
      "prisma.$queryRaw",
      `SELECT u.id, p.name FROM "User" u JOIN "Post" p ON p.id = u.id WHERE u.id = ${D}{id}`,
    ),
  ],
  [
    "conditions from elsewhere",
    tagged("prisma.$queryRaw", `SELECT * FROM "User" ${D}{where} ORDER BY ${D}{order}`),
  ],
  ["an environment's own schema", `prisma.$queryRawUnsafe(${T}SELECT * FROM wms_${D}{env}.a${T});`],
  ["a schema from the URL", `prisma.$queryRawUnsafe(${T}SELECT * FROM "${D}{schema}"."User"${T});`],
  ["a text that is added to itself", 'let q = "SELECT 1"; q += q; q += where; prisma.$queryRawUnsafe(q);'],
  ["locks of a row", tagged("tx.$queryRaw", `SELECT 1 FROM "Stock" WHERE id = ${D}{id} FOR UPDATE`)],
  ["an extension's function", tagged("prisma.$queryRaw", "SELECT extensions.crypt('a', 'b')")],
  ["a text that only looks like SQL", 'const help = "SELECT * FROM xplan_prod.plan"; log("DROP ROLE a");'],
  ["a query of something else", 'await graph.query("{ xplan_prod.plan }"); express.raw({ type: "x" });'],
  ["what is commented out", "// prisma.$queryRaw`SELECT * FROM xplan_prod.plan`\n/* pg_advisory_lock */"],
  ["a table in a text within SQL", tagged("prisma.$queryRaw", "SELECT 'xplan_prod.plan'")],
  [
    "a lock with its reason",
    tagged(
      "prisma.$executeRaw",
      "\n-- check-prisma-ignore: one nightly job, its key is its own\nSELECT pg_advisory_lock(7)",
    ),
  ],
];

const check = async (code: string) =>
  brief((await checkSourceFile("a.ts", code, "wms", DECLARED, false)).findings);

test.each(CODE)("%s is read", async (_title, code, findings) => expect(await check(code)).toEqual(findings));
test.each(FINE)("nothing is wrong with %s", async (_title, code) => expect(await check(code)).toEqual([]));
