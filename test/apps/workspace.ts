import { spawn } from "node:child_process";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { resolve } from "node:path";
import type { Ended, TestPlatform } from "../local/platform";

const CHECKOUT = resolve(__dirname, "../..");

/** The apps, as the strategy names them. */
export const APPS = ["auth", "wms", "xplan", "website"] as const;

/** One of {@link APPS}. */
export type App = (typeof APPS)[number];

/** How a step of an app's process ended: the lines that it printed, read. */
export interface AppEnded extends Ended {
  readonly results: readonly unknown[];
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
    for (const ended of await Promise.all(APPS.map((app) => workspace.run(app, {}, "generate"))))
      if (ended.status !== 0) throw new Error(ended.stderr);
    return workspace;
  }

  /** Path of something in an app's folder. */
  path(app: App, ...parts: readonly string[]): string {
    return resolve(this.dir, app, ...parts);
  }

  /** An environment's task: it knows the name of its secret and where AWS is. */
  task(app: App, environment: string, ...steps: readonly string[]): Promise<AppEnded> {
    return this.run(app, { ...this.aws(), DATABASE_SECRET: `portal-db/${environment}/${app}` }, ...steps);
  }

  /** A process that is given its URL and nothing else. */
  withUrl(app: App, url: string, ...steps: readonly string[]): Promise<AppEnded> {
    return this.run(app, { DATABASE_URL: url }, ...steps);
  }

  /** Runs an app's process with these variables alone. */
  run(app: App, env: Readonly<Record<string, string>>, ...steps: readonly string[]): Promise<AppEnded> {
    const { PATH = "", HOME = "" } = process.env;
    // The AWS SDK warns of Node versions to come.
    const base = { PATH, HOME, NODE_NO_WARNINGS: "1" };
    return endOf(
      spawn(
        process.execPath,
        ["--import", resolve(CHECKOUT, "node_modules/tsx/dist/loader.mjs"), "../prisma/main.ts", ...steps],
        { cwd: this.path(app), env: { ...base, ...env }, stdio: ["ignore", "pipe", "pipe"] },
      ),
    );
  }

  /** Type-checks the apps' programs against the clients that were made for them. */
  typeCheck(): Promise<AppEnded> {
    const tsc = resolve(CHECKOUT, "node_modules/typescript/bin/tsc");
    const child = spawn(process.execPath, [tsc, "--noEmit", "-p", "."], {
      cwd: this.dir,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return endOf(child);
  }

  private aws(): Record<string, string> {
    const { aws } = JSON.parse(readFileSync(this.platform.places.platformFile, "utf8")) as {
      aws: { endpoint: string; region: string };
    };
    return {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
  }
}

function endOf(child: ReturnType<typeof spawn>): Promise<AppEnded> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((done) =>
    child.once("close", (status) => {
      const lines = stdout.split("\n").filter((line) => line !== "");
      const results = status === 0 ? lines.map((line) => JSON.parse(line) as unknown) : [];
      done({ status, stdout, stderr, results });
    }),
  );
}
