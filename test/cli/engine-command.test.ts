import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CHECKOUT, runScript } from "../helpers/process";

const MAIN = resolve(CHECKOUT, "test/official/main.ts");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-path-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `npm run test:engine` with one folder as PATH; no suite is started, their files are listed. */
function run(path = folder) {
  const env = {
    PATH: path,
    PORTAL_DB_ENGINE_CACHE: join(folder, "cache"),
    PULUMI_HOME: join(folder, "home"),
  };
  return runScript(MAIN, ["--listTests"], env);
}

function command(name: string, script: string, place = folder): string {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(place, name), 0o755);
  return join(place, name);
}

test("without an engine and without Go it says so in a sentence, and fails", async () => {
  expect(await run()).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "error: neither the Pulumi CLI nor Go is on PATH: install one of them, this command runs the official engine\n",
  });
});

test("npm's package of that name is no engine", async () => {
  const place = join(folder, "node_modules", ".bin");
  command("pulumi", "echo v1.0.0", place);
  expect((await run(place)).stderr).toMatch(/^error: neither the Pulumi CLI nor Go is on PATH/);
});

test("a build that fails says what Go said, and leaves nothing half-built", async () => {
  command("go", "echo 'no network' >&2; exit 1");
  const { status, stderr } = await run();
  expect(status).toBe(1);
  expect(stderr).toMatch(/\nerror: the Pulumi CLI v\S+ could not be built: .*no network\n$/);
  expect(readdirSync(join(folder, "cache"))).toEqual([]);
});

test("it says which plugins are official, on PATH or installed, and which are stand-ins", async () => {
  const cli = command("pulumi", "echo v9.9.9");
  const host = command("pulumi-language-nodejs", "");
  const { version } = require("@pulumi/random/package.json") as { version: string };
  const installed = join(folder, "home", "plugins", `resource-random-v${version}`);
  const random = command("pulumi-resource-random", "", installed);
  const { status, stdout } = await run();
  expect(status).toBe(0);
  expect(stdout.split("\n").slice(0, 3)).toEqual([
    `engine: the official Pulumi CLI v9.9.9 (${cli})`,
    `official plugins: pulumi-language-nodejs (${host}), pulumi-resource-random (${random})`,
    "stand-ins of this project: pulumi-resource-aws, pulumi-resource-postgresql",
  ]);
  expect(stdout).toContain(resolve(CHECKOUT, "test/official/deploy.test.ts"));
  expect(stdout).not.toContain("not run:");
});

test("without the official language host it says that the policy pack is not run", async () => {
  command("pulumi", "echo v9.9.9");
  expect((await run()).stdout).toContain(
    "\nnot run: the policy pack, which the official language host starts\n",
  );
});
