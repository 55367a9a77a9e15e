import { checkMigrationFile } from "../../ops/check-prisma/migration-file";
import { brief, DECLARED, lines } from "./declared";

const OTHER = 'schema "xplan_dev" is xplan\'s: wms may not reach it';
const NO_SCHEMA =
  "CREATE SCHEMA: no app may, even with IF NOT EXISTS: take it out, the stack makes the schema";
const ROLE = "the stacks make roles: take it out";
const ACTING = "what a login makes would not be its owner's: take it out";
const PUBLIC =
  'schema "public" is no app\'s: nothing can be made in it, leave it out, ?schema= in the URL decides';
const INDEX = expect.stringMatching(
  /^\d+: CREATE INDEX on "A": nobody writes to it while the index is built\. /,
);

/** Bodies of DO, and what is wrong with them; the first line of a body is the second of the file. */
const BODIES: [title: string, body: string[], findings: unknown[]][] = [
  ["DDL", ["BEGIN", "  CREATE SCHEMA audit;", "END"], [`3: ${NO_SCHEMA}`]],
  [
    "behind a condition",
    [
      "BEGIN",
      "IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'a') THEN",
      "  CREATE ROLE a;",
      "END IF; END",
    ],
    [`4: CREATE ROLE: ${ROLE}`],
  ],
  [
    "in every branch",
    ["BEGIN IF a THEN CREATE ROLE b;", "ELSIF c THEN DROP ROLE d;", "ELSE ALTER ROLE e LOGIN; END IF; END"],
    [`2: CREATE ROLE: ${ROLE}`, `3: DROP ROLE: ${ROLE}`, `4: ALTER ROLE: ${ROLE}`],
  ],
  [
    "of a CASE, beside one within SQL",
    [
      "BEGIN",
      "UPDATE a SET b = CASE WHEN c THEN 1 ELSE 2 END;",
      "CASE x WHEN 1 THEN DROP ROLE a; ELSE NULL; END CASE;",
      "END",
    ],
    [`4: DROP ROLE: ${ROLE}`],
  ],
  [
    "an exception's",
    ["BEGIN NULL;", "EXCEPTION WHEN others THEN DROP ROLE a;", "END"],
    [`3: DROP ROLE: ${ROLE}`],
  ],
  [
    "a nested block's",
    ["<<a>>", "DECLARE b int; BEGIN BEGIN", "DROP ROLE a; END; END"],
    [`4: DROP ROLE: ${ROLE}`],
  ],
  ["EXECUTE of a text", ["BEGIN EXECUTE 'CREATE SCHEMA audit'; END"], [`2: ${NO_SCHEMA}`]],
  ["EXECUTE of a dollar quote", ["BEGIN EXECUTE $q$DROP ROLE a$q$; END"], [`2: DROP ROLE: ${ROLE}`]],
  [
    "EXECUTE of parts",
    ["BEGIN EXECUTE 'DROP ' || 'ROLE ' || quote_ident(a); END"],
    [`2: DROP ROLE: ${ROLE}`],
  ],
  [
    "EXECUTE of format",
    ["BEGIN EXECUTE format('INSERT INTO %I.a VALUES (%L)', 'xplan_dev', b) USING c; END"],
    [`2: ${OTHER}`],
  ],
  [
    "EXECUTE of format, each value in its place",
    ["BEGIN EXECUTE format('SELECT %L FROM %I.a, %2$I.b', 'x', 'xplan_dev'); END"],
    [`2: ${OTHER}`],
  ],
  [
    "a condition with a CASE of its own",
    ["BEGIN IF CASE WHEN a THEN b ELSE c END THEN", "DROP ROLE d; END IF; END"],
    [`3: DROP ROLE: ${ROLE}`],
  ],
  [
    "EXECUTE of an environment's name",
    ["BEGIN EXECUTE 'SELECT 1 FROM xplan_' || env || '.a' INTO b; END"],
    ['2: schema "xplan_…" is xplan\'s: wms may not reach it'],
  ],
  [
    "a loop's query",
    ["DECLARE r record; BEGIN FOR r IN", "SELECT * FROM xplan_dev.a LOOP NULL; END LOOP; END"],
    [`2: ${OTHER}`],
  ],
  [
    "a loop's EXECUTE",
    ["BEGIN FOR r IN EXECUTE 'SELECT 1 FROM xplan_dev.a' LOOP NULL; END LOOP; END"],
    [`2: ${OTHER}`],
  ],
  ["in a loop", ["BEGIN FOR i IN 1..3 LOOP", "DROP ROLE a;", "END LOOP; END"], [`3: DROP ROLE: ${ROLE}`]],
  [
    "a condition's query",
    ["BEGIN WHILE (SELECT true FROM xplan_dev.a) LOOP NULL; END LOOP; END"],
    [`2: ${OTHER}`],
  ],
  ["an assignment", ["BEGIN a := (SELECT b FROM xplan_dev.c); END"], [`2: ${OTHER}`]],
  ["PERFORM", ["BEGIN PERFORM set_config('role', 'a', true); END"], [`2: set_config('role'): ${ACTING}`]],
  ["RETURNING INTO", ["BEGIN INSERT INTO xplan_dev.a VALUES (1) RETURNING id INTO b; END"], [`2: ${OTHER}`]],
  ["a variable's type", ["DECLARE a xplan_dev.b%ROWTYPE;", "BEGIN NULL; END"], [`2: ${OTHER}`]],
  [
    "public",
    ["BEGIN IF to_regclass('public.a') IS NULL THEN", "CREATE TABLE public.a (b int); END IF; END"],
    [
      `2: ${PUBLIC}; what an extension brings is in extensions`,
      `3: ${PUBLIC}; what an extension brings is in extensions`,
    ],
  ],
  [
    "a text that a variable is put together from",
    [
      "DECLARE q text := 'CREATE ' || 'SCHEMA x';",
      "r text DEFAULT 'DROP ' || 'ROLE a'; s text; BEGIN",
      "s := 'DROP ROLE a';",
      "SELECT 'DROP ' || 'ROLE b' INTO s;",
      "EXECUTE q; END",
    ],
    [`2: ${NO_SCHEMA}`, `3: DROP ROLE: ${ROLE}`, `4: DROP ROLE: ${ROLE}`, `5: DROP ROLE: ${ROLE}`],
  ],
  ["a statement that locks", ["BEGIN", 'CREATE INDEX i ON "A" (b);', "END"], [INDEX]],
  [
    "a body within a body",
    ["BEGIN EXECUTE $q$DO $r$BEGIN DROP ROLE a; END$r$ $q$; END"],
    [`2: DROP ROLE: ${ROLE}`],
  ],
];

