import { execFile } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { Progress } from "../../cli/progress";
import { MistakeError, messageOf } from "../../infra/mistake";

/** The engine that is built where none is installed. */
const VERSION = "v3.274.1";
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_FLAG = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${VERSION}`;
/** Names the folder that a built engine is kept in. */
const CACHE_VARIABLE = "PORTAL_DB_ENGINE_CACHE";

const run = promisify(execFile);

/** The official engine. */
export interface EngineCli {
  readonly file: string;
  readonly version: string;
}

/** An executable on PATH; what npm's packages put there is none of the official ones, but fetches them. */
export function onPath(command: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find((file) => isExecutable(file) && !realpathSync(file).includes("node_modules"));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The engine on PATH, or else one that is built once from the Go module proxy and kept outside the project.
 * @throws {MistakeError} where there is neither an engine nor Go
 */
export async function findCli(): Promise<EngineCli> {
  const file = onPath("pulumi") ?? (await builtCli());
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return { file, version: (await run(file, ["version"], { env })).stdout.trim() };
}

async function builtCli(): Promise<string> {
  const folder = join(cacheFolder(), `pulumi-${VERSION}`);
  const file = join(folder, "pulumi");
  if (existsSync(file)) return file;
  if (onPath("go") === undefined) {
    throw new MistakeError(
      "neither the Pulumi CLI nor Go is on PATH: install one of them, this command runs the official engine",
    );
  }
  await build(folder);
  return file;
}

/** Beside its place, and moved there when it is whole; whoever else built it meanwhile is as good. */
async function build(folder: string): Promise<void> {
  mkdirSync(cacheFolder(), { recursive: true });
  const cwd = mkdtempSync(join(cacheFolder(), "building-"));
  console.error(`Building the Pulumi CLI ${VERSION} with Go into ${folder}: minutes, once`);
  const progress = new Progress(() => "building");
  try {
    for (const args of [
      ["mod", "init", "engine"],
      ["get", "-tool", `${PACKAGE}@${VERSION}`],
      ["build", "-ldflags", VERSION_FLAG, "-o", "pulumi", PACKAGE],
    ]) {
      await run("go", args, { cwd, maxBuffer: 64 * 1024 * 1024 });
    }
    if (!existsSync(join(folder, "pulumi"))) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(cwd, folder);
    }
  } catch (thrown) {
    if (existsSync(join(folder, "pulumi"))) return;
    const said = messageOf(thrown).trim().split("\n").slice(-3).join("; ");
    throw new MistakeError(`the Pulumi CLI ${VERSION} could not be built: ${said}`);
  } finally {
    progress.stop();
    rmSync(cwd, { recursive: true, force: true });
  }
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME = "", [CACHE_VARIABLE]: own = "" } = process.env;
  if (own !== "") return resolve(own);
  return join(XDG_CACHE_HOME === "" ? join(homedir(), ".cache") : XDG_CACHE_HOME, "portal-db");
}
