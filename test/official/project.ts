import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse, stringify } from "yaml";
import { endpointOf } from "../../local/servers/aws-emulator";
import { TestPlatform } from "../helpers/platform";
import { CHECKOUT, type Ended, endOf } from "../helpers/process";
import { PLATFORM_VARIABLE } from "./plugins/servers-of-run";
import { toolsOfRun } from "./tools";

/** What the programs and the policy pack consist of. */
const PROGRAM = ["access", "infra", "stacks", "policy", "package.json", "tsconfig.json", "Pulumi.yaml"];
/** Services that the official AWS provider asks the emulator for. */
const SERVICES = ["cloudwatch", "ec2", "iam", "kms", "rds", "secretsmanager", "sns", "sts"];
/** The emulator takes any, and the SDK of each command wants some. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_REGION: "us-east-1" };

type Settings = Record<string, unknown>;

/** How the official AWS provider finds the emulator; the stand-in knows. */
function awsSettings(emulatorPort: number): Settings {
  const endpoints = Object.fromEntries(SERVICES.map((name) => [name, endpointOf(emulatorPort)]));
  const unchecked = ["skipCredentialsValidation", "skipMetadataApiCheck", "skipRequestingAccountId"];
  return {
    "aws:endpoints": [endpoints],
    ...Object.fromEntries(unchecked.map((name) => [`aws:${name}`, "true"])),
  };
}

function setAll(file: string, settings: Settings): void {
  const content = parse(readFileSync(file, "utf8")) as { config: Settings };
  writeFileSync(file, stringify({ ...content, config: { ...content.config, ...settings } }));
}

/** The programs in a platform's folder, beside the stacks' files there, with a backend of their own. */
export class EngineProject {
  /** Password of the instance's master user. */
  readonly masterPassword = randomBytes(16).toString("hex");
  /** Everything that every command printed, to look for secrets in. */
  printed = "";
  /** For the engine, and for a command that calls it: the official CLI comes first on PATH. */
  readonly env: NodeJS.ProcessEnv;
  private readonly children = new Set<ChildProcess>();

  private constructor(readonly platform: TestPlatform) {
    const { folder } = toolsOfRun();
    this.env = {
      ...process.env,
      ...CREDENTIALS,
      PATH: [folder, process.env.PATH].join(delimiter),
      PULUMI_HOME: join(platform.dir, "pulumi-home"),
      PULUMI_BACKEND_URL: `file://${join(platform.dir, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      [PLATFORM_VARIABLE]: platform.places.dir,
      NO_COLOR: "1",
    };
  }

  /** Starts servers with an empty database, as RDS makes it, and makes the stacks prod and dev; deploys nothing. */
  static async make(): Promise<EngineProject> {
    const project = new EngineProject(await TestPlatform.make());
    await project.prepare();
    return project;
  }

  private async prepare(): Promise<void> {
    const { platform } = this;
    const { emulatorPort, network } = await platform.startRds(this.masterPassword);
    for (const name of PROGRAM) cpSync(join(CHECKOUT, name), join(platform.dir, name), { recursive: true });
    symlinkSync(join(CHECKOUT, "node_modules"), join(platform.dir, "node_modules"));
    mkdirSync(join(platform.dir, "backend"));
    const endpoint = `localhost:${platform.port}`;
    const reached = { adminEndpoint: endpoint, appEndpoint: endpoint, sslmode: "disable" };
    platform.configure("prod", { ...reached, ...network, adoptInstance: undefined });
    platform.configure("dev", reached);
    for (const stack of ["prod", "dev"]) {
      setAll(platform.file(stack), awsSettings(emulatorPort));
      await this.succeed("stack", "init", stack);
    }
    await this.setSecret("prod", "portal-db:masterPassword", this.masterPassword);
  }

  /** Makes the stack of an ephemeral environment, with dev's settings and these apps. */
  async addStack(stack: string, apps: object): Promise<void> {
    const { config } = parse(readFileSync(this.platform.file("dev"), "utf8")) as { config: Settings };
    const { "portal-db:environments": _, "portal-db:connectionShare": __, ...shared } = config;
    writeFileSync(this.platform.file(stack), stringify({ config: { ...shared, "portal-db:apps": apps } }));
    await this.succeed("stack", "init", stack);
  }

  /** Sets a secret of a stack's file. */
  async setSecret(stack: string, key: string, value: string): Promise<void> {
    const child = this.start(["config", "set", "--stack", stack, "--secret", "--path", key], "pipe");
    child.stdin?.end(value);
    await this.ended(child, `config set ${key}`);
  }

  /** Starts a command of the engine, so that it can be killed. */
  start(args: readonly string[], stdin: "ignore" | "pipe" = "ignore"): ChildProcess {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.platform.dir,
      env: this.env,
      stdio: [stdin, "pipe", "pipe"],
    });
    this.children.add(child);
    child.once("exit", () => this.children.delete(child));
    return child;
  }

  /** Runs a command of the engine to its end. */
  async run(...args: readonly string[]): Promise<Ended> {
    const ended = await endOf(this.start(args));
    this.printed += ended.stdout + ended.stderr;
    return ended;
  }

  /** Runs a command of the engine that must succeed. @returns what it printed */
  async succeed(...args: readonly string[]): Promise<string> {
    return this.ended(this.start(args), args.join(" "));
  }

  private async ended(child: ChildProcess, what: string): Promise<string> {
    const { status, stdout, stderr } = await endOf(child);
    this.printed += stdout + stderr;
    if (status !== 0) throw new Error(`${what} ended with ${status}:\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Deploys a stack. @returns how many resources were created, updated and so on */
  async up(stack: string, ...flags: readonly string[]): Promise<Counts> {
    return countsIn(await this.succeed("up", "--yes", "--skip-preview", "--stack", stack, ...flags));
  }

  /** Destroys a stack. */
  async destroy(stack: string): Promise<Counts> {
    return countsIn(await this.succeed("destroy", "--yes", "--skip-preview", "--stack", stack));
  }

  /** Reads what is there; finding a difference is a failure. */
  async refreshUnchanged(stack: string): Promise<void> {
    await this.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--stack", stack);
  }

  /** A preview as reviewers get it. */
  previewJson(stack: string, ...flags: readonly string[]): Promise<string> {
    return this.succeed("preview", "--json", "--stack", stack, ...flags);
  }

  /** What a preview changes: `update instance`, by logical name. */
  async changes(stack: string, ...flags: readonly string[]): Promise<string[]> {
    return changesIn(await this.previewJson(stack, ...flags));
  }

  /** Ends what runs, and deletes everything. */
  async remove(): Promise<void> {
    for (const child of this.children) child.kill("SIGKILL");
    await this.platform.remove();
  }
}

/** How many resources each operation concerned, by the engine's own word for it, such as `created`. */
export type Counts = Readonly<Record<string, number>>;

/** The engine's words for operations; a line of their sum is no operation. */
const COUNT = /^\s+(?:\S+ )?(\d+) (created|updated|replaced|deleted|imported|unchanged)$/gm;

function countsIn(printed: string): Counts {
  const [, resources = ""] = printed.split(/^Resources:$/m);
  return Object.fromEntries([...resources.matchAll(COUNT)].map(([, count, word]) => [word, Number(count)]));
}

/** What a preview or a refresh changes, or would, from its JSON. */
export function changesIn(json: string): string[] {
  const { steps = [] } = JSON.parse(json) as { steps?: { op: string; urn: string }[] };
  const isChange = ({ op }: { op: string }) => !["same", "refresh"].includes(op);
  return steps.filter(isChange).map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
}
