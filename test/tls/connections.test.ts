import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { type ConnectionArgs, connect } from "../../ops/app/connection";
import { libpqEnvironment } from "../../ops/app/libpq";
import type { Place } from "../../ops/app/place";
import { outputOf, toolsFor } from "../../ops/snapshot/postgres-tools";
import { type Greeting, Impostor } from "../helpers/impostor";
import { TlsServer } from "./tls-server";

jest.setTimeout(120_000);

/** The name in the instance's certificate; everything here reaches it by localhost, as through the tunnel. */
const INSTANCE = "other.example.com";
const LOGIN = { username: "portal_wms_dev", password: "Secret0fWms", schema: "wms_dev" };

let server: TlsServer;
let impostor: Impostor | undefined;

beforeAll(async () => {
  server = await TlsServer.start();
  await server.admit(LOGIN);
  await server.present(INSTANCE);
});

afterEach(async () => {
  await impostor?.close();
  impostor = undefined;
});

afterAll(() => server?.remove());

const LOCAL: Place = {
  name: "the local platform",
  region: "us-east-1",
  emulator: "http://127.0.0.1:1",
  platformDir: "/platform",
  configDir: "/",
  endpoint: undefined,
  adminEndpoint: undefined,
  caBundle: undefined,
  serverName: undefined,
};

const onAws = (bundle?: string): Place => ({
  ...LOCAL,
  name: "AWS us-east-1",
  emulator: undefined,
  platformDir: undefined,
  caBundle: bundle === undefined ? undefined : server.file(bundle),
});

function args(place: Place, more: Partial<ConnectionArgs> = {}): ConnectionArgs {
  return {
    place,
    endpoint: { host: "localhost", port: server.port },
    serverName: INSTANCE,
    database: "portal_db",
    user: LOGIN.username,
    password: LOGIN.password,
    verb: "test",
    whenRefused: "deploy again",
    ...more,
  };
}

/** How a connection ends: what the server says of it, or the error. */
async function outcome(of: ConnectionArgs): Promise<unknown> {
  try {
    const { client } = await connect(of);
    const sql =
      "SELECT ssl, current_setting('search_path') AS path FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    const { rows } = await client.query<{ ssl: boolean; path: string }>(sql);
    await client.end();
    return rows[0];
  } catch (thrown) {
    return `${(thrown as Error).name}: ${(thrown as Error).message}`;
  }
}

const AT = () => `localhost:${server.port}/portal_db`;

test("through the tunnel, the server that bears the instance's name is taken", async () => {
  expect(await outcome(args(onAws("global-bundle.pem")))).toMatchObject({ ssl: true });
});

test("what a session pins holds against the role's and the database's own setting", async () => {
  await server.sql(`ALTER ROLE ${LOGIN.username} IN DATABASE portal_db SET search_path = evil, pg_catalog`);
  const pinned = args(onAws("global-bundle.pem"), { options: "-c search_path=pg_catalog" });
  expect(await outcome(args(onAws("global-bundle.pem")))).toMatchObject({ path: "evil, pg_catalog" });
  expect(await outcome(pinned)).toMatchObject({ path: "pg_catalog" });
});

test("another name is refused, whoever signed it, and so is a server that cannot be named", async () => {
  const place = onAws("global-bundle.pem");
  expect(await outcome(args(place, { serverName: "ecomos-prod.example.com" }))).toBe(
    `MistakeError: ${AT()} is not ecomos-prod.example.com: its certificate is for another name; nothing was sent. Where does the tunnel lead?`,
  );
  expect(await outcome(args(place, { serverName: "localhost" }))).toMatch(/ is not localhost: /);
  expect(await outcome(args(place, { serverName: undefined }))).toMatch(
    /give --server-name with the instance's/,
  );
});

test("a CA that is not in the bundle is refused; without a bundle nothing is tried", async () => {
  expect(await outcome(args(onAws("wrong-bundle.pem")))).toMatch(
    /^MistakeError: the certificate of .* does not hold against .*wrong-bundle.pem \(UNABLE_TO_GET_ISSUER_CERT_LOCALLY\); nothing was sent/,
  );
  const getIt = /global-bundle\.pem and name the file with --ca-bundle/;
  expect(await outcome(args(onAws()))).toMatch(getIt);
  expect(await outcome(args(onAws("absent.pem")))).toMatch(/absent\.pem cannot be read \(ENOENT\): /);
  writeFileSync(server.file("empty.pem"), "\n");
  expect(await outcome(args(onAws("empty.pem")))).toMatch(/empty\.pem has no certificate in it: /);
});

test("a wrong password is refused by the server, and said without it", async () => {
  const said = await outcome(args(onAws("global-bundle.pem"), { password: "another" }));
  expect(said).toBe(`WrongPassword: ${AT()} refuses portal_wms_dev: deploy again`);
});

