import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { resolve } from "node:path";
import { TestPlatform } from "../helpers/platform";

let platform: TestPlatform;

beforeAll(async () => {
  platform = await TestPlatform.make();
});

afterAll(() => platform.remove());

const listening = (port: number): Promise<Server> =>
  new Promise((done) => {
    const server = createServer((socket) => socket.destroy());
    server.listen(port, "127.0.0.1", () => done(server));
  });

/** One line, no trace, nothing started. */
async function refused(args: readonly string[], status: number, message: RegExp, env?: NodeJS.ProcessEnv) {
  const ended = await platform.run(args, env);
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).toMatch(/^error: .*\n$/);
  expect(ended.status).toBe(status);
  expect(existsSync(platform.places.platformFile)).toBe(false);
  expect(existsSync(platform.places.clusterDir)).toBe(false);
}

test.each([
  [["upp"], /unknown command "upp": use one of up, preview, .*; see npm run local -- --help$/m],
  [["up", "--bogus"], /Unknown option '--bogus'; see npm run local -- up --help$/m],
  [["up", "extra"], /error: it takes options alone; see npm run local -- up --help$/m],
  [["url", "wms"], /usage: url <app> <environment>/],
  [["up", "--stack", "../x"], /bad stack name/],
])("%j is a wrong command line: status 64", async (args, message) => {
  await refused(args, 64, message);
});

test("a port that someone else listens on is named, and left alone", async () => {
  const server = await listening(platform.port);
  try {
    await refused(
      ["up"],
      1,
      new RegExp(`port ${platform.port} on localhost is in use by another program.*--port`),
    );
  } finally {
    server.close();
  }
});

test("without Python 3 it says what to install, before Postgres is started", async () => {
  const bin = mkdtempSync(resolve(platform.dir, "bin-"));
  symlinkSync(process.execPath, resolve(bin, "node"));
  symlinkSync("/usr/bin/id", resolve(bin, "id"));
  const tools = resolve(platform.dir, "no-tools");
  const env = { ...process.env, PATH: bin };
  await refused(["up", "--tools-dir", tools], 1, /python3 was not found: install Python 3/, env);
});

test("a Python without venv is a clear error", async () => {
  const bin = mkdtempSync(resolve(platform.dir, "bin-"));
  writeFileSync(resolve(bin, "python3"), "#!/bin/sh\necho 'No module named venv' >&2\nexit 1\n", {
    mode: 0o755,
  });
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  const tools = resolve(platform.dir, "no-tools");
  await refused(["up", "--tools-dir", tools], 1, /install its venv module.*No module named venv/, env);
});

describe("a stack's file", () => {
  const original = () => readFileSync(platform.file("dev"), "utf8");
  let kept: string;
  beforeEach(() => {
    kept = original();
  });
  afterEach(() => writeFileSync(platform.file("dev"), kept));

  test.each([
    ["that is no YAML", "config:\n  a: [1\n", /Pulumi\.dev\.yaml is not valid YAML: .*line \d/],
    [
      "with a key twice",
      "config:\n  a: 1\n  a: 2\n",
      /Pulumi\.dev\.yaml is not valid YAML: Map keys must be unique/,
    ],
    ["without a map of settings", "config: yes\n", /Pulumi\.dev\.yaml needs a map "config:"/],
    ["that is a list", "- a\n", /Pulumi\.dev\.yaml needs a map "config:"/],
  ])("%s is refused before anything starts", async (_what, text, message) => {
    writeFileSync(platform.file("dev"), text);
    await refused(["up"], 1, message);
    await refused(["preview"], 1, message);
  });

  test("that does not exist is named", async () => {
    for (const [stack, how] of [
      ["pr-42", "write it, as Pulumi.dev.yaml is written, or choose another --stack"],
      ["dev", "write it, or choose another --stack"],
    ] as const) {
      rmSync(platform.file(stack), { force: true });
      const { status, stderr } = await platform.run(["up", "--stack", stack]);
      expect([status, stderr]).toEqual([1, `error: ${platform.file(stack)} does not exist: ${how}\n`]);
    }
  });

  test("that is a folder is no crash", async () => {
    mkdirSync(platform.file("pr-43"));
    await refused(
      ["preview", "--stack", "pr-43"],
      1,
      /Pulumi\.pr-43\.yaml is a folder: put the stack's file there/,
    );
  });
});

test("the programs' own config errors are one message without a trace", async () => {
  const kept = readFileSync(platform.file("dev"), "utf8");
  platform.configure("dev", { apps: { Wms: {}, "wms-x": {} }, bogus: "1" });
  const { status, stderr } = await platform.run(["preview", "--stack", "dev"]);
  writeFileSync(platform.file("dev"), kept);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error: /);
  expect(stderr).toMatch(/Wms/);
  expect(stderr).toMatch(/wms-x/);
  expect(stderr).toMatch(/bogus/);
  expect(stderr).not.toMatch(/^ +at /m);
});

test.each(["up", "preview"])("%s of several stacks names the problems of all of them", async (verb) => {
  const files = ["prod", "dev"].map((stack) => [
    platform.file(stack),
    readFileSync(platform.file(stack), "utf8"),
  ]);
  platform.configure("prod", { oops: "1" });
  platform.configure("dev", { bogus: "1" });
  const { status, stderr } = await platform.run([verb]);
  for (const [file = "", text = ""] of files) writeFileSync(file, text);
  expect([status, stderr.match(/stack \w+ has a problem|portal-db:\w+: unknown/g)]).toEqual([
    1,
    [
      "stack prod has a problem",
      "portal-db:oops: unknown",
      "stack dev has a problem",
      "portal-db:bogus: unknown",
    ],
  ]);
});

test("preview of a first deployment is all create, and touches nothing", async () => {
  rmSync(platform.places.dir, { recursive: true, force: true });
  const plan = await platform.plan();
  expect(plan.length).toBeGreaterThan(60);
  expect(new Set(plan.map(({ op }) => op))).toEqual(new Set(["create"]));
  expect(existsSync(platform.places.dir)).toBe(false);
});

test("url, status and down of a platform that does not run say so", async () => {
  await refused(["url", "wms", "dev"], 1, /the platform does not run: start it with npm run local/);
  expect(await platform.succeed("status")).toMatch(
    /Postgres: stopped\nAWS emulator: stopped\nNothing is deployed/,
  );
  await platform.succeed("down");
  await platform.succeed("destroy");
});
