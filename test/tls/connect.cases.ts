import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beganAt, until } from "../../local/servers/processes";
import { iamToken } from "../../ops/connect/iam-token";
import { OPS_COMMAND, runVerb } from "../helpers/ops-platform";
import { CHECKOUT, type Ended, endOf } from "../helpers/process";
import type { TlsServer } from "./tls-server";

const ANNA = { username: "person_anna", password: "Anna1" };

/** In place of the AWS CLI and its plugin: a child of its own listens, and leads to the server; who it is it writes down. */
const aws = (port: number, folder: string): string => `#!${process.execPath}
const { appendFileSync } = require("node:fs");
const log = (what) => appendFileSync(${JSON.stringify(join(folder, "log"))}, JSON.stringify(what) + "\\n");
const args = process.argv.slice(2);
const value = (name) => args[args.indexOf(name) + 1];
process.on("SIGINT", () => { log("SIGINT"); process.exit(1); });
if (process.env.PLUGIN) {
  const net = require("node:net");
  net.createServer((from) => {
    const to = net.connect(${port}, "127.0.0.1");
    from.pipe(to).pipe(from);
    for (const one of [from, to]) one.on("error", () => {});
  }).listen(Number(process.env.PLUGIN), "127.0.0.1", () => console.log("Waiting for connections..."));
} else if (args[0] === "ssm") {
  const { localPortNumber: [local] } = JSON.parse(value("--parameters"));
  if (process.env.REFUSED) { console.log("Starting session"); console.error("TargetNotConnected"); process.exit(254); }
  const plugin = require("node:child_process").spawn(process.argv[0], [__filename], {
    stdio: "inherit", env: { ...process.env, PLUGIN: process.env.NEVER ? "" : local } });
  log({ args, pids: [process.pid, plugin.pid], hasPassword: "PGPASSWORD" in process.env });
  if (process.env.NEVER) setInterval(() => {}, 1000);
} else console.log(value("--hostname") + ":" + value("--port") + "/?Action=connect&DBUser=" + value("--username") +
  "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x&X-Amz-Date=x&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=x");
`;

interface Started {
  readonly args: readonly string[];
  readonly pids: readonly number[];
  readonly hasPassword: boolean;
}

