import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { until } from "../../local/servers/processes";
import { TestPlatform } from "../helpers/platform";
import { programsAtWork } from "../helpers/process";
import { differences } from "./deployed-platform";

jest.setTimeout(180_000);

let platform: TestPlatform;

beforeAll(async () => {
  platform = await TestPlatform.make();
});

afterAll(() => platform.remove());

/** Waits until a command has come to something. */
async function reached(child: ChildProcess, isThere: () => boolean): Promise<void> {
  const found = await until(60_000, () => isThere() || (child.exitCode === null ? undefined : "ended"));
  if (found !== true) throw new Error(`it ended before, with ${child.exitCode}`);
}

/** What has been recorded of a stack that is being deployed. */
const journalOf = (stack: string): string => {
  const file = resolve(platform.places.stateDir, `${stack}.journal`);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
};

const outputOf = (stack: string) => {
  const text = readFileSync(resolve(platform.places.stateDir, `${stack}.json`), "utf8");
  const { resources } = JSON.parse(text) as { resources: { urn: string; id: string; type: string }[] };
  return resources.map(({ urn, id }) => `${urn} ${id}`).sort();
};

test("runs that are killed midway lose nothing: the next one goes on from there", async () => {
  for (const [stack, moment] of [
    ["prod", "aws:rds/instance:Instance::"],
    ["prod", "postgresql:index/grant:Grant::wms-prod"],
    ["dev", "Role::wms-dev-login"],
  ] as const) {
    const child = platform.start(["up"]);
    const ended = platform.ended(child);
    await reached(child, () => journalOf(stack).includes(moment));
    child.kill("SIGKILL");
    await ended;
    // Its programs have nobody left to answer them.
    expect(await until(20_000, () => programsAtWork(platform.dir).length === 0)).toBe(true);
  }
  const output = await platform.succeed("up");
  expect(output).toMatch(/^prod: no changes/m);
  expect(output).toMatch(/^dev: \+ \d+ created, \d+ unchanged$/m);
  expect(await platform.plan()).toEqual([]);
});

test("a resource that fails is named in one line, what needs it is left alone, and the rest is kept", async () => {
  platform.configure("prod", { extensions: ["nosuch"] });
  const { status, stderr } = await platform.run(["up", "--stack", "prod"]);
  expect(stderr).toMatch(
    /^error: postgresql:index\/extension:Extension \S+nosuch failed: extension "nosuch" is not available\n$/,
  );
  expect(status).toBe(1);
  platform.configure("prod", { extensions: [] });
  expect(await platform.succeed("up", "--stack", "prod")).toMatch(/^prod: no changes/m);
});

test("a second run at a time is refused, and the first one is not disturbed", async () => {
  const first = platform.start(["up"]);
  const ended = platform.ended(first);
  await reached(first, () => existsSync(platform.places.lockFile));
  first.kill("SIGSTOP");
  const second = await platform.run(["up"]);
  first.kill("SIGCONT");
  expect(second.stderr).toMatch(
    new RegExp(`^error: another run is at work on this platform \\(pid ${first.pid}\\): .*\n$`),
  );
  expect(second.status).toBe(1);
  expect((await ended).status).toBe(0);
});

test("when Postgres was killed, the next run starts it again and nothing is lost", async () => {
  const url = await platform.url("wms", "prod");
  await platform.asApp(url, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)");
  const pidFile = resolve(platform.places.clusterDir, "data/postmaster.pid");
  process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), "SIGKILL");
  expect(await platform.succeed("up")).toMatch(/^prod: no changes[\s\S]*^dev: no changes/m);
  expect(await platform.asApp(url, "SELECT id FROM kept")).toEqual([{ id: 7 }]);
});

test("a pid file that names another program by now is no obstacle, and that program is left alone", async () => {
  await platform.succeed("down");
  const data = resolve(platform.places.clusterDir, "data");
  writeFileSync(
    resolve(data, "postmaster.pid"),
    `${process.pid}\n${data}\n1\n${platform.port}\n\nlocalhost\n`,
  );
  expect(await platform.succeed("status")).toContain("Postgres: stopped");
  expect(await platform.succeed("up")).toMatch(/^prod: no changes[\s\S]*^dev: no changes/m);
});

