import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { Client } from "pg";
import { until } from "../../local/servers/processes";
import { openAdminSession } from "../../ops/app/admin-session";
import { placeOf } from "../../ops/app/place";
import { Impostor } from "../helpers/impostor";
import { runVerb, startOps } from "../helpers/ops-platform";
import { type Ended, endOf } from "../helpers/process";
import { connectCases } from "./connect.cases";
import { TlsServer } from "./tls-server";

jest.setTimeout(120_000);

const INSTANCE = "other.example.com";
const MASTER_PASSWORD = "Master1";
const WMS = { username: "portal_wms_dev", password: "Wms1", schema: "wms_dev" };

let server: TlsServer;
const environment = { ...process.env };

beforeAll(async () => {
  server = await TlsServer.start(MASTER_PASSWORD);
  await server.admit(WMS);
  await server.present(INSTANCE);
  await server.sql(`CREATE ROLE wms_dev_owner; GRANT wms_dev_owner TO ${WMS.username};
    ALTER SCHEMA wms_dev OWNER TO wms_dev_owner;
    ALTER ROLE ${WMS.username} SET role = 'wms_dev_owner'; ALTER ROLE ${WMS.username} SET search_path = wms_dev;
    CREATE ROLE portal_db_dev_admin LOGIN PASSWORD 'Dev1';
    ALTER ROLE portal_db_dev_admin IN DATABASE portal_db SET search_path = public`);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: server.aws.endpoint,
    AWS_ENDPOINT_URL_RDS: server.aws.endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  // As dev's committed file has it: the URLs lead to the tunnel.
  const tunnel = { host: "localhost", port: server.port, dbname: "portal_db" };
  const url = `postgresql://${WMS.username}:${WMS.password}@localhost:${server.port}/portal_db?sslmode=require`;
  await write("portal-db/dev/wms", { ...tunnel, ...WMS, DATABASE_URL: url });
});

afterEach(() => {
  for (const name of ["PGPASSWORD", "NODE_EXTRA_CA_CERTS"]) delete process.env[name];
});

afterAll(async () => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  await server?.remove();
});

async function write(name: string, value: Readonly<Record<string, unknown>>): Promise<void> {
  await server.aws.secrets.createSecret({ Name: name, SecretString: JSON.stringify(value) });
}

const where = (): string[] => ["--aws", "--region", server.aws.region, "--config-dir", server.configDir];
const bundle = (): string[] => ["--ca-bundle", server.file("global-bundle.pem")];
const reset = (...more: string[]): Promise<Ended> =>
  runVerb(["reset", "wms", "dev", "--yes", ...where(), ...more]);
const DONE = { status: 0, stdout: expect.stringContaining("wms_dev is empty"), stderr: "" };

test("where a URL knows the tunnel alone, the instance's name is given, or the command stops", async () => {
  expect(await reset(...bundle())).toEqual({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(
      /^error: there is no secret portal-db\/dev-admin on AWS .*, or give .* by --server-name$/,
    ),
  });
  expect(await reset(...bundle(), "--server-name", INSTANCE)).toEqual(DONE);
  expect(await reset("--server-name", "a b")).toMatchObject({
    status: 64,
    stderr: expect.stringContaining("--server-name must be"),
  });
});

/** What psql of this machine says, which has TLS where it is there at all; a run in CI has it. */
function machinesPsql(url: string): Promise<Ended> {
  // The server takes nobody without TLS.
  const sql = "SELECT current_schema || ' ' || current_user";
  const args = ["--no-psqlrc", "--no-password", "-Atc", sql, url];
  return endOf(spawn("psql", args, { stdio: ["ignore", "pipe", "pipe"] }));
}

