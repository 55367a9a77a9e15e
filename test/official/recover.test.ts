import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { DATABASE } from "../../infra/names";
import { lastServers } from "../../local/platform";
import { endpointOf, REGION } from "../../local/servers/aws-emulator";
import { connectSuperuser } from "../../local/servers/postgres";
import { until } from "../../local/servers/processes";
import { startOps } from "../helpers/ops-platform";
import { CHECKOUT, type Ended, endOf, programsAtWork, RUN_TYPESCRIPT } from "../helpers/process";
import { EngineProject } from "./project";

const APPS = { auth: {}, wms: { reader: true }, xplan: { reader: true }, website: {} };
/** How many things the server has more when a deployment is killed: from its first one on. */
const POINTS = [1, 2, 3, 5, 8, 11, 14, 17, 20, 24];

/** Everything that a deployment makes on the server, counted. */
const THINGS = `SELECT ((SELECT count(*) FROM pg_roles) + (SELECT count(*) FROM pg_namespace)
  + (SELECT count(*) FROM pg_extension) + (SELECT count(*) FROM pg_default_acl)
  + (SELECT count(*) FROM pg_namespace, unnest(nspacl)) + (SELECT count(*) FROM pg_database, unnest(datacl)))::int AS things`;

/** Whom a kill ends: the CLI alone, whose plugins go on for a moment, or everything that it started, too. */
const VICTIMS = ["the CLI", "the whole group"] as const;

let project: EngineProject;
let server: Client;

beforeAll(async () => {
  project = await EngineProject.make();
  const { platform } = project;
  for (const stack of ["prod", "dev"])
    platform.configure(stack, {
      apps: APPS,
      connectionShare: 190,
      extensions: stack === "prod" ? ["citext"] : undefined,
    });
  // What the local platform writes when it has deployed: ops find the servers by it.
  const { emulatorPort } = lastServers(platform.places);
  const aws = { endpoint: endpointOf(emulatorPort), region: REGION };
  writeFileSync(
    platform.places.platformFile,
    JSON.stringify({ aws, postgres: { host: "localhost", port: platform.port } }),
  );
  server = await connectSuperuser(platform.places, platform.port, DATABASE);
});

afterAll(async () => {
  await server?.end();
  await project?.remove();
});

const onPlatform = (args: readonly string[]): string[] => {
  const { dir, places } = project.platform;
  return [...args, "--platform", places.platformFile, "--config-dir", dir];
};

async function ops(...args: readonly string[]): Promise<Ended> {
  const ended = await endOf(startOps(onPlatform(args), project.env));
  project.printed += ended.stdout + ended.stderr;
  return ended;
}

const things = async (): Promise<number> =>
  (await server.query<{ things: number }>(THINGS)).rows[0]?.things ?? 0;

/** Waits, in the server, until it has so many things, or for a moment. @returns whether it has them */
async function hasThings(count: number): Promise<boolean> {
  await server.query(`DO $$ BEGIN
    FOR round IN 1..100 LOOP EXIT WHEN (${THINGS}) >= ${count}; PERFORM pg_sleep(0.001); END LOOP;
  END $$`);
  return (await things()) >= count;
}

const locksFolder = (stack: string): string =>
  join(project.platform.dir, "backend/.pulumi/locks/organization/portal-db", stack);

const locks = (stack: string): string[] => {
  const files = readdirSync(locksFolder(stack));
  // Attributes of a lock that is gone are no lock.
  return files.filter((file) => file.endsWith(".json"));
};

/** Starts to deploy a stack, in a process group of its own. */
function deploy(stack: string): ChildProcess {
  const args = ["up", "--yes", "--skip-preview", "--stack", stack, "--non-interactive", "--color", "never"];
  return spawn("pulumi", args, {
    cwd: project.platform.dir,
    env: project.env,
    stdio: "ignore",
    detached: true,
  });
}

/** Kills a deployment once the server has so many things. @returns whether it was still at work then */
async function killedAt(stack: string, count: number, victim: (typeof VICTIMS)[number]): Promise<boolean> {
  const child = deploy(stack);
  const { pid = 0 } = child;
  const ended = endOf(child);
  while (child.exitCode === null && !(await hasThings(count)));
  const isAtWork = child.exitCode === null;
  if (isAtWork) process.kill(victim === "the CLI" ? pid : -pid, "SIGKILL");
  await ended;
  const areGone = () => programsAtWork(project.platform.dir).length === 0;
  expect(await until(20_000, areGone)).toBe(true);
  return isAtWork;
}

