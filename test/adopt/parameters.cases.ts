import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Client, Pool } from "pg";
import { FACTS_FILE, knownParameters, type ParameterFacts } from "../../infra/instance/parameter-facts";
import { judgeValue, readable } from "../../infra/instance/parameter-value";
import { parametersOf } from "../../infra/instance/parameters";
import { OF_EXTENSIONS, OPERATED } from "../../infra/instance/rds-parameters";
import { connectSuperuser } from "../../local/servers/postgres";
import { SUPERUSER, superuserPassword } from "../../local/servers/postgres-cluster";
import { FACTS_QUERY, factsAnswered, WORDS_OF_BUILDS } from "../../scripts/parameter-facts";
import type { TestPlatform } from "../helpers/platform";

const MAJOR = 17;

/** Lines of a table that hold for the server's version, by name and without the versions. */
function linesOf(table: string): Map<string, string> {
  const lines = table.split("\n").filter(Boolean);
  return new Map(
    lines.flatMap((line) => {
      const [name = "", versions = "", ...facts] = line.split("|");
      const [first, last] = versions.split("-").map(Number);
      return Number(first) <= MAJOR && MAJOR <= Number(last) ? [[name, facts.join("|")] as const] : [];
    }),
  );
}

/** What Postgres makes of a value: the number or word that it keeps, or nothing where it refuses. Nothing stays set. */
const TAKEN = `
  CREATE FUNCTION pg_temp.taken(named text, value text) RETURNS text LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config(named, value, true);
    RAISE EXCEPTION USING ERRCODE = 'P0001', MESSAGE = (SELECT setting FROM pg_settings WHERE lower(name) = named);
  EXCEPTION WHEN raise_exception THEN RETURN SQLERRM; WHEN OTHERS THEN RETURN NULL;
  END $$`;

/**
 * Where this server's answer is another one: it has no lz4, it shows the network's own value, its stack is as deep as the
 * system lets it, of two it takes some values between the bounds alone, and of one RDS takes fewer words.
 */
const OTHERWISE = new Set([
  ...Object.keys(WORDS_OF_BUILDS),
  ...["tcp_keepalives_count", "tcp_keepalives_idle", "tcp_keepalives_interval"],
  ...["max_stack_depth", "vacuum_buffer_usage_limit", "synchronous_commit"],
]);

/** What is written of a parameter: at its bounds and beyond, in each unit, and as other types are. */
function written({ type, min, max, words }: ParameterFacts): readonly string[] {
  if (type === "bool" || type === "enum") return ["on", "OFF", "yes", "false", "1", "maybe", "2", ...words];
  const bounds = [min, max, min - 1, max + 1].filter((one) => Math.abs(one) < 1e9).map(String);
  const sizes = ["64MB", "64 MB", "1TB", "100000TB", "8kB", "64mb", "1B"];
  const times = ["5s", "100ms", "1min", "2 h", "1d", "30000d", "5 sec", "1m", "0.1s"];
  return [...bounds, ...sizes, ...times, "0", "-1", "007", "1e2", "0.5", ".", "-", "five", "5%", "1 2"];
}

