import { spawn } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { Client } from "pg";
import { lastServers } from "../../local/platform";
import { startedEmulator } from "../../local/servers/aws-emulator";
import { freePort } from "../../local/servers/ports";
import { runningPostgres } from "../../local/servers/postgres";
import { dataDirOf } from "../../local/servers/postgres-cluster";
import { TestPlatform } from "../helpers/platform";
import { endOf, runScript } from "../helpers/process";

jest.setTimeout(180_000);

let platform: TestPlatform;
const sessions: Client[] = [];

beforeAll(async () => {
  platform = await TestPlatform.make();
  platform.configure("dev", { apps: { auth: {}, wms: {} }, environments: ["dev"] });
  const people = { anna: { reads: ["wms"], until: "2099-01-31" } };
  platform.configure("prod", { apps: { auth: {}, wms: { reader: true } }, people });
});

afterAll(async () => {
  await Promise.all(sessions.map((session) => session.end().catch(() => {})));
  await platform?.remove();
});

const listening = (port: number): Promise<Server> =>
  new Promise((done) => {
    const server = createServer();
    server.listen(port, "127.0.0.1", () => done(server));
  });

/** A session of an app in the middle of something. */
async function busy(app: string, environment: string, ...statements: readonly string[]) {
  const connectionString = await platform.url(app, environment);
  const client = new Client({ connectionString, application_name: "api of it" });
  client.on("error", () => {});
  sessions.push(client);
  await client.connect();
  for (const sql of statements) await client.query(sql);
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return { client, pid: rows[0]?.pid };
}

describe("a start", () => {
  test("that is cut off leaves its port to the next one", async () => {
    const child = platform.start(["up"]);
    const ended = platform.ended(child);
    await new Promise<void>((done) =>
      child.stdout?.on("data", (text: Buffer) => /^tools/m.test(String(text)) && done()),
    );
    child.kill("SIGINT");
    expect(await ended).toMatchObject({
      status: 1,
      stderr: "error: ended by SIGINT; what was made stays, and the next up goes on from there\n",
    });
    expect(lastServers(platform.places).postgresPort).toBe(platform.port);
  });

  test("that fails says why, and leaves no emulator behind", async () => {
    await platform.succeed("up");
    await platform.succeed("down");
    const file = resolve(dataDirOf(platform.places), "postgresql.conf");
    const kept = readFileSync(file, "utf8");
    writeFileSync(file, `${kept}\nshared_buffers = nonsense\n`);
    const { status, stderr } = await platform.run(["up"]);
    writeFileSync(file, kept);
    const log = resolve(platform.places.clusterDir, "postgres.log");
    const why = `FATAL:  configuration file "${file}" contains errors`;
    expect([status, stderr]).toEqual([
      1,
      `error: Postgres did not start on port ${platform.port}: ${why} (${log})\n`,
    ]);
    expect(startedEmulator(platform.places)).toBeUndefined();
    expect(await platform.succeed("status")).toMatch(/^Postgres: stopped\nAWS emulator: stopped\n/);
    expect(await platform.succeed("up")).toMatch(/^prod: no changes/m);
  });

  test("on a port that cannot be had stops nothing of what works", async () => {
    const other = await listening(await freePort(0));
    const address = other.address();
    const taken = typeof address === "object" ? address?.port : 0;
    const { emulatorPort } = lastServers(platform.places);
    for (const [port, message] of [
      [
        taken,
        `port ${taken} on localhost is in use by another program \\(an SSH tunnel, perhaps\\), which is left alone`,
      ],
      [
        emulatorPort,
        `port ${emulatorPort} is this platform's AWS emulator's: choose another one with --port`,
      ],
      [80, "port 80 is not for the user that Postgres runs as: choose one from \\d+ on with --port"],
    ] as const) {
      const { status, stderr } = await platform.run(["up", "--port", String(port)]);
      expect([status, stderr]).toEqual([1, expect.stringMatching(new RegExp(`^error: ${message}`))]);
      expect(await runningPostgres(platform.places)).toBe(platform.port);
    }
    other.close();
    expect(lastServers(platform.places).postgresPort).toBe(platform.port);
    const { status, stderr } = await platform.run([
      "up",
      "--stack",
      "dev",
      "--port",
      String(await freePort(0)),
    ]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`away from ${platform.port}, where the URLs of prod lead, too`),
    ]);
  });

  test("on a port that is lost meanwhile goes back to where the server ran", async () => {
    const port = await freePort(0);
    const { stdout } = await runScript(
      resolve(__dirname, "lost-port.ts"),
      [platform.places.dir, String(port)],
      {},
    );
    expect(stdout).toMatch(
      new RegExp(`^Postgres did not start on port ${port}: .*\\. It runs on port ${platform.port} again\n$`),
    );
    expect(await runningPostgres(platform.places)).toBe(platform.port);
  });

  test("finds its way where its files are damaged", async () => {
    const { serversFile, platformFile, emulatorFile } = platform.places;
    for (const text of ["{", "{}", "null", '{"postgresPort":"6543"}']) {
      writeFileSync(serversFile, text);
      // Postgres's own files say it, too.
      expect(lastServers(platform.places).postgresPort).toBe(platform.port);
    }
    writeFileSync(platformFile, "[");
    const emulator = readFileSync(emulatorFile, "utf8");
    for (const text of ["{", "{}", "null", '{"pid":"1"}']) {
      writeFileSync(emulatorFile, text);
      expect(startedEmulator(platform.places)).toBeUndefined();
    }
    writeFileSync(emulatorFile, emulator);
    const said = await platform.succeed("up");
    expect(said).toMatch(/^prod: no changes[\s\S]*^dev: no changes/m);
    const typed = `npm run -s local -- url person_anna prod --dir ${platform.places.dir} --config-dir ${platform.dir}`;
    expect(said.replace(/ \\\n +/g, " ")).toContain(`
person or tool  environment  login        reads
--------------  -----------  -----------  --------
person_anna     prod         person_anna  wms_prod

A URL of theirs, for psql:
  ${typed}
`);
    expect(JSON.parse(readFileSync(platform.places.platformFile, "utf8"))).toMatchObject({
      postgres: { port: platform.port },
    });
  });
});