/** Bodies with nothing wrong in them. */
const FINE: [title: string, body: string][] = [
  [
    "Prisma's guard of an enum",
    `BEGIN CREATE TYPE "Role" AS ENUM ('A'); EXCEPTION WHEN duplicate_object THEN null; END`,
  ],
  [
    "a backfill",
    `DECLARE r record; BEGIN FOR r IN SELECT id FROM "A" LOOP UPDATE "A" SET b = 1 WHERE id = r.id; END LOOP; END`,
  ],
  ["a new table with its index", `BEGIN CREATE TABLE "B" (c int); CREATE INDEX i ON "B" (c); END`],
  [
    "words that look like it",
    "BEGIN RAISE NOTICE 'CREATE ROLE %', 1; a.b := 'xplan_dev.a'; /* DROP ROLE a; */ END",
  ],
  ["a text that is put together and harmless", "DECLARE q text := 'ANALYZE ' || name; BEGIN EXECUTE q; END"],
  ["an EXECUTE that only a run knows", "BEGIN EXECUTE statement; EXECUTE 'ANALYZE ' || name; END"],
];

const check = async (sql: string) => brief(await checkMigrationFile("m.sql", sql, "wms", DECLARED));

test.each(BODIES)("%s in a DO block is read", async (_title, body, findings) => {
  expect(await check(lines("DO $$", ...body, "$$;"))).toEqual(findings);
});

test.each(FINE)("nothing is wrong with %s", async (_title, body) => {
  expect(await check(`DO $$\n${body}\n$$;`)).toEqual([]);
});

test("a body in quotes, and another language's", async () => {
  expect(await check("DO '\nBEGIN EXECUTE ''DROP ROLE a''; END';")).toEqual([`2: DROP ROLE: ${ROLE}`]);
  expect(await check("DO LANGUAGE plpgsql $$BEGIN DROP ROLE a; END$$;")).toEqual([`1: DROP ROLE: ${ROLE}`]);
});

test("a function's body is read, of SQL and of PL/pgSQL, by its lines; what it locks waits until it is called", async () => {
  const sql = lines(
    "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$",
    "  SELECT 1;",
    "  SELECT b FROM xplan_dev.c",
    "$$;",
    "CREATE OR REPLACE FUNCTION g() RETURNS trigger AS $body$",
    "BEGIN",
    '  CREATE INDEX i ON "A" (b);',
    "  INSERT INTO xplan_dev.a VALUES (NEW.id);",
    "  RETURN NEW;",
    "END",
    "$body$ LANGUAGE plpgsql;",
  );
  expect(await check(sql)).toEqual([`3: ${OTHER}`, `8: ${OTHER}`]);
});

test("a body that is cut off is Postgres's to refuse, not ours to fail at", async () => {
  expect(await check("DO $$BEGIN SELECT 'a; END$$;")).toEqual([]);
});
