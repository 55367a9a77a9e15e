import { Client } from "pg";
import { namesOf } from "../../infra/names";
import { LOCK_RULES, type LockRule, type LockRuleName } from "../../ops/check-prisma/lock-rules";
import { checkMigrationFile } from "../../ops/check-prisma/migration-file";
import { TableHistory } from "../../ops/check-prisma/table-history";
import { refusalOf } from "../helpers/query";
import type { Deployed } from "./deploy.cases";

/** Each rule's statement on a filled table: whatever it is that `check-prisma` warns of, the server takes that lock. */
const UNSAFE: Partial<Record<LockRuleName, readonly string[]>> = {
  index: ['CREATE INDEX ON "Big" (a)', 'CREATE UNIQUE INDEX ON "Big" (a)'],
  dropIndex: ['DROP INDEX "Big_b_idx"'],
  reindex: ['REINDEX TABLE "Big"'],
  notNull: ['ALTER TABLE "Big" ALTER a SET NOT NULL'],
  type: ['ALTER TABLE "Big" ALTER a TYPE BIGINT'],
  rewrite: [
    'ALTER TABLE "Big" ADD c UUID DEFAULT gen_random_uuid()',
    'ALTER TABLE "Big" ADD c SERIAL',
    'ALTER TABLE "Big" ADD c INT GENERATED ALWAYS AS (a * 2) STORED',
  ],
  rewriteTable: ['ALTER TABLE "Big" SET UNLOGGED', 'CLUSTER "Big" USING "Big_pkey"'],
  foreignKey: ['ALTER TABLE "Big" ADD FOREIGN KEY (b) REFERENCES "Other" (id)'],
  inlineKey: ['ALTER TABLE "Big" ADD c INT REFERENCES "Other" (id)'],
  check: ['ALTER TABLE "Big" ADD CHECK (a > 0)', 'ALTER TABLE "Big" ADD c INT CHECK (c > 0)'],
  validate: [
    'ALTER TABLE "Big" ADD CONSTRAINT p CHECK (a > 0) NOT VALID; ALTER TABLE "Big" VALIDATE CONSTRAINT p',
  ],
  unique: [
    'ALTER TABLE "Big" ADD UNIQUE (a)',
    'ALTER TABLE "Big" ADD c INT UNIQUE',
    'ALTER TABLE "Big" DROP CONSTRAINT "Big_pkey"; ALTER TABLE "Big" ADD PRIMARY KEY (a)',
  ],
  exclude: ['ALTER TABLE "Big" ADD EXCLUDE (a WITH =)'],
  truncate: ['TRUNCATE "Big"'],
  refresh: ['REFRESH MATERIALIZED VIEW "Seen"'],
  partition: ['ALTER TABLE "Parts" DETACH PARTITION "Part"'],
};
/** Tables that a rule is about, where it is not "Big". */
const RELATIONS: Partial<Record<LockRuleName, string>> = { refresh: '"Seen"', partition: '"Parts"' };