test("another user reads whose platform it is, and not that it is stopped and empty", async () => {
  const { stateDir } = platform.places;
  const isRoot = process.getuid?.() === 0;
  // What root may not do, nobody can be made to try but another user.
  const user = isRoot ? { uid: 65534, gid: 65534 } : {};
  if (!isRoot) chmodSync(stateDir, 0);
  const env = { PATH: process.env.PATH, NODE_NO_WARNINGS: "1" };
  try {
    for (const args of [
      ["up"],
      ["preview"],
      ["status"],
      ["url", "wms", "dev"],
      ["unprotect", "wms", "prod"],
      ["down"],
      ["destroy"],
    ]) {
      const child = spawn(process.execPath, platform.command(args), {
        ...user,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const { status, stderr } = await endOf(child);
      expect([args, status, stderr]).toEqual([
        args,
        1,
        `error: ${stateDir} may not be read (EACCES): the platform is ${userInfo().username}'s. Work as that user, or ` +
          "have one of your own with --dir and --port\n",
      ]);
    }
  } finally {
    chmodSync(stateDir, 0o700);
  }
});

describe("who holds a lock is named after seconds", () => {
  const held = (pid: unknown, login: string, table: string) =>
    new RegExp(
      `another session holds a lock: pid ${pid} \\(${login}, application "api of it", since [^)]+\\) on ${table}\\. ` +
        "Stop the program that it is of, and run this again",
    );

  /** That it waits is said before it gives up, and in lines that fit. */
  const said = (pid: unknown, login: string) =>
    new RegExp(
      `^waits, at most 10 s, for a lock of pid ${pid} \\(${login}, application "api of it", since `.replaceAll(
        " ",
        "\\s+",
      ),
      "m",
    );

  test("by an up that grants", async () => {
    const { client, pid } = await busy(
      "wms",
      "dev",
      "CREATE TABLE kept (id int)",
      "BEGIN",
      "ALTER TABLE kept ADD more int",
    );
    platform.configure("dev", { apps: { auth: {}, wms: { reader: true } } });
    const { status, stdout, stderr } = await platform.run(["up", "--stack", "dev"]);
    expect([status, stderr, stdout]).toEqual([
      1,
      expect.stringMatching(held(pid, "portal_wms_dev", "wms_dev\\.kept")),
      expect.stringMatching(said(pid, "portal_wms_dev")),
    ]);
    await client.query("ROLLBACK");
    expect(await platform.succeed("up", "--stack", "dev")).toMatch(/^dev: \+ \d+ created/m);
  });

  test("by an up that changes a login whose own password is being changed", async () => {
    const { client, pid } = await busy(
      "wms",
      "dev",
      "BEGIN",
      "SET LOCAL ROLE NONE",
      "ALTER ROLE portal_wms_dev PASSWORD 'x'",
    );
    platform.configure("dev", { apps: { auth: {}, wms: { reader: true, connectionLimit: 12 } } });
    const { status, stderr } = await platform.run(["up", "--stack", "dev"]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(new RegExp(`holds a lock: pid ${pid} \\(portal_wms_dev, `)),
    ]);
    await client.end();
    expect(await platform.succeed("up", "--stack", "dev")).toMatch(/^dev: ~ 1 updated/m);
  });

  test("by an up that takes an app out, and by a destroy, which the next run ends", async () => {
    const { client, pid } = await busy("wms", "dev", "BEGIN", "LOCK TABLE kept IN ACCESS SHARE MODE");
    platform.configure("dev", { apps: { auth: {} } });
    for (const args of [
      ["up", "--stack", "dev"],
      ["destroy", "--stack", "dev", "--yes"],
    ]) {
      const { status, stdout, stderr } = await platform.run(args);
      expect([status, stderr, stdout]).toEqual([
        1,
        expect.stringMatching(held(pid, "a login that is gone", "wms_dev\\.kept")),
        expect.stringMatching(said(pid, "a login that is gone")),
      ]);
    }
    await client.end();
    await platform.succeed("destroy", "--stack", "dev", "--yes");
    const logins = readFileSync(platform.places.passFile, "utf8").split("\n");
    expect(logins.map((line) => line.split(":")[3])).toEqual([
      ...["portal_auth", "portal_wms", "person_anna"],
      undefined,
    ]);
  });
});

describe("destroy", () => {
  test("asks, by the stack's name or a word, and without a terminal says what to type", async () => {
    const unasked = await platform.run(["destroy"]);
    expect({ status: unasked.status, stderr: unasked.stderr }).toEqual({
      status: 1,
      stderr: "error: it asks before it goes on: run it in a terminal, or add --yes\n",
    });
    for (const [args, answer] of [
      [["destroy"], "yes"],
      [["destroy"], "prod"],
      [["destroy", "--stack", "prod"], "y"],
    ] as const) {
      const { status, stdout } = await platform.answer(args, answer);
      expect([status, stdout]).toEqual([1, expect.stringContaining("Nothing was changed")]);
    }
    const ended = await platform.answer(["destroy"], "\x03");
    expect([ended.status, ended.stdout]).toEqual([
      1,
      expect.stringContaining("error: ended by SIGINT; nothing was changed"),
    ]);
    expect(await platform.succeed("status")).toMatch(/^prod +\d+$/m);
    expect(await platform.succeed("destroy", "--stack", "pr-42")).toBe(
      "pr-42 is not deployed; deployed are prod\n",
    );
    const both = await platform.run(["destroy", "--stack", "prod", "--all"]);
    expect([both.status, both.stderr]).toEqual([
      64,
      expect.stringContaining("--all removes the tools of all stacks"),
    ]);
  });

  test("ends a platform whose state is damaged, which every other command names", async () => {
    const file = resolve(platform.places.stateDir, "prod.json");
    writeFileSync(file, '{"resources": {}}');
    for (const args of [["up"], ["status"], ["preview"], ["unprotect", "wms", "prod", "--yes"]]) {
      const { status, stderr } = await platform.run(args);
      expect([status, stderr]).toEqual([
        1,
        `error: ${file} is damaged: restore it, or start again (npm run local -- destroy, then up)\n`,
      ]);
    }
    const { status, stdout } = await platform.answer(["destroy"], "destroy");
    expect([status, stdout]).toEqual([0, expect.stringContaining("Nothing is left")]);
    expect(await platform.succeed("destroy")).toBe(`There is no platform in ${platform.places.dir}\n`);
  });
});
