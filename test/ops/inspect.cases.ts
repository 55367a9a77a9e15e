import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Client } from "pg";
import { connectSuperuser } from "../../local/servers/postgres";
import { until } from "../../local/servers/processes";
import type { Inspection } from "../../ops/inspect/inspection";
import { queryText } from "../../ops/inspect/query-text";
import { readState } from "../../ops/inspect/server";
import type { StandOut } from "../../ops/inspect/stand-out";
import { readCatalog } from "../helpers/catalog";
import type { OpsPlatform } from "../helpers/ops-platform";
import { tooWide } from "../helpers/printed";
import { CHECKOUT } from "../helpers/process";

type Printed = Inspection & { readonly standsOut: readonly StandOut[] };

const WAIT_MS = 10_000;
/** What nobody else's eyes are for. */
const SECRET = "s3cret-value";

/** `*_id` of the tables is what JSON says of a big one; the texts are what people write. */
const TABLES = `
  CREATE TABLE orders (id serial PRIMARY KEY, note text, code int UNIQUE, kind int, day date);
  CREATE INDEX by_kind ON orders (kind); CREATE INDEX by_kind_too ON orders (kind);
  CREATE INDEX by_note ON orders (lower(note)) WHERE kind > 3;
  CREATE INDEX by_note_too  ON  orders  (lower(note))  WHERE  kind > 3;
  CREATE INDEX by_day ON orders (day);
  CREATE TABLE ends (id smallserial PRIMARY KEY); SELECT setval('ends_id_seq', 30000);
  CREATE SEQUENCE falls INCREMENT -1 MINVALUE -100 MAXVALUE -1; SELECT setval('falls', -80);
  CREATE SEQUENCE turns MAXVALUE 10 CYCLE; SELECT setval('turns', 10);
  CREATE TABLE told (id int NOT NULL); CREATE UNIQUE INDEX told_apart ON told (id);
  ALTER TABLE told REPLICA IDENTITY USING INDEX told_apart;
  CREATE TABLE parted (id int, day date) PARTITION BY RANGE (day); CREATE INDEX parted_day ON parted (day);
  CREATE TABLE parted_20 PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
  CREATE TABLE "Odd, name" (id int);
  INSERT INTO orders (note, code, kind) SELECT repeat(md5(i::text), 300), i, i FROM generate_series(1, 3000) i;
  DELETE FROM orders WHERE id <= 2500;
  SET enable_seqscan = off; SELECT count(*) FROM orders WHERE day = '2020-01-01'; RESET enable_seqscan;
  SELECT pg_stat_force_next_flush()`;