/** What is written instead, each a migration of its own: nothing is said of them, and they go through. */
const SAFE = [
  'CREATE INDEX CONCURRENTLY "Big_a_idx" ON "Big" (a);',
  'DROP INDEX CONCURRENTLY "Big_a_idx";',
  'REINDEX INDEX CONCURRENTLY "Big_b_idx";',
  'ALTER TABLE "Big" ADD CONSTRAINT filled CHECK (a IS NOT NULL) NOT VALID;',
  'ALTER TABLE "Big" VALIDATE CONSTRAINT filled;\nALTER TABLE "Big" ALTER a SET NOT NULL, DROP CONSTRAINT filled;',
  'ALTER TABLE "Big" ADD COLUMN d INT NOT NULL DEFAULT 1, ADD COLUMN at TIMESTAMPTZ NOT NULL DEFAULT now();',
  'ALTER TABLE "Big" ADD COLUMN u UUID, ALTER COLUMN u SET DEFAULT gen_random_uuid();',
  'ALTER TABLE "Big" ADD CONSTRAINT other FOREIGN KEY (b) REFERENCES "Other" (id) NOT VALID;',
  'ALTER TABLE "Big" VALIDATE CONSTRAINT other;',
  'CREATE UNIQUE INDEX CONCURRENTLY one ON "Big" (a);',
  'ALTER TABLE "Big" ADD CONSTRAINT one UNIQUE USING INDEX one;',
  'ALTER TABLE "Big" ALTER v TYPE VARCHAR(40);',
  'ALTER TABLE "Big" ALTER v TYPE TEXT;',
  'ALTER TABLE "Parts" DETACH PARTITION "Part" CONCURRENTLY;',
];
const SETUP = `
  CREATE TABLE "Other" (id INT PRIMARY KEY);
  CREATE TABLE "Big" (id INT PRIMARY KEY, a INT, b INT, v VARCHAR(10));
  CREATE INDEX "Big_b_idx" ON "Big" (b);
  INSERT INTO "Other" SELECT generate_series(1, 100);
  INSERT INTO "Big" SELECT n, n, n, n FROM generate_series(1, 100) n;
  CREATE MATERIALIZED VIEW "Seen" AS SELECT id FROM "Other";
  CREATE UNIQUE INDEX "Seen_id_key" ON "Seen" (id);
  CREATE TABLE "Parts" (n INT) PARTITION BY RANGE (n);
  CREATE TABLE "Part" PARTITION OF "Parts" FOR VALUES FROM (0) TO (9);
`;
const nameOf = (index: number): string => `2099010100${String(index).padStart(4, "0")}_safe`;

/** Longer than deadlock_timeout, after which a session that waits looks once whether it waits for itself. */
const DEADLOCK_SECONDS = 1.5;
const REMOVED = 'DROP MATERIALIZED VIEW "Seen"; DROP TABLE IF EXISTS "Big", "Other", "Parts", "Part"';

