import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { codeOf, MistakeError } from "../../infra/mistake";
import { withLock } from "./lock";

/** What folders of tools are called, before the key of their versions: `destroy --all` deletes no other. */
const TOOL_NAMES = ["moto", "postgres-client", "zizmor"] as const;

/** Programs that come as Python packages. */
export interface PythonTool {
  /** What its folder's name begins with. */
  readonly name: (typeof TOOL_NAMES)[number];
  /** What it is, for people, such as `the AWS emulator`. */
  readonly what: string;
  /** How long its set-up takes, for people. */
  readonly takes: string;
  /** A file of pinned versions. */
  readonly requirements: string;
  /** Further options of `pip install`. */
  readonly pipOptions?: readonly string[];
  /** What a person could do instead, as the end of a sentence. */
  readonly otherwise?: string;
  /** Whether a folder still has it: a new version of the system's Python leaves one without. */
  holds(folder: string): Promise<boolean> | boolean;
}

const EMULATOR: PythonTool = {
  name: "moto",
  what: "the AWS emulator",
  takes: "about half a minute",
  requirements: resolve(__dirname, "requirements.txt"),
  holds: (folder) => hasModule(folder, "moto"),
};

/**
 * The Python that has the AWS emulator, set up on first use.
 * @param say told what takes a while
 * @param isBroken whether it was seen that packages of it are missing: it is set up anew
 * @throws {MistakeError} when there is no Python 3, no venv, or no package index
 */
export async function pythonWithEmulator(
  toolsDir: string,
  say: (line: string) => void,
  isBroken = false,
): Promise<string> {
  if (isBroken) rmSync(resolve(await pythonToolFolder(EMULATOR, toolsDir, say), COMPLETE), { force: true });
  return pythonIn(await pythonToolFolder(EMULATOR, toolsDir, say));
}

/** Stands in a folder that is set up whole. */
const COMPLETE = "complete";

/**
 * The folder of a virtual environment with a tool, set up on first use. It is named after the pinned versions, so that
 * another set of them makes another one; a set-up that was cut off, or whose tool is gone, is done again.
 * @param say told what takes a while
 * @throws {MistakeError} when there is no Python 3, no venv, or no package index
 */
export async function pythonToolFolder(
  tool: PythonTool,
  toolsDir: string,
  say: (line: string) => void,
): Promise<string> {
  const pinned = readFileSync(tool.requirements, "utf8");
  const key = createHash("sha256").update(pinned).digest("hex").slice(0, 12);
  const folder = resolve(toolsDir, `${tool.name}-${key}`);
  const complete = resolve(folder, COMPLETE);
  const isThere = async (): Promise<boolean> => existsSync(complete) && (await tool.holds(folder));
  if (await isThere()) return folder;
  mkdirSync(toolsDir, { recursive: true });
  const install = async (): Promise<void> => {
    if (await isThere()) return;
    rmSync(complete, { force: true });
    say(`Installing ${tool.what} (once, ${tool.takes})`);
    const { otherwise = "" } = tool;
    await run("python3", ["-m", "venv", "--clear", folder], `${VENV_HINT}${otherwise}`, otherwise);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
    const args = [...pip, ...(tool.pipOptions ?? []), "--requirement", tool.requirements];
    await run(pythonIn(folder), args, `${tool.what} ${PIP_HINT}${otherwise}`, otherwise);
    if (!(await tool.holds(folder))) {
      throw new MistakeError(`${tool.what} did not come with what pip installed in ${folder}${otherwise}`);
    }
    writeFileSync(complete, "");
  };
  await withLock(`${folder}.lock`, install, () =>
    say(`Waiting for another run, which installs ${tool.what}`),
  );
  return folder;
}

/** The folders in which tools were installed; what else stands beside them is somebody's own. */
export function installedTools(toolsDir: string): readonly string[] {
  if (!existsSync(toolsDir)) return [];
  const isTool = new RegExp(`^(${TOOL_NAMES.join("|")})-[0-9a-f]{12}$`);
  const found = readdirSync(toolsDir, { withFileTypes: true });
  return found
    .filter((entry) => entry.isDirectory() && isTool.test(entry.name))
    .map(({ name }) => resolve(toolsDir, name));
}

/** Deletes the installed tools, and their folder where nothing else is in it. */
export function removeTools(toolsDir: string): void {
  for (const folder of installedTools(toolsDir)) {
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${folder}.lock`, { force: true });
  }
  if (existsSync(toolsDir) && readdirSync(toolsDir).length === 0) rmdirSync(toolsDir);
}

const VENV_HINT =
  "python3 could not make a virtual environment: install its venv module (Debian: python3-venv)";
const PIP_HINT = "could not be installed with pip: Python 3.10 or newer and a package index are needed";

const pythonIn = (folder: string): string => resolve(folder, "bin", "python");

/** Whether a folder's Python starts and finds a module. */
export function hasModule(folder: string, module: string): Promise<boolean> {
  const script = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)";
  return new Promise((done) => {
    const child = spawn(pythonIn(folder), ["-c", script, module], { stdio: "ignore" });
    child.once("error", () => done(false));
    child.once("close", (status) => done(status === 0));
  });
}

function run(command: string, args: readonly string[], hint: string, otherwise: string): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(command, [...args], { stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errors = `${errors}${chunk.toString()}`.slice(-2000);
    });
    child.once("error", (thrown) => {
      const isMissing = codeOf(thrown) === "ENOENT";
      const missing = `${command} was not found: install Python 3.10 or newer${otherwise}`;
      fail(new MistakeError(isMissing ? missing : hint));
    });
    child.once("close", (status) => {
      const last = errors.trim().split("\n").at(-1) ?? "";
      if (status === 0) done();
      else fail(new MistakeError(last === "" ? hint : `${hint}. It said: ${last}`));
    });
  });
}