/** psql of this machine through a tunnel to a server with TLS. @param instance the name that its certificate bears */
export function connectCases(get: () => TlsServer, instance: string): void {
  let folder: string;
  const tunnelFile = () => join(folder, "tunnel.yaml");
  const leadTo = (host: string) =>
    writeFileSync(tunnelFile(), `target: i-0a1b2c3d4e5f60718\nhost: ${host}\nremotePort: 5432\n`);
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { region } = get().aws;
    const where = ["--aws", "--region", region, "--config-dir", get().configDir, "--config", tunnelFile()];
    const [own, ofPsql] = [args.slice(0, args.indexOf("--")), args.slice(args.indexOf("--"))];
    const bundle = ["--ca-bundle", get().file("global-bundle.pem")];
    const command = [...OPS_COMMAND, "connect", ...own, ...where, ...bundle, ...ofPsql];
    return spawn(process.execPath, command, {
      cwd: CHECKOUT,
      // As a terminal does it: a group of its own gets what Ctrl-C sends.
      detached: true,
      env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  };
  const log = () => join(folder, "log");
  const lines = (): unknown[] =>
    (existsSync(log()) ? readFileSync(log(), "utf8") : "")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as unknown);
  const started = () => lines()[0] as Started;
  const expectNothingLeft = () =>
    expect(started().pids.filter((pid) => beganAt(pid) !== undefined)).toEqual([]);
  const SQL = [
    "-XAtc",
    "SELECT current_user, current_setting('search_path'), current_setting('transaction_read_only'), ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
  ];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "portal-db-connect-"));
    writeFileSync(join(folder, "aws"), aws(get().port, folder));
    chmodSync(join(folder, "aws"), 0o755);
    const until = "2099-12-31";
    get().configure("prod", {
      apps: { auth: {}, wms: { reader: true } },
      people: { anna: { reads: ["wms"], until }, bob: { reads: ["wms"], until, iam: true } },
      iamDatabaseAuthentication: true,
    });
    await get().sql(`CREATE ROLE ${ANNA.username} LOGIN PASSWORD '${ANNA.password}'; CREATE ROLE rds_iam;
      CREATE ROLE person_bob LOGIN; GRANT rds_iam TO person_bob`);
    const secret = { engine: "postgres", host: instance, port: 5432, dbname: "portal_db", ...ANNA };
    await get().aws.secrets.createSecret({
      Name: "portal-db/prod/people/anna",
      SecretString: JSON.stringify({ ...secret, DATABASE_URL: "postgresql://" }),
    });
  });
  beforeEach(() => {
    leadTo(instance);
    rmSync(log(), { force: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const CAME_IN = (user: string) => ({ status: 0, stdout: `${user}|wms_prod|on|t\n`, stderr: "" });
  const testPsql = spawnSync("psql", ["--version"]).status === 0 ? test : test.skip;

  testPsql(
    "a person comes in by a secret, the server proves the instance's name, and the tunnel ends with psql",
    async () => {
      const child = start(["wms", "prod", "--as", "anna", "--", ...SQL]);
      expect(await endOf(child)).toEqual(CAME_IN("person_anna"));
      const { args, hasPassword } = started();
      const { localPortNumber } = JSON.parse(args[args.indexOf("--parameters") + 1] ?? "") as Record<
        string,
        unknown
      >;
      expect(args).toEqual([
        ...["ssm", "start-session", "--target", "i-0a1b2c3d4e5f60718"],
        ...["--document-name", "AWS-StartPortForwardingSessionToRemoteHost"],
        ...["--parameters", JSON.stringify({ host: [instance], portNumber: ["5432"], localPortNumber })],
        ...["--region", get().aws.region],
      ]);
      expect(hasPassword).toBe(false);
      expectNothingLeft();
    },
  );

  testPsql(
    "who logs in by IAM has a token signed for the instance, which stands in no argument",
    async () => {
      const token =
        `${instance}:5432/?Action=connect&DBUser=person_bob&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x` +
        "&X-Amz-Date=x&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=x";
      await get().sql(`ALTER ROLE person_bob PASSWORD '${token}'`);
      const asked = [...SQL, "-c", "\\! ps -o args= -p $PPID"];
      const { status, stdout, stderr } = await endOf(start(["wms", "prod", "--as", "bob", "--", ...asked]));
      expect([status, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^person_bob\|wms_prod\|on\|t\n\S*psql -XAtc /);
      expect(stdout).not.toContain("X-Amz");
      expectNothingLeft();
    },
  );

  testPsql("a tunnel that leads elsewhere is not taken for the instance", async () => {
    leadTo("third.example.com");
    const { status, stdout, stderr } = await endOf(start(["wms", "prod", "--as", "anna", "--", ...SQL]));
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/does not match host name "third.example.com"/);
    expectNothingLeft();
  });

  testPsql("Ctrl-C ends the query alone: the tunnel does not hear of it", async () => {
    const child = start(["wms", "prod", "--as", "anna", "--", "-Xc", "SELECT pg_sleep(100)"]);
    const ended = endOf(child);
    expect(
      await until(20_000, async () => (await get().sql(sleeping(ANNA.username))).length > 0 || undefined),
    ).toBe(true);
    process.kill(-(child.pid ?? 0), "SIGINT");
    const { status, stderr } = await ended;
    expect([status, stderr.includes("canceling statement due to user request")]).toEqual([1, true]);
    expect(lines()).toHaveLength(1);
    expectNothingLeft();
  });

  testPsql("Ctrl-C before the tunnel is open ends everything", async () => {
    const child = start(["wms", "prod", "--as", "anna", "--", ...SQL], { NEVER: "1" });
    const ended = endOf(child);
    expect(await until(20_000, () => lines().length > 0 || undefined)).toBe(true);
    process.kill(-(child.pid ?? 0), "SIGINT");
    expect(await ended).toEqual({
      ...{ status: 1, stdout: "", stderr: "error: ended by SIGINT; psql was not started\n" },
    });
    expectNothingLeft();
  });

  testPsql("a tunnel that does not open is an error with the program's own words", async () => {
    const { status, stderr } = await endOf(
      start(["wms", "prod", "--as", "anna", "--", ...SQL], { REFUSED: "1" }),
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^TargetNotConnected\nStarting session\nerror: aws ended with status 254 before localhost:\d+ answered: /,
    );
  });

  test("who may be named is said, and without psql how to get it", async () => {
    const run = (...args: string[]): Promise<Ended> =>
      runVerb(["connect", ...args, "--aws", "--region", get().aws.region, "--config-dir", get().configDir]);
    expect((await run("wms", "prod")).stderr.replace(/\s+/g, " ")).toContain(
      "say --as <person>; wms may be read by anna (until 2099-12-31), bob (until 2099-12-31); see",
    );
    expect((await run("auth", "prod", "--as", "anna")).stderr.replace(/\s+/g, " ")).toContain(
      'error: "anna" may not read auth_prod: nobody reads auth: a line of portal-db:people in Pulumi.prod.yaml lets somebody',
    );
    const bare = await endOf(start(["wms", "prod", "--as", "anna", "--"], { PATH: folder }));
    expect([bare.status, bare.stderr]).toEqual([
      1,
      expect.stringMatching(/^error: there is no psql: install the PostgreSQL client programs/),
    ]);
  });

  const testAws = spawnSync("aws", ["--version"]).status === 0 ? test : test.skip;
  testAws("the AWS CLI of this machine signs what is taken for a token", async () => {
    const request = { host: instance, port: 5432, region: "us-east-1", login: "person_bob" };
    const token = await iamToken(request);
    expect(token).toMatch(
      new RegExp(`^${instance}:5432/\\?Action=connect&DBUser=person_bob&X-Amz-Algorithm=AWS4-HMAC-SHA256&`),
    );
    await expect(iamToken({ ...request, profile: "nobody" })).rejects.toThrow(
      /^the AWS CLI signs no token: .*nobody/,
    );
  });
}

const sleeping = (login: string): string =>
  `SELECT FROM pg_stat_activity WHERE usename = '${login}' AND state = 'active' AND query ~ 'pg_sleep'`;