/** What the real server says of the parameters, and makes of their values. */
export function parameterCases(get: () => TestPlatform): void {
  let client: Client;
  beforeAll(async () => {
    client = await connectSuperuser(get().places, get().port);
    await client.query("LOAD 'auto_explain'");
  });
  afterAll(() => client?.end());

  test("the table says of every parameter of this server's version what the server says", async () => {
    const facts = factsAnswered((await client.query(FACTS_QUERY)).rows);
    const own = new Map([...facts].filter(([name]) => !name.includes(".")));
    expect(own.size).toBeGreaterThan(350);
    expect(linesOf(readFileSync(FACTS_FILE, "utf8"))).toEqual(own);
    const explained = [...linesOf(OF_EXTENSIONS)].filter(([name]) => name.startsWith("auto_explain."));
    expect(explained).toEqual([...facts].filter(([name]) => name.startsWith("auto_explain.")).sort());
  });

  test("a value is taken as the server takes it, and refused where the server refuses it", async () => {
    await client.query(TAKEN);
    const settable = [...knownParameters(MAJOR).values()].filter(
      ({ context, type, name }) =>
        ["user", "superuser"].includes(context) &&
        type !== "string" &&
        !OTHERWISE.has(name) &&
        !OPERATED.has(name) &&
        !/^(?:rds|pgaudit|pg_stat_statements)[.]|^transaction_(?!timeout)/.test(name),
    );
    const all = settable.flatMap((facts) => written(facts).map((value) => ({ facts, value })));
    const { rows } = await client.query<{ setting: string | null }>(
      "SELECT pg_temp.taken(n, v) AS setting FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (n, v, i) ORDER BY i",
      [all.map(({ facts }) => facts.name), all.map(({ value }) => value)],
    );
    const compared = all.flatMap(({ facts, value }, at) => {
      const judged = judgeValue(value, facts);
      // Postgres rounds; here the two numbers that may be meant are named.
      if ("problem" in judged && /is no whole number/.test(judged.problem)) return [];
      const isSwitch = facts.type === "bool" && "value" in judged;
      const own = isSwitch ? readable(judged.value, facts) : "value" in judged ? judged.value : null;
      const server = rows[at]?.setting ?? null;
      const isSame = own === server || (own !== null && server !== null && Number(own) === Number(server));
      return [{ name: facts.name, value, own, server, isSame }];
    });
    expect(compared.length).toBeGreaterThan(2500);
    expect(compared.filter(({ isSame }) => !isSame)).toEqual([]);
  });

  /** Has the server run by the project's own parameters, in RDS's form, and some others in their place. */
  async function runBy(others: Readonly<Record<string, string>>): Promise<void> {
    const instance = {
      engineVersion: String(MAJOR),
      instanceClass: "db.t4g.medium",
      allocatedStorageGib: 50,
    };
    const rows = parametersOf({ ...instance, parameters: others }).filter(({ name }) => !name.includes("."));
    for (const { name, value } of rows) await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
    const wanted = rows.map(({ name, value }) => `${name} ${value}`);
    const named = rows.map(({ name }) => `'${name}'`).join(", ");
    let now: readonly string[] = [];
    while (now.join() !== wanted.join()) {
      await client.query("SELECT pg_reload_conf()");
      // Some hold for sessions that begin after it alone.
      const found = await get().asSuperuser(
        `SELECT name || ' ' || CASE WHEN vartype <> 'bool' THEN setting WHEN setting = 'on' THEN '1' ELSE '0' END AS row
         FROM pg_settings WHERE name IN (${named}) ORDER BY name COLLATE "C"`,
      );
      now = found.map(({ row }) => String(row));
    }
  }

  const connectionString = () =>
    `postgresql://${SUPERUSER}:${superuserPassword(get().places)}@localhost:${get().port}/portal_db`;

  test("under the project's parameters the log tells what was slow, failed and waited, and no statement's parameters", async () => {
    await runBy({ log_min_duration_statement: "0" });
    const session = new Client({ connectionString: connectionString(), application_name: "watched" });
    await session.connect();
    await session.query("SELECT $1::text AS slow_statement", ["secret-of-a-row"]);
    await expect(
      session.query("SELECT ($1::text || 'x')::int AS failed_statement", ["secret-of-an-error"]),
    ).rejects.toThrow();
    await expect(session.query("SELECT 1 / $1::int AS divided", [0])).rejects.toThrow("division by zero");
    await session.end();
    const log = readFileSync(resolve(get().places.clusterDir, "postgres.log"), "utf8");
    for (const said of ["AS slow_statement", "AS divided", "connection authorized", "disconnection"])
      expect(log).toContain(said);
    expect(log).not.toContain("secret-of-a-row");
    expect(log).not.toMatch(/(Parameters|parameters): /);
  });

  test("a session that idles too long ends, and a pool that it was of goes on", async () => {
    await runBy({ idle_session_timeout: "200" });
    const pool = new Pool({ connectionString: connectionString(), max: 1, idleTimeoutMillis: 0 });
    const lost = new Promise((resolved) => pool.once("error", resolved));
    const pid = async () =>
      (await pool.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid;
    const before = await pid();
    expect(String(await lost)).toContain("idle-session timeout");
    expect(await pid()).not.toBe(before);
    await pool.end();
    await runBy({});
  });

  test("what one session may take of the disk is bounded, and no app can raise it", async () => {
    await runBy({ temp_file_limit: "1024" });
    await client.query("CREATE ROLE unprivileged LOGIN");
    const as = (sql: string) => get().asSuperuser(`SET ROLE unprivileged; ${sql}`);
    await expect(as("SET temp_file_limit = -1")).rejects.toThrow("permission denied to set parameter");
    await expect(
      as("SELECT count(*) FROM (SELECT n FROM generate_series(1, 1000000) n ORDER BY random()) AS sorted"),
    ).rejects.toThrow("temporary file size exceeds");
    await client.query("DROP ROLE unprivileged");
    await client.query("ALTER SYSTEM RESET ALL");
    await client.query("SELECT pg_reload_conf()");
  });

  test("a deployer that the server gives what it makes would have the apps' rights", async () => {
    const made = async (name: string) => {
      const session = await connectSuperuser(get().places, get().port);
      await session.query(`SET ROLE maker; CREATE ROLE ${name}`);
      const { rows } = await session.query(`SELECT pg_has_role('${name}', 'USAGE') AS has`);
      await session.end();
      return rows;
    };
    await client.query("CREATE ROLE maker CREATEROLE");
    expect(await made("made_plainly")).toEqual([{ has: false }]);
    await client.query("ALTER SYSTEM SET createrole_self_grant = 'set, inherit'");
    await client.query("SELECT pg_reload_conf()");
    const session = () => get().asSuperuser("SELECT current_setting('createrole_self_grant') AS now");
    while ((await session())[0]?.now !== "set, inherit");
    expect(await made("made_and_given")).toEqual([{ has: true }]);
    await client.query("ALTER SYSTEM RESET ALL");
    await client.query("SELECT pg_reload_conf()");
    await client.query("DROP ROLE made_plainly, made_and_given, maker");
  });
}
