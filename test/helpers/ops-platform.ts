import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { Client } from "pg";
import { runLine } from "../../cli/main";
import { OPS } from "../../ops/commands";
import { TestPlatform } from "./platform";
import { printedBy, tooWide, unfolded } from "./printed";
import { answered, CHECKOUT, type Ended, RUN_TYPESCRIPT, unwrapped } from "./process";

/** What Node is told to run `npm run ops`; the arguments follow. */
export const OPS_COMMAND = [...RUN_TYPESCRIPT, resolve(CHECKOUT, "ops/main.ts")];

/** Runs a command line of `npm run ops` in this process. */
export function runVerb(args: readonly string[]): Promise<Ended> {
  return printedBy(() => runLine(OPS, args));
}

/** Starts the command itself; `env` adds to this process's. */
export function startOps(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  stdin: "ignore" | "pipe" = "ignore",
): ChildProcess {
  return spawn(process.execPath, [...OPS_COMMAND, ...args], {
    env: { ...process.env, ...env },
    stdio: [stdin, "pipe", "pipe"],
  });
}

/** Runs the command in a terminal of its own and answers its question. */
export function answerOps(args: readonly string[], answer: string): Promise<Ended> {
  // In a terminal both streams are one.
  return answered([process.execPath, ...OPS_COMMAND, ...args], answer).then((ended) => ({
    ...ended,
    stdout: unwrapped(ended.stdout),
  }));
}

/** Commands whose lines are sentences and lists alone. */
const FOLDING = ["reset", "purge", "snapshot", "restore", "repair"];

/** A platform with the apps auth and wms, and the commands on it. */
export class OpsPlatform {
  private readonly clients: Client[] = [];

  private constructor(readonly platform: TestPlatform) {}

  /** Deploys prod and dev. */
  static async make(): Promise<OpsPlatform> {
    const made = new OpsPlatform(await TestPlatform.make());
    made.platform.configure("dev", { apps: { auth: {}, wms: { reader: true } }, environments: ["dev"] });
    await made.platform.succeed("up");
    return made;
  }

  /** Deletes everything. A session that a failed test left open would hold its locks against it for ever. */
  async remove(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end().catch(() => {})));
    await this.platform.remove();
  }

  /** Options that lead to this platform. */
  get where(): string[] {
    return ["--platform", this.platform.places.platformFile, "--config-dir", this.platform.dir];
  }

  /** Runs a verb on this platform. What it prints fits a terminal, and is given as it was worded. */
  async run(...args: readonly string[]): Promise<Ended> {
    const ended = await runVerb([...args, ...this.where]);
    if (!FOLDING.includes(args[0] ?? "")) return ended;
    expect(tooWide(ended.stdout)).toEqual([]);
    return { ...ended, stdout: unfolded(ended.stdout), stderr: unfolded(ended.stderr) };
  }

  /** An app's own connection. */
  async connect(app: string, environment: string, applicationName = "test"): Promise<Client> {
    const { stdout } = await this.run("env", app, environment);
    const connectionString = /^DATABASE_URL="(.*)"$/.exec(stdout)?.[1];
    const client = new Client({ connectionString, application_name: applicationName });
    client.on("error", () => {});
    await client.connect();
    this.clients.push(client);
    return client;
  }

  /** Rows of one query as an app. */
  async query(app: string, environment: string, sql: string): Promise<readonly Record<string, unknown>[]> {
    const client = await this.connect(app, environment);
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }
}