const testPsql = spawnSync("psql", ["--version"]).status === 0 ? test : test.skip;
testPsql(
  "env --libpq is a URL with which psql verifies what the mode says, through the tunnel, too",
  async () => {
    const env = async (...more: string[]): Promise<string> => {
      const { status, stdout, stderr } = await runVerb(["env", "wms", "dev", "--libpq", ...where(), ...more]);
      return status === 0 ? (/^DATABASE_URL="(.*)"$/.exec(stdout)?.[1] ?? "") : stderr;
    };
    const credentials = `${WMS.username}:${WMS.password}`;
    const CAME_IN = { status: 0, stdout: "wms_dev wms_dev_owner\n", stderr: "" };
    const required = await env();
    expect(required).toBe(`postgresql://${credentials}@localhost:${server.port}/portal_db?sslmode=require`);
    expect(await machinesPsql(required)).toEqual(CAME_IN);

    const { dbname, port } = { dbname: "portal_db", port: server.port };
    const secret = (host: string) => ({
      ...{ host, port, dbname, ...WMS },
      DATABASE_URL: `postgresql://${credentials}@${host}:${port}/portal_db?schema=wms_dev&sslmode=verify-full`,
    });
    await server.aws.secrets.putSecretValue({
      SecretId: "portal-db/dev/wms",
      SecretString: JSON.stringify(secret(INSTANCE)),
    });
    delete process.env.NODE_EXTRA_CA_CERTS;
    const tunnel = ["--endpoint", `localhost:${port}`];
    expect(await env(...tunnel)).toMatch(
      /^error: there is no CA bundle to verify the server with: download /,
    );
    const verified = await env(...tunnel, ...bundle());
    expect(verified).toBe(
      `postgresql://${credentials}@${INSTANCE}:${port}/portal_db?sslmode=verify-full&sslrootcert=${server.file("global-bundle.pem")}&hostaddr=127.0.0.1`,
    );
    expect(await machinesPsql(verified)).toEqual(CAME_IN);
    expect((await machinesPsql(verified.replace("global-bundle", "wrong-bundle"))).stderr).toMatch(
      /certificate verify failed/,
    );
    expect((await machinesPsql(verified.replace(INSTANCE, "third.example.com"))).stderr).toMatch(
      /does not match host name "third.example.com"/,
    );
    // Without a tunnel nothing stands in for the name.
    expect(await env(...bundle())).toBe(verified.replace("&hostaddr=127.0.0.1", ""));
    await server.aws.secrets.putSecretValue({
      SecretId: "portal-db/dev/wms",
      SecretString: JSON.stringify({
        ...secret("localhost"),
        DATABASE_URL: `postgresql://${credentials}@localhost:${port}/portal_db?sslmode=require`,
      }),
    });
  },
);

test("nobody's setting makes another name pass", async () => {
  const args = [
    "reset",
    "wms",
    "dev",
    "--yes",
    ...where(),
    ...bundle(),
    "--server-name",
    "ecomos-prod.example.com",
  ];
  const { status, stderr } = await endOf(
    startOps(args, { NODE_TLS_REJECT_UNAUTHORIZED: "0", PGSSLMODE: "no-verify" }),
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error: localhost:\d+\/portal_db is not ecomos-prod\.example\.com: /m);
});

test("the secret of whoever deploys the stack knows the instance's name", async () => {
  await write("portal-db/dev-admin", {
    ...{ engine: "postgres", host: INSTANCE, port: 5432, dbname: "portal_db" },
    ...{ username: "portal_db_dev_admin", password: "Dev1" },
  });
  expect(await reset(...bundle())).toEqual(DONE);
});

test("the bundle is the option's, or the stack's file's, or Node's", async () => {
  const missing = await reset();
  expect(missing).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^error: there is no CA bundle/),
  });
  process.env.NODE_EXTRA_CA_CERTS = server.file("global-bundle.pem");
  expect(await reset()).toEqual(DONE);
  // A relative path is the project's, as it is to the provider.
  appendFileSync(`${server.configDir}/Pulumi.dev.yaml`, "  portal-db:adminCaBundle: ca/wrong-bundle.pem\n");
  expect(await reset()).toMatchObject({ status: 1, stderr: expect.stringContaining("/ca/wrong-bundle.pem") });
  expect(await reset(...bundle())).toEqual(DONE);
});

