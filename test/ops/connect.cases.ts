import { spawn } from "node:child_process";
import { until } from "../../local/servers/processes";
import type { Inspection } from "../../ops/inspect/inspection";
import { secretsOf } from "../helpers/aws";
import { OPS_COMMAND, type OpsPlatform, startOps } from "../helpers/ops-platform";
import { type Ended, endOf } from "../helpers/process";

/** psql by itself, on the local platform: without a tunnel. */
export function connectCases(get: () => OpsPlatform): void {
  const connect = (line: string, ...ofPsql: string[]): Promise<Ended> =>
    endOf(
      startOps(
        ["connect", ...line.split(" "), ...get().where, ...(ofPsql.length > 0 ? ["--", ...ofPsql] : [])],
        {
          // What the person's own shell says leads nowhere else.
          ...{ PGHOST: "nowhere.invalid", PGPORT: "1", PGUSER: "nobody", PGOPTIONS: "-c search_path=public" },
        },
      ),
    );
  /** Waits until so many sessions of the command are so. */
  const are = (count: number, how: string) => {
    const sql = `SELECT FROM pg_stat_activity WHERE application_name = 'portal-db connect' AND ${how}`;
    return until(20_000, async () => (await get().platform.asSuperuser(sql)).length === count || undefined);
  };
  // Where this machine has no new psql, the first use installs one, and says so.
  beforeAll(() => connect("wms dev", "-Xc", "SELECT 1"));

  const limits =
    "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')";
  const asked = "SELECT current_user, current_schema(), current_setting('transaction_read_only')";

  test("outside prod it is the app, in its schema, and read-only unless told otherwise", async () => {
    const sql = ["-XAtc", asked];
    expect(await connect("wms dev", ...sql)).toEqual({
      status: 0,
      stdout: "wms_dev_owner|wms_dev|on\n",
      stderr: "",
    });
    expect(await connect("wms dev --read-write", ...sql)).toEqual({
      ...{ status: 0, stdout: "wms_dev_owner|wms_dev|off\n", stderr: "" },
    });
    const refused = await connect("wms dev", "-Xc", "CREATE TABLE made_by_psql ()");
    expect([refused.status, refused.stderr]).toEqual([
      ...[1, "ERROR:  cannot execute CREATE TABLE in a read-only transaction\n"],
    ]);
  });

  test("the login's limits of time hold: whoever leaves a transaction open does not keep it", async () => {
    const { status, stdout } = await connect("wms dev", "-XAtc", limits);
    expect([status, stdout]).toEqual([0, "0|1min\n"]);
  });

  test("the status is psql's own", async () => {
    const sql = "SELECT 1; SELECT 1/0; SELECT 2";
    const script = ["-XAt", "-v", "ON_ERROR_STOP=1", "-c", "\\set QUIET 1", "-f", "-"];
    const child = startOps(["connect", "wms", "dev", ...get().where, "--", ...script], {}, "pipe");
    child.stdin?.end(sql);
    const { status, stdout } = await endOf(child);
    expect([status, stdout]).toEqual([3, "1\n"]);
  });

  test("the password is in no argument and in nothing that is printed", async () => {
    const { status, stdout, stderr } = await connect("wms dev", "-Xc", "\\! ps -o args= -p $PPID");
    const { password } = new URL(await get().platform.url("wms", "dev"));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\S*psql -Xc \\! ps -o args= -p \$PPID\n$/);
    expect(stdout + stderr).not.toContain(password);
  });

  test("in prod it is nobody but a person, and says who may be one", async () => {
    const nobody = "nobody reads wms: a line of portal-db:people in Pulumi.prod.yaml lets somebody";
    expect(await get().run("connect", "wms", "prod")).toEqual({
      ...{ status: 64, stdout: "" },
      stderr: `error: in prod psql is for people, not for the app: say --as <person>; ${nobody}; see npm run ops -- connect --help`,
    });
    expect(await get().run("connect", "wms", "prod", "--as", "anna")).toEqual({
      ...{ status: 1, stdout: "", stderr: `error: "anna" may not read wms_prod: ${nobody}` },
    });
  });

  test("a person comes in by a secret of one's own, and inspect counts that login among the app's", async () => {
    const { platform } = get();
    const [username, password, Name] = ["person_anna_dev", "Anna1", "portal-db/dev/people/anna"];
    platform.configure("dev", { people: { anna: { reads: ["wms"], until: "2099-12-31" } } });
    await platform.asSuperuser(`SET ROLE portal_db_dev_admin;
      CREATE ROLE ${username} LOGIN PASSWORD '${password}' CONNECTION LIMIT 2 IN ROLE wms_dev_reader;
      ALTER ROLE ${username} SET statement_timeout = 300000;
      ALTER ROLE ${username} SET idle_in_transaction_session_timeout = 60000;
      GRANT CONNECT ON DATABASE portal_db TO ${username}`);
    const secrets = secretsOf(platform);
    const secret = { engine: "postgres", host: "localhost", port: platform.port, dbname: "portal_db" };
    const value = { ...secret, username, password, DATABASE_URL: "postgresql://" };
    await secrets.createSecret({ Name, SecretString: JSON.stringify(value) });
    const came = await connect("wms dev --as anna", "-XAtc", asked);
    const bounds = await connect("wms dev --as anna", "-XAtc", limits);
    const { stdout } = await get().run("inspect", "wms", "dev", "--json");
    await secrets.deleteSecret({ SecretId: Name, ForceDeleteWithoutRecovery: true });
    await platform.asSuperuser(`DROP OWNED BY ${username}; DROP ROLE ${username}`);
    platform.configure("dev", { people: undefined });
    expect(came).toEqual({ status: 0, stdout: "person_anna_dev|wms_dev|on\n", stderr: "" });
    expect(bounds.stdout).toBe("5min|1min\n");
    const { connections, notSeen } = JSON.parse(stdout) as Inspection;
    expect(connections.logins.map(({ login, limit }) => [login, limit])).toEqual([
      ["person_anna_dev", 2],
      ["portal_wms_dev", 10],
    ]);
    expect(notSeen).toEqual([]);
  });

  test("whoever has had an end, and a tool, is told that", async () => {
    const said = async (name: string) => (await get().run("connect", "wms", "dev", "--as", name)).stderr;
    get().platform.configure("dev", {
      people: { anna: { reads: ["wms"], until: "2020-02-29" } },
      tools: { bi: { reads: ["wms"] } },
    });
    const [anna, bi, zoe] = [await said("anna"), await said("bi"), await said("zoe")];
    get().platform.configure("dev", { people: undefined, tools: undefined });
    expect([anna, bi, zoe]).toEqual([
      "error: the access of anna ended on 2020-02-29; a later day in Pulumi.dev.yaml and a deploy open it again",
      "error: bi is a tool, which comes in by the URL in its secret portal-db/dev/tools/bi; --as takes a person",
      'error: "zoe" may not read wms_dev: nobody reads wms any more: the access of anna ended on 2020-02-29',
    ]);
  });

  test.each([["prod"], ["prod", "--as", "anna"], ["dev", "--as", "anna"]])(
    "an app that is not there is no matter of people: %j",
    async (environment, ...as) => {
      expect(await get().run("connect", "crm", environment, ...as)).toEqual({
        ...{ status: 1, stdout: "" },
        stderr: `error: there is no app "crm" in Pulumi.${environment}.yaml; it has auth, wms`,
      });
    },
  );

  test("what stands before the two dashes is no argument of psql's", async () => {
    expect(await get().run("connect", "wms", "dev", "postgres")).toMatchObject({
      ...{ status: 64, stderr: expect.stringMatching(/^error: usage: connect <app> <environment>/) },
    });
  });

  test("in a terminal Ctrl-C ends the query, and neither psql nor the command", async () => {
    const terminal = "import pty, sys, os; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    const command = [process.execPath, ...OPS_COMMAND, "connect", "wms", "dev", ...get().where, "--", "-X"];
    const child = spawn("python3", ["-c", terminal, ...command], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, PSQL_PAGER: "cat" },
    });
    let screen = "";
    child.stdout.on("data", (chunk: Buffer) => {
      screen += chunk.toString();
    });
    const shows = (text: string) => until(20_000, () => screen.includes(text) || undefined);
    const ended = endOf(child);
    try {
      expect(await shows("portal_db=>")).toBe(true);
      expect(screen).toContain(
        "psql as portal_wms_dev in wms_dev on the local platform, read-only; \\q ends it",
      );
      child.stdin.write("SELECT pg_sleep(100);\n");
      expect(await are(1, "state = 'active'")).toBe(true);
      child.stdin.write("\u0003");
      expect(await shows("canceling statement due to user request")).toBe(true);
      child.stdin.write("SELECT 'still' || ' here';\n");
      expect(await shows("still here")).toBe(true);
      child.stdin.write("\\q\n");
      expect((await ended).status).toBe(0);
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("what ends the command ends psql", async () => {
    const child = startOps(["connect", "wms", "dev", ...get().where, "--", "-Xc", "SELECT pg_sleep(100)"]);
    const ended = endOf(child);
    expect(await are(1, "state = 'active'")).toBe(true);
    child.kill("SIGTERM");
    expect((await ended).status).toBe(128 + 15);
    const end =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portal-db connect'";
    await get().platform.asSuperuser(end);
  });
}
