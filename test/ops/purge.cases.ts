import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { answerOps, type OpsPlatform } from "../helpers/ops-platform";

const SETUP = `
  CREATE TYPE state AS ENUM ('open', 'done');
  CREATE TABLE orders (id int PRIMARY KEY, state state DEFAULT 'open', at timestamptz DEFAULT now());
  CREATE TABLE lines (order_id int REFERENCES orders ON DELETE CASCADE);
  CREATE FUNCTION lower(state) RETURNS text LANGUAGE sql AS 'SELECT ''x''';
  CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM lines; SELECT 1';
  CREATE VIEW orders_view AS SELECT * FROM orders;
  CREATE TABLE prices (price int);
  CREATE FUNCTION lines_now() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM wms_prod.lines';
  INSERT INTO orders SELECT i FROM generate_series(1, 10) i; INSERT INTO lines SELECT 1 FROM generate_series(1, 3);
  CREATE MATERIALIZED VIEW z_counted AS SELECT count(*)::int AS n FROM orders_view;
  CREATE MATERIALIZED VIEW a_counted AS SELECT n FROM z_counted;
  CREATE MATERIALIZED VIEW hidden AS SELECT lines_now() AS n;
  CREATE MATERIALIZED VIEW unfilled AS SELECT id FROM orders WITH NO DATA;
  CREATE MATERIALIZED VIEW priced AS SELECT price, clock_timestamp() AS at FROM prices;
  INSERT INTO prices VALUES (1)`;

/** What the materialized views hold; `priced` stands on no table that is changed, and so stays as old as it is. */
const VIEWS = `SELECT (SELECT n FROM z_counted) AS z, (SELECT n FROM a_counted) AS a, (SELECT n::int FROM hidden) AS hidden,
  (SELECT count(*)::int FROM priced) AS priced,
  (SELECT relispopulated FROM pg_class WHERE oid = 'unfilled'::regclass) AS unfilled`;

const COUNTS = `SELECT (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM lines) AS lines,
  (SELECT count(*)::int FROM orders WHERE state = 'done') AS done`;

const UNTOUCHED = [{ orders: 10, lines: 3, done: 0 }];

const GOOD = `-- ünïcode; DROP TABLE orders;
/* outer /* nested; */ */ DELETE FROM orders WHERE id IN (1, 2) AND at <= now() + interval '1 day';
WITH old AS (SELECT id FROM orders WHERE id > 8) UPDATE wms_prod.orders o SET state = 'done'::state
  FROM old WHERE o.id = old.id AND upper('a;b') = $$A;B$$;
`;

/** What must not run, and what is said of it. */
const REFUSED: readonly (readonly [sql: string, problem: string])[] = [
  ["DROP TABLE orders", "only DELETE and UPDATE may run, this is DROP"],
  ["TRUNCATE orders", "only DELETE and UPDATE may run, this is TRUNCATE"],
  ["INSERT INTO orders VALUES (99)", "only DELETE and UPDATE may run, this is INSERT"],
  ["SELECT 1", "only DELETE and UPDATE may run, this is SELECT"],
  ["COPY orders TO PROGRAM 'id'", "only DELETE and UPDATE may run, this is COPY"],
  ["DO $$ BEGIN DELETE FROM orders; END $$", "only DELETE and UPDATE may run, this is DO"],
  ["DELETE FROM lines WHERE true; COMMIT", "only DELETE and UPDATE may run, this is TRANSACTION"],
  ["SET ROLE wms_dev_owner", "only DELETE and UPDATE may run, this is VARIABLE SET"],
  ["PREPARE p AS DELETE FROM orders", "only DELETE and UPDATE may run, this is PREPARE"],
  ["EXPLAIN ANALYZE DELETE FROM orders", "only DELETE and UPDATE may run, this is EXPLAIN"],
  ["CALL nothing()", "only DELETE and UPDATE may run, this is CALL"],
  ["DELETE FROM orders", "DELETE without WHERE: write WHERE true when every row is meant"],
  [
    "WITH d AS (DELETE FROM lines WHERE true RETURNING 1) DELETE FROM orders WHERE id = 1",
    "a WITH query that changes data",
  ],
  [
    "WITH d AS (INSERT INTO lines VALUES (1) RETURNING 1) DELETE FROM orders WHERE id = 1",
    "InsertStmt is not allowed",
  ],
  ["DELETE FROM wms_dev.orders WHERE true", "wms_dev.orders is not in wms_prod"],
  ["DELETE FROM other.wms_prod.orders WHERE true", "other.wms_prod.orders is not in wms_prod"],
  ["DELETE FROM orders USING auth_prod.users WHERE true", "auth_prod.users is not in wms_prod"],
  ["DELETE FROM orders WHERE id IN (SELECT 1 FROM auth_dev.x)", "auth_dev.x is not in wms_prod"],
  ["UPDATE pg_settings SET setting = 'off' WHERE name = 'x'", "pg_settings is not in wms_prod"],
  ["DELETE FROM nowhere WHERE true", "there is no table nowhere in wms_prod"],
  ["DELETE FROM orders_view WHERE true", "orders_view is a view: change its tables"],
  ["DELETE FROM orders WHERE id = wipe()", "wipe() is not one of Postgres's functions"],
  [
    "DELETE FROM orders WHERE id = wms_prod.wipe()",
    "wms_prod.wipe: only Postgres's own functions and operators",
  ],
  ["DELETE FROM orders WHERE lower(state) = 'x'", "lower() exists in wms_prod, too"],
  ["DELETE FROM orders WHERE set_config('role', 'none', false) = ''", "set_config() can change something"],
  [
    "DELETE FROM orders WHERE id = (SELECT pg_terminate_backend(1)::int)",
    "pg_terminate_backend() can change something",
  ],
  ["UPDATE orders SET id = (SELECT nextval('s')) WHERE true", "nextval() can change something"],
  [
    "DELETE FROM orders WHERE query_to_xml('DELETE FROM lines', true, true, '') IS NULL",
    "query_to_xml() can change something",
  ],
  [
    "DELETE FROM orders WHERE id OPERATOR(wms_dev.=) 1",
    "wms_dev.=: only Postgres's own functions and operators",
  ],
  ["DELETE FROM orders WHERE CURRENT OF c", "CurrentOfExpr is not allowed"],
  ["DELETE FROM orders WHERE id = $1", "ParamRef is not allowed"],
  [
    "DELETE FROM orders WHERE id IN (SELECT order_id FROM lines FOR UPDATE)",
    "FOR UPDATE and FOR SHARE have no use here",
  ],
  ["DELETE FRM orders", 'syntax error at or near "FRM"'],
  ["-- nothing", "has no statement"],
];