test("the local platform is reached on this machine alone", async () => {
  const elsewhere = args(LOCAL, { endpoint: { host: "db.example.com", port: 5432 } });
  expect(await outcome(elsewhere)).toMatch(/^MistakeError: db\.example\.com is not on this machine/);
});

/** What nobody may be told. */
function secrets(): string[] {
  const md5 = (text: string) => createHash("md5").update(text).digest("hex");
  const inner = md5(LOGIN.password + LOGIN.username);
  return [LOGIN.password, inner, md5(`${inner}salt`)];
}

/** Connects to a listener that is no Postgres. @returns how it ends, and what the listener was told */
async function met(greeting: Greeting, place: Place, name?: string): Promise<[said: unknown, told: string]> {
  const read = (ending: string) => readFileSync(server.file(`${name}.${ending}`));
  impostor = await Impostor.start(
    greeting,
    name === undefined ? undefined : { key: read("key"), cert: read("crt") },
  );
  const said = await outcome(args(place, { endpoint: { host: "localhost", port: impostor.port } }));
  return [said, impostor.told];
}

test("a listener without TLS, and one with another's certificate, are told nothing at all", async () => {
  const place = onAws("global-bundle.pem");
  const [plain, toldInPlain] = await met("the password in clear", place);
  expect(plain).toMatch(/ has no TLS, so it is no instance of RDS; nothing was sent$/);
  expect(toldInPlain).toBe("");
  await impostor?.close();
  const [other, toldOther] = await met("the password in clear", place, "localhost");
  expect(other).toMatch(/ is not other\.example\.com: /);
  expect(toldOther).toBe("");
});

describe.each([
  ["the local platform", undefined],
  ["AWS, with the instance's own certificate", INSTANCE],
] as const)("on %s", (_, name) => {
  const place = () => (name === undefined ? LOCAL : onAws("global-bundle.pem"));

  test.each<[Greeting, RegExp]>([
    ["the password in clear", / asks for the password itself, or for its MD5, where SCRAM is due; /],
    ["the password's MD5", / asks for the password itself, or for its MD5, where SCRAM is due; /],
    ["nothing", / does not prove that it knows the password, where SCRAM is due; /],
    ["SCRAM, and lets in without its end", / does not prove that it knows the password, /],
    ["SCRAM, then the password in clear", / asks for the password itself, /],
    ["SCRAM, with a signature of its own", / does not prove that it knows the password, /],
  ])("a listener that asks for %s is refused, and never gets the password", async (greeting, message) => {
    const [said, told] = await met(greeting, place(), name);
    expect(said).toMatch(/^MistakeError: /);
    expect(said).toMatch(message);
    expect(told).toContain(LOGIN.username);
    for (const secret of secrets()) expect(told).not.toContain(secret);
  });
});

test("programs of Postgres get the same: the instance's name, its CA, SCRAM, no limits of time, and nothing of this shell's", async () => {
  process.env.PGSSLMODE = "prefer";
  process.env.PGSERVICE = "another";
  const environment = await libpqEnvironment(args(onAws("global-bundle.pem"))).finally(() => {
    delete process.env.PGSSLMODE;
    delete process.env.PGSERVICE;
  });
  expect(Object.fromEntries(Object.entries(environment).filter(([key]) => key.startsWith("PG")))).toEqual({
    PGHOST: INSTANCE,
    PGHOSTADDR: "127.0.0.1",
    PGPORT: String(server.port),
    PGDATABASE: "portal_db",
    PGUSER: LOGIN.username,
    PGPASSWORD: LOGIN.password,
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: server.file("global-bundle.pem"),
    PGREQUIREAUTH: "scram-sha-256",
    PGGSSENCMODE: "disable",
    PGCONNECT_TIMEOUT: "15",
    PGAPPNAME: "portal-db test",
    PGOPTIONS: "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0",
  });
  await expect(libpqEnvironment(args(onAws()))).rejects.toThrow("there is no CA bundle");
});

test.each<[Greeting, RegExp]>([
  ["the password in clear", /server requested a cleartext password/],
  ["the password's MD5", /server requested a hashed password/],
  ["nothing", /server did not complete authentication/],
])("pg_dump does not tell a listener that asks for %s its password", async (greeting, message) => {
  impostor = await Impostor.start(greeting);
  const environment = await libpqEnvironment(
    args(LOCAL, { endpoint: { host: "localhost", port: impostor.port } }),
  );
  const { dump } = await toolsFor(17, { folder: undefined, mayInstall: true });
  await expect(outputOf(dump, ["--no-password"], environment)).rejects.toThrow(message);
  expect(impostor.told).toContain(LOGIN.username);
  for (const secret of secrets()) expect(impostor.told).not.toContain(secret);
});
