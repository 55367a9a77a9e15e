import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { Client } from "pg";
import { parse, stringify } from "yaml";
import { namesOf } from "../../infra/names";
import { readDeployedApp } from "../../local/app-secrets";
import { type Places, placesOf } from "../../local/places";
import type { ServerRecord } from "../../local/platform";
import { AwsClients } from "../../local/providers/aws/clients";
import { runningEmulator } from "../../local/servers/aws-emulator";
import { readJson } from "../../local/servers/json-file";
import { freePort } from "../../local/servers/ports";
import { connectSuperuser } from "../../local/servers/postgres";
import { dataDirOf } from "../../local/servers/postgres-cluster";
import { beganAt, isAlive, isMark, type ProcessMark, programOf, until } from "../../local/servers/processes";
import { answered, CHECKOUT, type Ended, endOf, RUN_TYPESCRIPT, runScript } from "./process";
import { query } from "./query";

const GONE_MS = 15_000;

/** A step of `preview --json`. */
export interface PlannedStep {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly diff?: readonly string[];
}

/** A stack file's settings, by name without the project. */
type Settings = Record<string, unknown>;

/** A platform with its own folder, config files and port, so that tests run beside any other. */
export class TestPlatform {
  /** Everything that every command printed, to look for secrets in. */
  printed = "";
  private readonly children = new Set<ChildProcess>();

  private constructor(
    readonly dir: string,
    readonly port: number,
    readonly places: Places,
  ) {}

  /** Makes the folders; starts nothing. The Python tools are the checkout's, so that they are installed once. */
  static async make(): Promise<TestPlatform> {
    const dir = mkdtempSync(resolve(tmpdir(), "portal-db-test-"));
    // Postgres may run as another user than the tests.
    chmodSync(dir, 0o755);
    const platform = new TestPlatform(dir, await freePort(0), placesOf(resolve(dir, "data"), dir));
    for (const stack of ["prod", "dev"]) {
      const text = readFileSync(resolve(CHECKOUT, `Pulumi.${stack}.yaml`), "utf8");
      writeFileSync(platform.file(stack), text);
      platform.configure(stack, { apps: { auth: {}, wms: {} } });
    }
    return platform;
  }

  /** Path of a stack's file. */
  file(stack: string): string {
    return resolve(this.dir, `Pulumi.${stack}.yaml`);
  }

  /** A setting in a stack's file. */
  setting(stack: string, name: string): unknown {
    const { config } = parse(readFileSync(this.file(stack), "utf8")) as { config: Settings };
    return config[`portal-db:${name}`];
  }

  /** Changes settings in a stack's file; undefined takes one out. */
  configure(stack: string, settings: Settings): void {
    const content = parse(readFileSync(this.file(stack), "utf8")) as { config: Settings };
    for (const [name, value] of Object.entries(settings)) content.config[`portal-db:${name}`] = value;
    writeFileSync(this.file(stack), stringify(content));
  }

  /** What Node is told to run a command here; its own options come last, so that they hold. */
  command([verb = "", ...args]: readonly string[]): string[] {
    const where = ["--dir", resolve(this.dir, "data"), "--config-dir", this.dir, "--port", String(this.port)];
    return [...RUN_TYPESCRIPT, resolve(CHECKOUT, "local/main.ts"), verb, ...where, ...args];
  }

  /** Runs a command in a terminal, and answers its question. */
  answer(args: readonly string[], answer: string): Promise<Ended> {
    return answered([process.execPath, ...this.command(args)], answer);
  }

  /** Starts a command. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
    const child = spawn(process.execPath, this.command(args), {
      cwd: this.dir,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.children.add(child);
    child.once("exit", () => this.children.delete(child));
    return child;
  }

  /** Starts Postgres alone, without a database or a role. */
  async startPostgres(): Promise<void> {
    await this.startServers("postgres", {});
  }

  /** Starts both servers with the master user and the database, as RDS makes them, and deploys nothing. */
  async startRds(masterPassword: string): Promise<ServerRecord> {
    return JSON.parse(await this.startServers("rds", { MASTER_PASSWORD: masterPassword })) as ServerRecord;
  }

  private async startServers(
    what: "postgres" | "rds",
    env: Readonly<Record<string, string>>,
  ): Promise<string> {
    const args = [what, this.places.dir, String(this.port)];
    const { PORTAL_DB_TOOLS } = process.env;
    const ended = await runScript(resolve(__dirname, "servers.ts"), args, { PORTAL_DB_TOOLS, ...env });
    if (ended.status !== 0) throw new Error(`the servers did not start: ${ended.stderr}`);
    return ended.stdout;
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
    return this.ended(this.start(args, env));
  }

  /** Runs a command that must succeed. @returns what it printed */
  async succeed(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(args);
    if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}:\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Waits for a command's end. */
  async ended(child: ChildProcess): Promise<Ended> {
    const ended = await endOf(child);
    if (!child.spawnargs.includes("url")) this.printed += ended.stdout + ended.stderr;
    return ended;
  }

  /** The plan, without what stays as it is. */
  async plan(): Promise<readonly PlannedStep[]> {
    const document = JSON.parse(await this.succeed("preview", "--json")) as { steps: readonly PlannedStep[] };
    return document.steps.filter(({ op }) => op !== "same");
  }

  /** An app's URL, read as the command `url` reads it, without a process of its own. */
  async url(app: string, environment: string): Promise<string> {
    const emulator = runningEmulator(this.places);
    if (emulator === undefined) throw new Error("the AWS emulator does not run");
    const { url } = await readDeployedApp(new AwsClients(emulator.port), namesOf(app, environment).secret);
    return url;
  }

  /** Runs SQL as an app. */
  async asApp(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
    return query(new Client({ connectionString: url }), sql);
  }

  /** Runs SQL in the database as the cluster's superuser. */
  async asSuperuser(sql: string, database = "portal_db"): Promise<readonly Record<string, unknown>[]> {
    return query(await connectSuperuser(this.places, this.port, database), sql, true);
  }

  /**
   * Ends every process of the platform and deletes its folders. What a stack deployed is deployed away by the tests of
   * `destroy` alone: it would take seconds of each suite.
   */
  async remove(): Promise<void> {
    for (const child of this.children) child.kill("SIGKILL");
    await killServers(this.places);
    for (const folder of [this.places.serverHome, this.dir]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends a platform's servers as a crash would, without a word to their data, and waits until they are gone. */
async function killServers(places: Places): Promise<void> {
  const emulator = readJson<ProcessMark>(places.emulatorFile, isMark);
  if (emulator !== undefined && isAlive(emulator)) process.kill(emulator.pid, "SIGKILL");
  const pidFile = resolve(dataDirOf(places), "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  if (!programOf(pid).startsWith("postgres")) return;
  // Its own immediate shutdown: a SIGKILL would leave its shared memory behind.
  process.kill(pid, "SIGQUIT");
  if ((await until(GONE_MS, () => beganAt(pid) === undefined || undefined)) === undefined)
    throw new Error(`Postgres (pid ${pid}) does not end`);
}