test("when the AWS emulator was killed, everything comes back under the same ARN with the same value", async () => {
  const before = [await platform.url("wms", "prod"), outputOf("prod"), outputOf("dev")];
  const { pid } = JSON.parse(readFileSync(platform.places.emulatorFile, "utf8")) as { pid: number };
  process.kill(pid, "SIGKILL");
  expect(await platform.succeed("up")).toMatch(/^prod: no changes[\s\S]*^dev: no changes/m);
  expect([await platform.url("wms", "prod"), outputOf("prod"), outputOf("dev")]).toEqual(before);
  // Whoever makes a role is a member of it: the deployers' memberships are the server's, and ignored.
  expect(Object.keys(await differences(platform, ["prod", "dev"]))).toEqual([
    "prod postgresql:index/role:Role deployers-admin",
    "prod postgresql:index/role:Role deployers-dev-admin",
  ]);
});

test("down keeps the data; preview of a stopped platform starts nothing; up goes on", async () => {
  const url = await platform.url("wms", "prod");
  await platform.succeed("down");
  expect(await platform.succeed("status")).toMatch(/Postgres: stopped\nAWS emulator: stopped/);
  expect(await platform.plan()).toEqual([]);
  expect(await platform.succeed("status")).toMatch(/Postgres: stopped\nAWS emulator: stopped/);
  expect(await platform.succeed("up")).toMatch(/^prod: no changes[\s\S]*^dev: no changes/m);
  expect(await platform.asApp(url, "SELECT id FROM kept")).toEqual([{ id: 7 }]);
});

test("a bastion comes and goes beside the instance, and no restart of the emulator loses its role", async () => {
  const bastion = { subnetId: "subnet-0a1b2c3d4e5f60711", instanceType: "t4g.nano" };
  platform.configure("prod", { bastion });
  const output = await platform.succeed("up", "--stack", "prod");
  expect(output).toMatch(/^prod: \+ 9 created, \d+ unchanged$/m);
  expect(output.replaceAll("\n  ", " ")).toMatch(/^Only recorded, .*aws:ec2\/instance:Instance/m);
  await platform.succeed("down");
  expect(await platform.succeed("up", "--stack", "prod")).toMatch(/^prod: no changes/m);
  platform.configure("prod", { bastion: undefined });
  expect(await platform.succeed("up", "--stack", "prod")).toMatch(/^prod: - 9 deleted, \d+ unchanged$/m);
});

test("an ephemeral stack comes and goes beside the others", async () => {
  writeFileSync(platform.file("pr-42"), "config:\n  portal-db:apps: { wms: {} }\n");
  expect(await platform.succeed("up", "--stack", "pr-42")).toMatch(/wms +pr_42 +wms_pr_42 +portal_wms_pr_42/);
  await platform.asApp(await platform.url("wms", "pr_42"), "CREATE TABLE trial (id int)");
  await platform.succeed("destroy", "--stack", "pr-42", "--yes");
  expect(await platform.asSuperuser("SELECT rolname FROM pg_roles WHERE rolname ~ 'pr_42'")).toEqual([]);
  expect(await platform.succeed("up")).toMatch(/^prod: no changes[\s\S]*^dev: no changes/m);
});

test("destroy leaves nothing, even where a role made by hand is in the way", async () => {
  await platform.asSuperuser("CREATE ROLE by_hand; GRANT by_hand TO ecomos_admin WITH ADMIN OPTION");
  await platform.asSuperuser("SET ROLE ecomos_admin; CREATE ROLE theirs");
  expect(await platform.succeed("destroy", "--yes")).toContain("Nothing is left");
  expect(existsSync(platform.places.clusterDir)).toBe(false);
  expect(existsSync(platform.places.stateDir)).toBe(false);
});