/** Kills the recovery itself, with everything that it started, once it has released the lock. */
async function killedRecovery(stack: string): Promise<void> {
  const args = [...RUN_TYPESCRIPT, join(CHECKOUT, "ops/main.ts"), ...onPlatform(["recover", stack, "--yes"])];
  const child = spawn(process.execPath, args, { env: project.env, stdio: "ignore", detached: true });
  const ended = endOf(child);
  const [held] = locks(stack);
  const folder = watch(locksFolder(stack));
  while (child.exitCode === null && locks(stack)[0] === held)
    await Promise.race([once(folder, "change"), ended]);
  folder.close();
  if (child.exitCode === null) process.kill(-(child.pid ?? 0), "SIGKILL");
  await ended;
}

interface State {
  readonly deployment: { readonly pending_operations?: readonly unknown[] };
}

/** Kills a stack's deployment at every point, and mends it each time. @returns what each recovery printed */
async function killedAtEveryPoint(stack: string): Promise<string[]> {
  const printed: string[] = [];
  const before = await things();
  for (const [index, point] of POINTS.entries()) {
    // One that was killed late has made more already.
    const count = Math.max(before + point, (await things()) + 1);
    const isKilled = await killedAt(stack, count, VICTIMS[index % VICTIMS.length] ?? "the CLI");
    expect([stack, point, isKilled, locks(stack)]).toEqual([stack, point, true, [expect.any(String)]]);
    if (index % 3 === 2) await killedRecovery(stack);
    const { status, stdout, stderr } = await ops("recover", stack, "--yes");
    expect({ point, status, stderr }).toEqual({ point, status: 0, stderr: "" });
    // One that was killed may have had only its last word left.
    expect(stdout).toMatch(
      /^(Done\. What comes next: npx pulumi up --stack|stack \w+: no lock, and nothing under way)/m,
    );
    expect(locks(stack)).toEqual([]);
    const { deployment } = JSON.parse(await project.succeed("stack", "export", "--stack", stack)) as State;
    expect(deployment.pending_operations ?? []).toEqual([]);
    printed.push(stdout);
  }
  return printed;
}

test.each(["prod", "dev"])(
  "killed at ten points of an up, %s is mended by one command each time, and deploys as if nothing had been",
  async (stack) => {
    const printed = await killedAtEveryPoint(stack);
    // The trouble was there: roles that only the server knew.
    expect(printed.join("\n")).toMatch(/\(Role\): creating, cut off; \w+ is there, and is taken in/);
    await project.up(stack);
    expect(await project.changes(stack)).toEqual([]);
    await project.refreshUnchanged(stack);
    // Every app logs in with its secret, and the server has what is declared and nothing else.
    expect(await ops("verify", stack)).toMatchObject({ status: 0, stderr: "" });
    const again = await ops("recover", stack, "--yes");
    expect(again).toEqual({
      status: 0,
      stdout: `stack ${stack}: no lock, and nothing under way\n`,
      stderr: "",
    });
  },
);

test("while a deployment is at work, nothing is released or changed, whatever is said of it", async () => {
  project.platform.configure("dev", { apps: { ...APPS, late: {} } });
  const before = await things();
  const child = deploy("dev");
  const ended = endOf(child);
  while (child.exitCode === null && !(await hasThings(before + 1)));
  child.kill("SIGSTOP");
  const held = locks("dev");
  for (const flags of [[], ["--holder-is-gone"]]) {
    const { status, stderr } = await ops("recover", "dev", "--yes", ...flags);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(
        new RegExp(`^error: a deployment is at work \\(.*, pid ${child.pid}, since `),
      ),
    });
  }
  expect(locks("dev")).toEqual(held);
  child.kill("SIGCONT");
  expect((await ended).status).toBe(0);
  expect(await project.changes("dev")).toEqual([]);
});

test("nothing that was printed has a password in it", async () => {
  expect(project.printed).not.toContain(project.masterPassword);
  expect(project.printed).not.toContain("SCRAM-SHA-256$");
  expect(project.printed).not.toMatch(/postgresql:\/\/\w+:\w+@/);
});