test("the server hears of Ctrl-C over TLS, too, and ends what it was doing", async () => {
  const ca = readFileSync(server.file("global-bundle.pem"), "utf8");
  const { username: user, password } = WMS;
  const ssl = { ca, checkServerIdentity: () => undefined };
  const gate = new Client({
    host: "localhost",
    port: server.port,
    database: "portal_db",
    user,
    password,
    ssl,
  });
  await gate.connect();
  await gate.query("CREATE TABLE kept (id int)");
  await gate.query("BEGIN; LOCK TABLE kept");
  const named = ["--server-name", INSTANCE, "--lock-timeout", "60"];
  const child = startOps(["reset", "wms", "dev", "--yes", ...where(), ...bundle(), ...named]);
  const ended = endOf(child);
  const waiting = "SELECT FROM pg_locks WHERE relation = 'kept'::regclass AND NOT granted";
  const isAt = (count: number) => async () => (await gate.query(waiting)).rows.length === count;
  expect(await until(10_000, isAt(1))).toBe(true);
  child.kill("SIGINT");
  expect(await ended).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/error: ended by SIGINT; rolled back: nothing was changed\n$/),
  });
  expect(await until(10_000, isAt(0))).toBe(true);
  await gate.query("ROLLBACK");
  await gate.query("DROP TABLE kept");
  await gate.end();
});

const SESSION = `SELECT current_user AS role, current_database() AS database, current_setting('search_path') AS path,
  (SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid())`;

test("a deployer comes in by its secret, through the tunnel, and names mean Postgres's own", async () => {
  const endpoint = `localhost:${server.port}`;
  const place = placeOf(
    {
      aws: true,
      region: server.aws.region,
      "config-dir": server.configDir,
      endpoint,
      "ca-bundle": bundle()[1],
    },
    "dev",
  );
  const { client, at, login } = await openAdminSession("verify", place, "dev-admin");
  const { rows } = await client.query(SESSION);
  await client.end();
  expect([at, login]).toEqual([`${endpoint}/portal_db`, "portal_db_dev_admin"]);
  expect(rows).toEqual([{ role: login, database: "portal_db", path: "pg_catalog", ssl: true }]);
  await expect(openAdminSession("verify", place, "master")).rejects.toThrow(
    "there is no secret portal-db/master on AWS us-east-1: deploy stack prod, which writes it, or use a role that may read it",
  );
});

test("the master works in postgres, and elsewhere where told to", async () => {
  await write("portal-db/master", {
    ...{ host: INSTANCE, port: 5432, username: "ecomos_admin", password: MASTER_PASSWORD },
  });
  const endpoint = `localhost:${server.port}`;
  const place = placeOf(
    {
      aws: true,
      region: server.aws.region,
      "config-dir": server.configDir,
      endpoint,
      "ca-bundle": bundle()[1],
    },
    "prod",
  );
  for (const [database, options] of [
    ["postgres", {}],
    ["portal_db", { database: "portal_db" }],
  ] as const) {
    const { client } = await openAdminSession("adopt", place, "master", options);
    const { rows } = await client.query(SESSION);
    await client.end();
    expect(rows).toEqual([{ role: "ecomos_admin", database, path: "pg_catalog", ssl: true }]);
  }
});

test("a listener where the tunnel should be does not get the password that adopt was given", async () => {
  process.env.PGPASSWORD = MASTER_PASSWORD;
  const impostor = await Impostor.start("the password in clear");
  try {
    const adopt = (...more: string[]): Promise<Ended> =>
      runVerb(["adopt", ...where(), ...bundle(), "--endpoint", `localhost:${impostor.port}`, ...more]);
    expect(await adopt()).toMatchObject({ status: 1, stderr: expect.stringContaining("give --server-name") });
    const named = await adopt("--server-name", INSTANCE);
    expect(named).toMatchObject({ status: 1, stderr: expect.stringContaining("has no TLS") });
    expect(impostor.told).toBe("");
  } finally {
    await impostor.close();
  }
});

describe("connect", () => connectCases(() => server, INSTANCE));