/** What sessions do, and how large and how clean things are. */
export function inspectCases(get: () => OpsPlatform): void {
  const inDev = (sql: string) => get().query("wms", "dev", sql);
  /** Keys of everything that was printed. */
  const keys = new Set<string>();
  const printed = async (...args: string[]): Promise<Printed> => {
    const { status, stdout, stderr } = await get().run("inspect", ...args, "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return JSON.parse(stdout, (key, value: unknown) => {
      if (/^[a-z]/i.test(key)) keys.add(key);
      return value;
    }) as Printed;
  };
  const pidOf = async (client: Client): Promise<number> =>
    (await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid ?? 0;
  const untilWaits = (pid: number) =>
    until(WAIT_MS, async () => {
      const rows = await get().platform.asSuperuser(
        `SELECT FROM pg_locks WHERE pid = ${pid} AND NOT granted`,
      );
      return rows.length > 0 || undefined;
    });

  const catalog = async () => {
    const { places, port } = get().platform;
    const client = await connectSuperuser(places, port, "portal_db");
    try {
      return await readCatalog(client);
    } finally {
      await client.end();
    }
  };
  let before: Awaited<ReturnType<typeof catalog>>;

  beforeAll(async () => {
    await get().run("reset", "wms", "dev", "--yes");
    // Before the first inspection.
    before = await catalog();
  });

  test("of a schema with nothing in it says so in words", async () => {
    const { status, stdout, stderr } = await get().run("inspect", "wms", "dev");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(tooWide(stdout)).toEqual([]);
    for (const words of [
      /^wms_dev of stack dev on the local platform \(localhost:\d+\/portal_db, as\n {2}portal_db_dev_admin\)\n/,
      "\nNothing stands out.\n",
      "\nNothing waits for a lock.\n",
      "\nNo session has a transaction open.\n",
      "\nNo table has dead rows.\n",
      "\nNo sequence has used half of its numbers.\n",
      "\nNo replication slot holds WAL.\n",
    ])
      expect(stdout).toMatch(words);
  });

  describe("of a schema at work", () => {
    beforeAll(() => inDev(TABLES));
    afterAll(() => get().run("reset", "wms", "dev", "--yes"));

    test("indexes that can go, those that hold a rule or belong to another never", async () => {
      const { indexes } = await printed("wms", "dev");
      const names = (found: readonly { readonly index: string }[]) => found.map(({ index }) => index).sort();
      expect(names(indexes.unused)).toEqual([
        "by_kind",
        "by_kind_too",
        "by_note",
        "by_note_too",
        "parted_day",
      ]);
      expect(indexes.duplicate.map(({ index, sameAs }) => `${index} = ${sameAs}`).sort()).toEqual([
        "by_kind_too = by_kind",
        "by_note_too = by_note",
      ]);
      expect(indexes.invalid).toEqual([]);
    });

    test("an index that was not built to its end, and one that is being built", async () => {
      await inDev("INSERT INTO told VALUES (1)");
      const other = await get().connect("wms", "dev");
      await other.query("BEGIN; INSERT INTO told VALUES (2)");
      const builder = await get().connect("wms", "dev");
      const pid = await pidOf(builder);
      const built = builder.query("CREATE INDEX CONCURRENTLY half ON told (id)").catch(() => {});
      await untilWaits(pid);
      const { indexes, waits } = await printed("wms", "dev");
      const half = {
        schema: "wms_dev",
        table: "told",
        index: "half",
        bytes: expect.any(Number),
        isEstimate: false,
      };
      expect(indexes.invalid).toEqual([{ ...half, isBeingBuilt: true }]);
      expect(waits.map((wait) => [wait.pid, wait.on])).toEqual([[pid, "the end of other transactions"]]);
      await get().platform.asSuperuser(`SELECT pg_terminate_backend(${pid}, 10000)`);
      await built;
      await other.query("ROLLBACK");
      await other.end();
      const left = await printed("wms", "dev");
      expect(left.indexes.invalid).toEqual([{ ...half, isBeingBuilt: false }]);
      expect(left.standsOut).toContainEqual({
        kind: "invalid-index",
        text: "wms_dev.half is not valid: no query uses it, every write does",
      });
      await inDev("DROP INDEX half");
    });

    test("sequences by how much of their column's numbers is used; those that begin anew have no end", async () => {
      const { sequences, standsOut } = await printed("wms", "dev");
      expect(
        sequences.map((one) => [one.sequence, one.usedPercent, one.lastValue, one.endValue, one.column]),
      ).toEqual([
        ["ends_id_seq", 91, "30000", "32767", "ends.id"],
        ["falls", 79, "-80", "-100", null],
        ["orders_id_seq", 0, "3000", "2147483647", "orders.id"],
      ]);
      expect(standsOut.filter(({ kind }) => kind === "sequence").map(({ text }) => text)).toEqual([
        "wms_dev.ends_id_seq has used 91 percent of its numbers; the last is 32767",
        "wms_dev.falls has used 79 percent of its numbers; the last is -100",
      ]);
    });

    test("sizes are the server's own, with TOAST and indexes, and dead rows are counted", async () => {
      const { tables, schemas, cache } = await printed("wms", "dev");
      const own =
        await inDev(`SELECT c.relname AS table, pg_total_relation_size(c.oid)::float8 AS "totalBytes",
          pg_indexes_size(c.oid)::float8 AS "indexesBytes" FROM pg_class c
        WHERE c.relnamespace = 'wms_dev'::regnamespace AND c.relkind IN ('r', 'm') ORDER BY 2 DESC, 1`);
      expect(
        tables.map(({ table, totalBytes, indexesBytes }) => ({ table, totalBytes, indexesBytes })),
      ).toEqual(own);
      for (const one of tables)
        expect(one.rowsBytes + one.toastBytes + one.indexesBytes).toBe(one.totalBytes);
      expect(tables[0]).toMatchObject({
        table: "orders",
        liveRows: 500,
        deadRows: 2500,
        deadPercent: 83,
        isEstimate: false,
      });
      expect(tables[0]?.toastBytes).toBeGreaterThan(0);
      const totalBytes = tables.reduce((sum, one) => sum + one.totalBytes, 0);
      expect(schemas).toEqual([{ schema: "wms_dev", tables: tables.length, totalBytes }]);
      expect(cache).toEqual([
        { schema: "wms_dev", tableHitPercent: expect.any(Number), indexHitPercent: expect.any(Number) },
      ]);
    });

    test("when autovacuum works is the table's own setting", async () => {
      const at = async () => {
        const found = (await printed("wms", "dev")).tables.find(({ table }) => table === "orders");
        return found?.vacuumAtDeadRows;
      };
      await inDev("ANALYZE orders");
      expect(await at()).toBe(150);
      await inDev(
        "ALTER TABLE orders SET (autovacuum_vacuum_threshold = 7, autovacuum_vacuum_scale_factor = 0.5)",
      );
      expect(await at()).toBe(257);
      await inDev("ALTER TABLE orders SET (autovacuum_enabled = false)");
      expect(await at()).toBeNull();
      await inDev(
        "ALTER TABLE orders RESET (autovacuum_enabled, autovacuum_vacuum_threshold, autovacuum_vacuum_scale_factor)",
      );
    });

    test("who waits for whom, what they do without the values in it, and what they hold; it waits for none of them", async () => {
      const [holder, waiter] = [
        await get().connect("wms", "dev", "api"),
        await get().connect("wms", "dev", "deploy"),
      ];
      const [holds, waits] = [await pidOf(holder), await pidOf(waiter)];
      await holder.query(`BEGIN; UPDATE orders SET note = '${SECRET}' WHERE id = 2600`);
      const altered = waiter
        .query(`BEGIN; ALTER TABLE orders ADD COLUMN more text DEFAULT '${SECRET}'`)
        .catch(() => {});
      await untilWaits(waits);
      const text = await get().run("inspect", "wms", "dev");
      const found = await printed("wms", "dev");
      const whole = await printed("dev");
      await holder.query("ROLLBACK");
      await altered;
      await Promise.all([holder.end(), waiter.end()]);
      const one = {
        ...{
          login: "portal_wms_dev",
          database: "portal_db",
          isSeen: true,
          ageTransactions: expect.any(Number),
        },
        ...{ stateSeconds: expect.any(Number), transactionSeconds: expect.any(Number) },
      };
      const api = {
        ...{ ...one, pid: holds, application: "api", state: "idle in transaction" },
        query: "BEGIN; UPDATE orders SET note = ? WHERE id = ?",
        locks: ["RowExclusiveLock on wms_dev.orders"],
      };
      const deploy = {
        ...{ ...one, pid: waits, application: "deploy", state: "active", locks: [] },
        query: "BEGIN; ALTER TABLE orders ADD COLUMN more text DEFAULT ?",
      };
      const wait = {
        ...{
          ...deploy,
          mode: "AccessExclusiveLock",
          on: "wms_dev.orders",
          waitingSeconds: expect.any(Number),
        },
        ...{ behind: [api], behindPrepared: false, behindServer: [] },
      };
      for (const { waits: all, transactions } of [found, whole]) {
        expect(all).toEqual([wait]);
        expect(transactions).toEqual([api, deploy]);
      }
      expect(found.tables.find(({ table }) => table === "orders")).toMatchObject({ isEstimate: true });
      expect(found.standsOut[0]).toEqual({
        kind: "wait",
        text: expect.stringMatching(/^a session waits for a lock, /),
      });
      expect(text.stdout.replace(/\n {6}(?=\S)/g, " ")).toMatch(
        new RegExp(
          `\\n  pid ${waits} \\(portal_wms_dev, application "deploy"\\) has waited \\d+ s for AccessExclusiveLock on wms_dev.orders ` +
            `BEGIN; ALTER TABLE orders ADD COLUMN more text DEFAULT \\?\\n  behind pid ${holds} \\(portal_wms_dev, application "api", idle in transaction, open for \\d+ s\\) `,
        ),
      );
      expect(tooWide(text.stdout)).toEqual([]);
      expect(text.stdout + JSON.stringify([found, whole])).not.toContain(SECRET);
    });

    test("autovacuum that is in the way is named, though it is nobody's session", async () => {
      const { places, port } = get().platform;
      const system = async (...sql: string[]) => {
        for (const one of [...sql, "SELECT pg_reload_conf()"]) await get().platform.asSuperuser(one);
      };
      await inDev(`CREATE TABLE worn (id int) WITH (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,
          autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1);
        INSERT INTO worn SELECT generate_series(1, 20000); DELETE FROM worn; SELECT pg_stat_force_next_flush()`);
      await system("ALTER SYSTEM SET autovacuum_naptime = '1s'");
      const pid = await until(WAIT_MS, async () => {
        const [row] = await get().platform.asSuperuser(
          "SELECT p.pid FROM pg_stat_progress_vacuum p JOIN pg_class c ON c.oid = p.relid WHERE c.relname = 'worn'",
        );
        return row?.pid;
      });
      const waiter = await connectSuperuser(places, port, "portal_db");
      const waits = await pidOf(waiter);
      // A waiter ends an autovacuum that does not save the server from the end of its numbers; this one lets it go on.
      await waiter.query("SET deadlock_timeout = '1min'");
      const altered = waiter.query("ALTER TABLE wms_dev.worn ADD COLUMN more int").catch(() => {});
      await untilWaits(waits);
      const found = await printed("wms", "dev");
      const { stdout } = await get().run("inspect", "wms", "dev");
      await get().platform.asSuperuser(`SELECT pg_cancel_backend(${pid})`);
      await altered;
      await waiter.end();
      await system("ALTER SYSTEM RESET autovacuum_naptime");
      await inDev("DROP TABLE worn");
      expect(found.waits.map((one) => [one.pid, one.behind, one.behindPrepared, one.behindServer])).toEqual([
        [waits, [], false, [pid]],
      ]);
      expect(stdout).toContain(`\n  behind pid ${pid}, which is the server itself, such as autovacuum\n`);
    });

    test("nothing that somebody has for himself is waited for: a table, an index, TOAST, a sequence", async () => {
      const other = await get().connect("wms", "dev");
      await other.query(
        `BEGIN; ALTER TABLE orders ADD COLUMN more int; DROP INDEX parted_day; ALTER SEQUENCE falls CACHE 2`,
      );
      const { tables, sequences, waits } = await printed("wms", "dev");
      await other.query("ROLLBACK");
      await other.end();
      expect(
        tables
          .filter(({ isEstimate }) => isEstimate)
          .map(({ table }) => table)
          .sort(),
      ).toEqual(["orders", "parted_20"]);
      expect(sequences.find(({ sequence }) => sequence === "falls")).toMatchObject({
        lastValue: null,
        usedPercent: 0,
      });
      expect(waits).toEqual([]);
    });

    test("a login's connections are counted against its limit, the stack's share and the server's", async () => {
      const clients = await Promise.all(Array.from({ length: 8 }, () => get().connect("wms", "dev")));
      await clients[0]?.query("BEGIN");
      const { connections, standsOut } = await printed("wms", "dev");
      await Promise.all(clients.map((client) => client.end()));
      expect(connections.logins).toEqual([
        {
          login: "portal_wms_dev",
          schemas: ["wms_dev"],
          used: 8,
          limit: 10,
          active: 0,
          idle: 7,
          idleInTransaction: 1,
        },
      ]);
      const { usedOfStack, shareOfStack, used, max, reserved, databaseLimit } = connections;
      expect({ shareOfStack, max, reserved, databaseLimit }).toEqual({
        ...{ shareOfStack: 160, max: 300, reserved: 3, databaseLimit: null },
      });
      expect(usedOfStack).toBe(8);
      expect(used).toBeGreaterThanOrEqual(8);
      expect(standsOut).toContainEqual({
        kind: "login-connections",
        text: "portal_wms_dev has 8 of its 10 connections",
      });
    });

    test("what RDS reserves for itself is counted where the server knows of it", async () => {
      const { places, port } = get().platform;
      const client = await connectSuperuser(places, port, "portal_db");
      const { reservedConnections: before } = await readState(client);
      // Of this session alone, in front of the catalog's own.
      await client.query(`CREATE TEMP VIEW pg_settings AS SELECT name, setting FROM pg_catalog.pg_settings
        UNION ALL VALUES ('rds.rds_superuser_reserved_connections', '2'), ('rds.rds_reserved_connections', '4')`);
      const { reservedConnections: onRds } = await readState(client);
      await client.end();
      expect([before, onRds]).toEqual([3, 9]);
    });

    test("nothing of the catalogs is another one afterwards", async () => {
      await printed("dev");
      expect(await catalog()).toEqual(before);
    });

    test("what it may not lend itself is said to be not seen; nothing seems to be empty", async () => {
      const { places, port } = get().platform;
      const blocker = await connectSuperuser(places, port, "portal_db");
      const app = await get().connect("wms", "dev", "api");
      await app.query(`BEGIN; SELECT '${SECRET}' FROM orders`);
      await blocker.query("BEGIN; GRANT portal_wms_dev TO portal_auth_dev");
      const found = await printed("wms", "dev");
      const text = (await get().run("inspect", "wms", "dev")).stdout;
      await blocker.query("ROLLBACK");
      await Promise.all([blocker.end(), app.end()]);
      expect(found.notSeen).toEqual([
        "what sessions do, and how far sequences are (somebody is at work on their roles, such as a deploy or another inspection): try again",
      ]);
      expect(found.connections.logins).toEqual([
        {
          login: "portal_wms_dev",
          schemas: ["wms_dev"],
          used: 1,
          limit: 10,
          active: null,
          idle: null,
          idleInTransaction: null,
        },
      ]);
      expect(found.transactions.filter(({ login }) => login !== "rdsadmin")).toEqual([
        expect.objectContaining({
          isSeen: false,
          state: null,
          query: null,
          locks: expect.arrayContaining(["AccessShareLock on wms_dev.orders"]),
        }),
      ]);
      expect(text).toMatch(/\nNot seen:\n {2}what sessions do/);
      expect(text).toContain("what it does is not shown to this deployer");
    });

    test("a session of prod that keeps dev's dead rows is named, and not what it does", async () => {
      const other = await get().connect("auth", "prod", "report");
      await other.query(`BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT '${SECRET}'`);
      const { rows } = await other.query<{ login: string }>("SELECT session_user AS login");
      const pid = await pidOf(other);
      const { transactions } = await printed("wms", "dev");
      const ofProd = await printed("prod");
      await other.end();
      expect(transactions).toEqual([
        expect.objectContaining({
          pid,
          login: rows[0]?.login,
          isSeen: false,
          query: null,
          transactionSeconds: null,
        }),
      ]);
      expect(ofProd.transactions).toEqual([
        expect.objectContaining({ pid, isSeen: true, query: "SELECT pg_backend_pid() AS pid" }),
      ]);
    });

    test("hundreds of tables stay readable, and what is left out is said", async () => {
      const many = Array.from({ length: 300 }, (_, at) => `CREATE TABLE many_${at} (id int PRIMARY KEY)`);
      await inDev(many.join(";"));
      const { stdout } = await get().run("inspect", "wms", "dev", "--top", "3");
      const { tables, indexes } = await printed("wms", "dev", "--top", "3");
      expect(tables.length).toBeGreaterThan(300);
      expect(indexes.unused.map(({ index }) => index).filter((name) => name.startsWith("many"))).toEqual([]);
      expect(stdout.split("\n").length).toBeLessThan(90);
      expect(stdout).toContain(
        `\n  and ${tables.length - 3} more tables (--top ${tables.length} shows them)\n`,
      );
      expect(tooWide(stdout)).toEqual([]);
    });
  });

  test("a slot that nobody reads stands out", async () => {
    await get().platform.asSuperuser("SELECT pg_create_physical_replication_slot('copies', true)");
    const { slots, standsOut } = await printed("prod");
    await get().platform.asSuperuser("SELECT pg_drop_replication_slot('copies')");
    expect(slots).toEqual([
      {
        ...{ slot: "copies", kind: "physical", database: null, isActive: false, walStatus: "reserved" },
        ...{ walHeldBytes: expect.any(Number), ageTransactions: null },
      },
    ]);
    expect(standsOut.filter(({ kind }) => kind === "slot").map(({ text }) => text)).toEqual([
      expect.stringMatching(/^nobody reads from the slot copies, and holds \d.* of WAL$/),
    ]);
  });

  test("its page has every key, and every kind of what stands out", () => {
    const page = readFileSync(resolve(CHECKOUT, "docs/inspect.md"), "utf8");
    const cells = page.split("\n").filter((row) => /^\| [`…]/.test(row) && !row.startsWith("| key"));
    const documented = new Set(cells.flatMap((row) => (row.split("|")[1] ?? "").match(/[a-z]\w*/gi) ?? []));
    // A server that takes none prepares none.
    const ofPrepared = ["name", "preparedSeconds"];
    expect([...documented].sort()).toEqual([...keys, ...ofPrepared].sort());
    const kinds = /Kinds: ([^|]*)/.exec(page)?.[1]?.match(/[a-z-]+/g) ?? [];
    const source = readFileSync(resolve(CHECKOUT, "ops/inspect/stand-out.ts"), "utf8");
    const known = [...source.matchAll(/kind: "([a-z-]+)"/g)].map(([, kind]) => kind);
    expect(kinds).toEqual([...new Set(known)]);
  });

  test.each([
    [[], 64, /^error: give an app and its environment, such as wms prod, or a stack alone, such as prod; /],
    [["wms", "dev", "more"], 64, /^error: usage: inspect <app> <environment>/],
    [["dev", "--stack", "prod"], 64, /^error: stack "dev" or "prod"\? Leave --stack out; /],
    [["wms", "dev", "--top", "0"], 64, /^error: --top must be a whole number from 1 to 10000; /],
    [["nosuch", "dev"], 1, /^error: there is no schema nosuch_dev, and stack dev declares none$/],
    [
      ["wsm", "dev"],
      1,
      /^error: there is no schema wsm_dev, and stack dev declares none; did you mean\s+wms_dev\?$/,
    ],
    [["pr-7"], 1, /^error: .*Pulumi\.pr-7\.yaml does not exist: write it/],
  ] as const)("%j is refused", async (args, status, words) => {
    const ended = await get().run("inspect", ...args);
    expect([ended.status, ended.stdout]).toEqual([status, ""]);
    expect(ended.stderr).toMatch(words);
  });

  test("--stack alone is the stack", async () => {
    const { schemas } = await printed("--stack", "dev");
    expect(schemas.map(({ schema }) => schema).sort()).toEqual(["auth_dev", "wms_dev"]);
  });

  test.each([
    [
      "SELECT * FROM  t WHERE a = 'x' AND b=$1 AND n > 1_000.5 -- why\n LIMIT 10",
      "SELECT * FROM t WHERE a = ? AND b=$1 AND n > ?.? LIMIT ?",
    ],
    ["ALTER ROLE r PASSWORD 'cut", "ALTER ROLE r PASSWORD …"],
    ["SET app.token = bare, word; SELECT 1", "SET app.token = ? ; SELECT ?"],
    ["ALTER ROLE r SET app.token TO bare", "ALTER ROLE r SET app.token TO ?"],
    ["UPDATE t SET a = b WHERE c = E'it\\'s'", "UPDATE t SET a = b WHERE c = ?"],
    // With standard_conforming_strings off the second quote is one in the text.
    ["SELECT 'it\\' OR secret ', 2", "SELECT …"],
    ["SELECT $$a$$, $t$ cut", "SELECT ?, …"],
    ["INSERT INTO t VALUES (0x1F, 1e5, B'01')", "INSERT INTO t VALUES (?, ?, B?)"],
    ['SELECT "A b" /* cut', 'SELECT "A b" …'],
  ])("of %j the values are not shown", (text, shown) => {
    expect(queryText(text)).toBe(shown);
  });
}
