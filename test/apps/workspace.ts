import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { awsOf, secretsOf } from "../helpers/aws";
import type { TestPlatform } from "../helpers/platform";
import { CHECKOUT, type Ended, endOf, RUN_TYPESCRIPT } from "../helpers/process";

/** The apps, as the strategy names them. */
export const APPS = ["auth", "wms", "xplan", "website"] as const;

/** One of {@link APPS}. */
export type App = (typeof APPS)[number];

/** How a step of an app's process ended: the lines that it printed, read. */
export interface AppEnded extends Ended {
  readonly results: readonly unknown[];
}

/** Waits for the end of an app's process. */
export async function appEndOf(child: ChildProcess): Promise<AppEnded> {
  const ended = await endOf(child);
  const lines = ended.stdout.split("\n").filter((line) => line !== "");
  return { ...ended, results: ended.status === 0 ? lines.map((line) => JSON.parse(line) as unknown) : [] };
}

/** The apps' own checkout, apart from this one: tests change its migrations, and its processes find no setting there. */
export class Workspace {
  private constructor(
    readonly dir: string,
    private readonly platform: TestPlatform,
  ) {}

  /** Copies the apps beside a platform and makes their clients. */
  static async make(platform: TestPlatform): Promise<Workspace> {
    const dir = resolve(platform.dir, "apps");
    for (const folder of [...APPS, "prisma", "tsconfig.json"])
      cpSync(resolve(__dirname, folder), resolve(dir, folder), { recursive: true });
    symlinkSync(resolve(CHECKOUT, "node_modules"), resolve(platform.dir, "node_modules"));
    const workspace = new Workspace(dir, platform);
    const made = await workspace.run("prisma", {}, "generate", ...APPS.map((app) => workspace.path(app)));
    if (made.status !== 0) throw new Error(made.stderr);
    return workspace;
  }

  /** Path of something in an app's folder. */
  path(app: string, ...parts: readonly string[]): string {
    return resolve(this.dir, app, ...parts);
  }

  /** Writes a migration of an app, or takes it out. */
  migration(app: App, name: string, sql: string | undefined): void {
    const folder = this.path(app, "migrations", name);
    rmSync(folder, { recursive: true, force: true });
    if (sql === undefined) return;
    mkdirSync(folder);
    writeFileSync(resolve(folder, "migration.sql"), sql);
  }

  /** An environment's task: it knows the name of its secret and where AWS is. */
  task(app: App, environment: string, ...steps: readonly string[]): Promise<AppEnded> {
    return this.run(app, { ...this.aws(), DATABASE_SECRET: `portal-db/${environment}/${app}` }, ...steps);
  }

  /** A process that is given its URL and nothing else. */
  withUrl(app: string, url: string, ...steps: readonly string[]): Promise<AppEnded> {
    return this.run(app, { DATABASE_URL: url }, ...steps);
  }

  /** Runs an app's process with these variables alone. */
  run(app: string, env: Readonly<Record<string, string>>, ...steps: readonly string[]): Promise<AppEnded> {
    return appEndOf(this.start(app, env, [], steps));
  }

  /**
   * Starts an app's process.
   * @param before a command that runs it, such as a shell script
   */
  start(
    app: string,
    env: Readonly<Record<string, string>>,
    before: readonly string[],
    steps: readonly string[],
  ) {
    const { PATH = "", HOME = "" } = process.env;
    // cli/aws-notice.ts says why, and until when; an app has no such thing.
    const base = { PATH, HOME, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
    const [command = "", ...args] = [
      ...before,
      process.execPath,
      ...RUN_TYPESCRIPT,
      "../prisma/main.ts",
      ...steps,
    ];
    return spawn(command, args, {
      cwd: this.path(app),
      env: { ...base, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Type-checks the apps' programs against the clients that were made for them. */
  typeCheck(): Promise<Ended> {
    const tsc = resolve(CHECKOUT, "node_modules/typescript/bin/tsc");
    const child = spawn(process.execPath, [tsc, "--noEmit", "-p", "."], {
      cwd: this.dir,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return endOf(child);
  }

  /** The URL in an app's secret. */
  async url(app: App, environment: string): Promise<string> {
    const value = JSON.parse(await this.secret(`portal-db/${environment}/${app}`)) as {
      DATABASE_URL?: string;
    };
    return String(value.DATABASE_URL);
  }

  /** What a secret holds. */
  async secret(name: string): Promise<string> {
    const secrets = secretsOf(this.platform);
    const { SecretString } = await secrets.getSecretValue({ SecretId: name });
    secrets.destroy();
    return SecretString ?? "";
  }

  private aws(): Record<string, string> {
    const { endpoint, region } = awsOf(this.platform);
    return {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
  }
}
