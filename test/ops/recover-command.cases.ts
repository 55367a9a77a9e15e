import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { DEV_ADMIN_SECRET } from "../../infra/names";
import { secretsOf } from "../helpers/aws";
import { type OpsPlatform, runVerb } from "../helpers/ops-platform";
import type { Ended } from "../helpers/process";

const ROLE = {
  urn: "urn:pulumi:dev::portal-db::portal-db:index:AppSchema$postgresql:index/role:Role::late-dev-owner",
  custom: true,
  type: "postgresql:index/role:Role",
  inputs: { name: "late_dev_owner" },
  provider: "urn:pulumi:dev::portal-db::pulumi:providers:postgresql::admin::1",
};
const stateOf = (...operations: unknown[]): string =>
  JSON.stringify({ version: 3, deployment: { resources: [], pending_operations: operations } });
const CREATING = stateOf({ type: "creating", resource: ROLE });
const lockOf = (host: string, pid: number): string =>
  "error: the stack is currently locked by 1 lock(s).\n" +
  `  file:///state/locks/1.json: created by root@${host} (pid ${pid}) at 2026-11-27T01:29:15Z\n`;
/** A number that no process has. */
const NOBODY = 2 ** 22 + 1;

/** The command itself: in what order it asks, and what it leaves alone. The CLI is one that writes down what it is told. */
export function recoverCommandCases(get: () => OpsPlatform): void {
  const { PATH } = process.env;
  let folder: string;
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const read = (name: string): string | undefined =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : undefined;
  const calls = (): string[] => (read("calls") ?? "").trimEnd().split("\n");
  const recover = (...flags: string[]): Promise<Ended> => get().run("recover", "dev", "--yes", ...flags);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "portal-db-recover-"));
    symlinkSync(join(__dirname, "recover/fake-pulumi.js"), join(folder, "pulumi"));
    process.env.PATH = [folder, PATH].join(delimiter);
    process.env.PORTAL_DB_FAKE = folder;
    write("backend", JSON.stringify({ url: "s3://state/dev" }));
    write("state", stateOf());
  });
  afterEach(async () => {
    process.env.PATH = PATH;
    delete process.env.PORTAL_DB_FAKE;
    rmSync(folder, { recursive: true });
    await get().platform.asSuperuser("DROP ROLE IF EXISTS late_dev_owner");
  });

  const asDeployer = (sql: string) =>
    get().platform.asSuperuser(
      `SET SESSION AUTHORIZATION portal_db_dev_admin; ${sql}; RESET SESSION AUTHORIZATION`,
    );

  test("without a lock and anything under way nothing is done", async () => {
    expect(await recover()).toEqual({
      status: 0,
      stdout: "stack dev: no lock, and nothing under way",
      stderr: "",
    });
    expect(calls()).toEqual(["whoami --verbose --json", "stack rename dev", "stack export"]);
  });

  test("the lock of one that is gone is released, what is there taken in, and it says what comes next", async () => {
    await asDeployer("CREATE ROLE late_dev_owner");
    write("refusal", lockOf(hostname(), NOBODY));
    write("state", CREATING);
    const { status, stdout, stderr } = await recover();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      `the lock is held by root@${hostname()}, pid ${NOBODY}, since 2026-11-27T01:29:15Z`,
      "stack dev on the local platform:",
      "  the lock is released: its holder is gone",
      "  late-dev-owner (Role): creating, cut off; late_dev_owner is there, and is taken in",
      "Done. What comes next: npx pulumi up --stack dev",
    ]);
    expect(JSON.parse(read("imported") ?? "")).toEqual({
      version: 3,
      deployment: {
        resources: [{ ...ROLE, id: "late_dev_owner", outputs: ROLE.inputs, refreshBeforeUpdate: true }],
      },
    });
    const looks = ["stack rename dev", "stack export"];
    expect(calls()).toEqual(["whoami --verbose --json", ...looks, ...looks, "cancel --yes", "stack import"]);
  });

  test("a lock that is not known to be free stays, and nothing is changed", async () => {
    write("state", CREATING);
    for (const [lock, flags, why] of [
      [lockOf(hostname(), process.pid), [], "a deployment is at work"],
      [lockOf("fv-az1", 1732), [], "the lock is held on another machine"],
    ] as const) {
      // This process began after the lock that it is said to hold, unless the lock is of tomorrow.
      write("refusal", lock.replace("2026-11-27", "2100-01-01"));
      const { status, stderr } = await recover(...flags);
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(`^error: ${why}`) });
    }
    expect(calls().filter((call) => /import|cancel/.test(call))).toEqual([]);
    expect((await recover("--holder-is-gone")).status).toBe(0);
    expect(calls().slice(-2)).toEqual(["cancel --yes", "stack import"]);
  });

  test("somebody else's role is not taken in: it is named, and neither state nor lock is touched", async () => {
    await get().platform.asSuperuser(
      "SET SESSION AUTHORIZATION portal_db_admin; CREATE ROLE late_dev_owner; RESET SESSION AUTHORIZATION",
    );
    write("refusal", lockOf(hostname(), NOBODY));
    write("state", CREATING);
    const { status, stderr } = await recover();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "error: not everything can be taken in; nothing was changed:\n" +
        "  late-dev-owner (Role): late_dev_owner is there, but portal_db_admin made it, not portal_db_dev_admin\n" +
        "Find out who made it and whether anything needs it; remove it, or wait where it says so, and run it again",
    });
    expect(calls().filter((call) => /import|cancel/.test(call))).toEqual([]);
  });

  test("a state that somebody else changed meanwhile is left as it is", async () => {
    write("state", CREATING);
    write("next-state", stateOf());
    const { status, stderr } = await recover();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "error: stack dev has changed meanwhile: run it again",
    });
    expect(calls().filter((call) => /import|cancel/.test(call))).toEqual([]);
  });

  test("Pulumi Cloud keeps its lock itself, and what it says of one is said", async () => {
    write("backend", JSON.stringify({ url: "https://app.pulumi.com/me" }));
    write("refusal", "error: [409] Conflict: Another update is currently in progress.");
    write("state", CREATING);
    expect(await recover()).toMatchObject({
      status: 1,
      stderr:
        "error: pulumi stack import --stack dev ended with 255: could not import deployment: the stack is currently locked",
    });
    expect(calls()).toEqual(["whoami --verbose --json", "stack export", "stack export", "stack import"]);
  });

  test("before the deployer's secret is written, the server is asked with what the provider was given", async () => {
    const { SecretString = "" } = await secretsOf(get().platform).getSecretValue({
      SecretId: DEV_ADMIN_SECRET,
    });
    const { username, password } = JSON.parse(SecretString) as { username: string; password: string };
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const inputs = (plaintext: string) => ({
      ...{ host: "localhost", port: String(get().platform.port), username },
      password: { ...secret, plaintext: JSON.stringify(plaintext) },
    });
    const plainState = (plaintext: string): string => {
      const [urn, id] = [ROLE.provider.replace(/::1$/, ""), "1"];
      return JSON.stringify({ deployment: { resources: [{ urn, id, inputs: inputs(plaintext) }] } });
    };
    await asDeployer("CREATE ROLE late_dev_owner");
    write("state", CREATING);
    const empty = createServer((_request, response) => {
      response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify({ __type: "ResourceNotFoundException" }));
    });
    await new Promise<void>((done) => empty.listen(0, "127.0.0.1", done));
    try {
      const { port } = empty.address() as AddressInfo;
      const aws = { endpoint: `http://127.0.0.1:${port}`, region: "us-east-1" };
      write("platform.json", JSON.stringify({ aws }));
      const run = () =>
        runVerb([
          "recover",
          "dev",
          "--yes",
          "--platform",
          join(folder, "platform.json"),
          ...get().where.slice(2),
        ]);
      write("plain-state", plainState("wrong"));
      const refused = await run();
      expect(refused).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("the password is not the server's"),
      });
      write("plain-state", plainState(password));
      const { status, stdout, stderr } = await run();
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toContain("late_dev_owner is there, and is taken in");
      expect([stdout, refused.stderr, read("calls"), read("imported")].join()).not.toContain(password);
    } finally {
      empty.close();
    }
  });

  test("without the CLI it says so", async () => {
    write("state", CREATING);
    process.env.PATH = join(folder, "nowhere");
    expect(await recover()).toMatchObject({
      status: 1,
      stderr: "error: the Pulumi CLI cannot be started: there is no pulumi on PATH: npm run ops finds it",
    });
  });
}
