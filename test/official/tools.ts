import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type EngineCli, findCli, onPath } from "./cli";

const PROVIDERS = ["aws", "postgresql", "random"];
const HOST = "pulumi-language-nodejs";
/** How a stand-in's TypeScript is run: the engine starts each plugin anew for every command. */
const COMPILED = resolve(__dirname, "../helpers/compiled.cjs");
/** Hands what was found to the suite, which runs in processes of its own. */
const TOOLS_VARIABLE = "PORTAL_DB_ENGINE_TOOLS";

/** What the suite runs on. */
export interface EngineTools {
  readonly cli: EngineCli;
  /** Holds the CLI, and whatever is not on PATH. */
  readonly folder: string;
  /** Official plugins that were found, by their commands. */
  readonly official: Readonly<Record<string, string>>;
  /** Commands of the stand-ins for the others. */
  readonly standIns: readonly string[];
}

/**
 * Finds the engine and its plugins, puts a stand-in where there is no official plugin, and says which is which; whatever
 * `use` starts finds them in the environment.
 * @throws {MistakeError} where there is no engine
 */
export async function withTools<T>(use: (tools: EngineTools) => Promise<T>): Promise<T> {
  const tools = await prepareTools();
  console.log(toolsText(tools));
  process.env[TOOLS_VARIABLE] = JSON.stringify(tools);
  // An interrupt from the terminal ends what was started, which clears up after itself; this process waits for it.
  process.on("SIGINT", () => {});
  try {
    return await use(tools);
  } finally {
    rmSync(tools.folder, { recursive: true, force: true });
  }
}

async function prepareTools(): Promise<EngineTools> {
  const cli = await findCli();
  const folder = mkdtempSync(join(tmpdir(), "portal-db-engine-"));
  symlinkSync(cli.file, join(folder, "pulumi"));
  const official: Record<string, string> = {};
  const standIns: string[] = [];
  for (const [command, script, ...args] of plugins()) {
    const found = onPath(command) ?? installed(command, cli);
    const file = join(folder, command);
    if (found !== undefined) {
      official[command] = found;
      symlinkSync(found, file);
      continue;
    }
    standIns.push(command);
    const line = [process.execPath, "--require", COMPILED, resolve(__dirname, "plugins", script), ...args];
    writeFileSync(file, `#!/bin/sh\nexec ${line.map((part) => `'${part}'`).join(" ")} "$@"\n`);
    chmodSync(file, 0o755);
  }
  return { cli, folder, official, standIns };
}

/** The commands that the engine starts, each with its stand-in. */
function plugins(): readonly (readonly [command: string, script: string, ...args: string[]])[] {
  const providers = PROVIDERS.map((name) => [`pulumi-resource-${name}`, "provider.ts", name] as const);
  return [[HOST, "language-host.ts"], ...providers];
}

/** An official plugin beside the CLI, or where `pulumi plugin install` puts the version that the programs ask for. */
function installed(command: string, { file }: EngineCli): string | undefined {
  const beside = join(dirname(file), command);
  if (existsSync(beside)) return beside;
  const name = command.replace("pulumi-resource-", "");
  if (!PROVIDERS.includes(name)) return undefined;
  const { version } = require(`@pulumi/${name}/package.json`) as { version: string };
  const home = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  const place = join(home, "plugins", `resource-${name}-v${version}`, command);
  return existsSync(place) ? place : undefined;
}

/** Whether the official language host runs here: the stand-in starts no policy pack. */
export function hasOfficialHost({ official }: EngineTools): boolean {
  return HOST in official;
}

/** Says what is official in this run, and what is not run for want of it. */
function toolsText(tools: EngineTools): string {
  const { cli, official, standIns } = tools;
  const found = Object.entries(official).map(([command, file]) => `${command} (${file})`);
  return [
    `engine: the official Pulumi CLI ${cli.version} (${cli.file})`,
    `official plugins: ${found.join(", ") || "none"}`,
    `stand-ins of this project: ${standIns.join(", ") || "none"}`,
    ...(hasOfficialHost(tools) ? [] : ["not run: the policy pack, which the official language host starts"]),
  ].join("\n");
}

/** The tools of this run. @throws Error in a suite that was started without them */
export function toolsOfRun(): EngineTools {
  const given = process.env[TOOLS_VARIABLE];
  if (given === undefined)
    throw new Error("start it with the command that finds the engine, such as npm run test:engine");
  return JSON.parse(given) as EngineTools;
}
