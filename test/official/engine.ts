import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { type ConfigMap, LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { CHECKOUT } from "../helpers/process";

const PLUGINS = ["aws", "postgresql", "random"];

/** An executable on PATH. The package `pulumi` does not count: it would download the CLI first. */
function executable(command: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .map((folder) => join(folder, command))
    .find((file) => existsSync(file));
}

const cli = executable("pulumi");

/**
 * Why the official engine cannot be tried here, or undefined when it can: a CLI on PATH, and the plugins
 * installed or installable.
 */
export function missingEngine(): string | undefined {
  if (cli === undefined) return "no pulumi CLI on PATH";
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const installed = spawnSync(cli, ["plugin", "ls", "--json"], { env, encoding: "utf8" }).stdout;
  for (const name of PLUGINS) {
    if (installed.includes(`"${name}"`) || onPath(`pulumi-resource-${name}`)) continue;
    const { version } = require(`@pulumi/${name}/package.json`) as { version: string };
    const install = spawnSync(cli, ["plugin", "install", "resource", name, version], {
      env,
      timeout: 120_000,
    });
    if (install.status !== 0) return `the ${name} plugin is neither installed nor installable`;
  }
  return undefined;
}

function onPath(command: string): boolean {
  return executable(command) !== undefined;
}

/** What an app's secret says. */
export interface SecretValue {
  readonly DATABASE_URL: string;
  readonly username: string;
  readonly schema: string;
}

/** The values of a stack's app secrets, as its state has them. */
export async function appSecrets(stack: Stack): Promise<SecretValue[]> {
  const { deployment } = await exported(stack);
  return deployment.resources
    .filter(({ type, urn }) => type.endsWith(":SecretVersion") && urn.includes("AppSchema"))
    .map(({ inputs }) => JSON.parse(JSON.parse(inputs?.secretString?.plaintext ?? "null")));
}

interface Exported {
  readonly deployment: {
    readonly resources: readonly {
      readonly type: string;
      readonly urn: string;
      readonly inputs?: { readonly secretString?: { readonly plaintext: string } };
    }[];
  };
}

/** A stack's state with its secrets in plain; it never leaves this process. */
async function exported(stack: Stack): Promise<Exported> {
  const { envVars, workDir } = stack.workspace;
  const text = execFileSync(cli ?? "", ["stack", "export", "--show-secrets", "--stack", stack.name], {
    cwd: workDir,
    env: { ...process.env, ...envVars },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(text) as Exported;
}

/** What a preview changes: `update instance`, by logical name. */
export function changes(previewJson: string): string[] {
  const { steps = [] } = JSON.parse(previewJson) as { steps?: { op: string; urn: string }[] };
  return steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
}

/** Runs the review on a preview. */
export function review(previewJson: string) {
  const args = ["--import", "tsx", join(CHECKOUT, "ops/main.ts"), "review", "-"];
  return spawnSync(process.execPath, args, { cwd: CHECKOUT, input: previewJson, encoding: "utf8" });
}

/** The programs in a folder of their own, with a file backend beside them. */
export class OfficialProject {
  private readonly env: Record<string, string>;

  constructor(
    readonly folder: string,
    private readonly apps: object,
  ) {
    for (const name of ["infra", "stacks", "policy", "package.json", "tsconfig.json", "Pulumi.yaml"]) {
      cpSync(join(CHECKOUT, name), join(folder, name), { recursive: true });
    }
    for (const stack of ["prod", "dev"]) {
      const file = `Pulumi.${stack}.yaml`;
      const content = parse(readFileSync(join(CHECKOUT, file), "utf8")) as {
        config: Record<string, unknown>;
      };
      content.config["portal-db:apps"] = this.apps;
      writeFileSync(join(folder, file), stringify(content));
    }
    symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
    mkdirSync(join(folder, "backend"));
    this.env = {
      PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    };
  }

  /** A stack with the committed settings and these over them. */
  async stack(name: string, settings: ConfigMap): Promise<Stack> {
    const args = { stackName: name, workDir: this.folder };
    const root = dirname(dirname(cli ?? ""));
    const pulumiCommand = await PulumiCommand.get({ root, skipVersionCheck: true });
    const stack = await LocalWorkspace.createOrSelectStack(args, { envVars: this.env, pulumiCommand });
    if (name === "prod") await stack.removeConfig("portal-db:adoptInstance");
    await stack.setAllConfig(settings, true);
    return stack;
  }

  /** A preview as reviewers get it: the CLI's JSON. */
  previewJson(stack: string, ...flags: string[]): string {
    return execFileSync(cli ?? "", ["preview", "--stack", stack, "--json", "--non-interactive", ...flags], {
      cwd: this.folder,
      env: { ...process.env, ...this.env },
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