/** What `check-prisma` says of locks, asked of the server and of Prisma's engine. */
export function lockCases(get: () => Deployed): void {
  const declared = [{ stack: "dev", app: "website", environment: "dev", names: namesOf("website", "dev") }];
  const check = async (sql: string, history = new TableHistory()) =>
    (await checkMigrationFile("m.sql", sql, "website", declared, { history })).map(({ message }) => message);
  let client: Client;
  beforeAll(async () => {
    client = new Client({ connectionString: await get().workspace.url("website", "dev") });
    await client.connect();
    await client.query(SETUP);
  });
  afterAll(async () => {
    await client.query(`${REMOVED}; DELETE FROM _prisma_migrations WHERE migration_name LIKE '%_safe'`);
    await client.end();
  });

  test("every rule that names a lock is asked of the server", () => {
    const named = Object.entries(LOCK_RULES).filter(([, rule]) => "lock" in rule);
    expect(Object.keys(UNSAFE).sort()).toEqual(named.map(([name]) => name).sort());
  });

  test.each(Object.entries(UNSAFE) as [LockRuleName, string[]][])(
    "%s: the server takes the lock that is said",
    async (name, all) => {
      const rule: LockRule = LOCK_RULES[name];
      for (const sql of all) {
        const modes = await locksOf(client, sql, RELATIONS[name]);
        expect([sql, modes]).toEqual([sql, expect.arrayContaining([rule.lock])]);
        expect(await check(`${sql};`)).toEqual([
          expect.stringContaining(`${rule.harm}. Instead: ${rule.instead}`),
        ]);
      }
    },
  );

  test("a new column that must not be empty fails where there are rows", async () => {
    const sql = 'ALTER TABLE "Big" ADD COLUMN c INT NOT NULL';
    expect(await refusalOf(client.query(sql))).toBe("23502");
    expect(await check(sql)).toEqual([expect.stringContaining("fails as soon as the table has a row")]);
  });

  test("what must be alone fails among others sent at once, as Prisma before 7.4 sends a file", async () => {
    const sql = 'CREATE INDEX CONCURRENTLY i ON "Big" (a); SELECT 1;';
    expect(await refusalOf(client.query(sql))).toBe("25001");
    expect(await check(sql)).toEqual([expect.stringContaining("put it alone into a migration of its own")]);
  });

  test("a materialized view is not refreshed concurrently: that fills a temporary table", async () => {
    const sql = 'REFRESH MATERIALIZED VIEW CONCURRENTLY "Seen"';
    expect(await refusalOf(client.query(sql))).toBe("42501");
    expect(await check(sql)).toEqual([expect.stringContaining("it fills a temporary table")]);
  });

  test("what is written instead goes through Prisma's engine, and nothing is said of it", async () => {
    const { workspace } = get();
    const history = new TableHistory();
    await check(SETUP, history);
    for (const [index, sql] of SAFE.entries()) {
      expect([sql, await check(sql, history)]).toEqual([sql, []]);
      workspace.migration("website", nameOf(index), sql);
    }
    try {
      const { stderr, results } = await workspace.task("website", "dev", "deploy");
      expect({ stderr, results }).toEqual({
        stderr: "",
        results: [SAFE.map((_sql, index) => nameOf(index))],
      });
    } finally {
      for (const index of SAFE.keys()) workspace.migration("website", nameOf(index), undefined);
    }
  });

  test("an index built while another app waits for Prisma's lock is a deadlock; what the docs say mends it", async () => {
    const { workspace } = get();
    const name = nameOf(50);
    const index = 'INDEX CONCURRENTLY IF NOT EXISTS "Big_v_idx" ON "Big" (v)';
    workspace.migration("website", name, `CREATE ${index};`);
    // It keeps the index waiting until the other app waits, too, and until Postgres no longer looks for a deadlock there.
    await client.query('BEGIN; UPDATE "Big" SET a = a WHERE id = 1');
    const deploy = workspace.task("website", "dev", "deploy");
    await waiting("virtualxid", 0);
    const other = workspace.task("xplan", "dev", "deploy");
    await waiting("advisory", DEADLOCK_SECONDS);
    await client.query("COMMIT");
    expect(await deploy).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("Transaction write conflict"),
    });
    expect(await other).toMatchObject({ status: 0, results: [[]] });
    const invalid = "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid";
    expect((await client.query(invalid)).rows).toEqual([{ name: '"Big_v_idx"' }]);
    await client.query('DROP INDEX CONCURRENTLY "Big_v_idx"');
    await client.query(`CREATE ${index}`);
    // Built by hand, it is waited for no more, whoever is at work.
    await client.query('BEGIN; UPDATE "Big" SET a = a WHERE id = 1');
    const again = await workspace.task("website", "dev", `resolve:${name}`, "deploy");
    await client.query("COMMIT");
    workspace.migration("website", name, undefined);
    expect(again).toMatchObject({ stderr: "", results: ["resolved", [name]] });
    expect((await client.query(invalid)).rows).toEqual([]);
  });

  /** Waits until somebody has waited for a lock of this kind. */
  async function waiting(kind: string, seconds: number): Promise<void> {
    const since = `clock_timestamp() - interval '${seconds} s'`;
    const sql = `SELECT 1 FROM pg_locks WHERE locktype = '${kind}' AND NOT granted AND waitstart <= ${since}`;
    while ((await get().platform.asSuperuser(sql)).length === 0);
  }
}

/** The locks of a table that a statement takes, which is taken back. */
async function locksOf(client: Client, sql: string, relation = '"Big"'): Promise<string[]> {
  await client.query("BEGIN");
  try {
    await client.query(sql);
    const { rows } = await client.query<{ mode: string }>(
      "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = $1::regclass",
      [relation],
    );
    return rows.map(({ mode }) => mode);
  } finally {
    await client.query("ROLLBACK");
  }
}