/** `purge`: what runs, what is shown, and what is refused. */
export function purgeCases(get: () => OpsPlatform): void {
  const purge = (sql: string, ...options: string[]) => {
    const file = resolve(get().platform.dir, "delete.sql");
    writeFileSync(file, sql);
    return ["purge", "wms", "prod", "--file", file, ...options];
  };
  const counts = () => get().query("wms", "prod", COUNTS);

  beforeAll(() => get().query("wms", "prod", SETUP));

  test.each(REFUSED)("refuses %s", async (sql, problem) => {
    const { status, stderr } = await get().run(...purge(`\n${sql}`, "--yes"));
    expect(status).toBe(1);
    expect(stderr).toContain(problem);
  });

  test("nothing that was refused has changed anything", async () =>
    expect(await counts()).toEqual(UNTOUCHED));

  test("shows the rows of each statement, and those that go along, and rolls a dry run back", async () => {
    const { status, stdout } = await get().run(...purge(GOOD, "--dry-run"));
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /delete\.sql:2 {2}DELETE orders: 2 rows\n.*delete\.sql:3 {2}UPDATE orders: 2 rows\n/,
    );
    expect(stdout).toContain(
      "lines: 3 deleted, 0 updated\n  orders: 2 deleted, 2 updated\n" +
        ["a_counted", "hidden", "z_counted"]
          .map((view) => `Filled anew then, since it holds the rows as they were: wms_prod.${view}\n`)
          .join("") +
        "Rolled back: nothing was changed",
    );
    expect(await counts()).toEqual(UNTOUCHED);
  });

  test("a statement that fails takes those before it back", async () => {
    const { stderr } = await get().run(
      ...purge("DELETE FROM lines WHERE true; DELETE FROM orders WHERE id / 0 = 1", "--yes"),
    );
    expect(stderr).toBe("error: division by zero (22012); nothing was changed");
    expect(await counts()).toEqual(UNTOUCHED);
  });

  test("commits on the schema's name alone", async () => {
    const unasked = await get().run(...purge(GOOD));
    expect(unasked).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("add --dry-run to see the counts"),
    });
    const args = [...purge(GOOD), ...get().where];
    expect(await answerOps(args, "yes")).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("Rolled back"),
    });
    expect(await counts()).toEqual(UNTOUCHED);
    expect(await answerOps(args, "wms_prod")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("Committed"),
    });
    expect(await counts()).toEqual([{ orders: 8, lines: 0, done: 2 }]);
    expect(await get().query("wms", "prod", VIEWS)).toEqual([
      { z: 8, a: 8, hidden: 0, priced: 0, unfilled: false },
    ]);
  });
}
