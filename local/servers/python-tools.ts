import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { codeOf, MistakeError } from "../../infra/mistake";
import { withLock } from "./lock";

const REQUIREMENTS = resolve(__dirname, "requirements.txt");

/**
 * The Python that has the AWS emulator, set up on first use. The folder is named after the pinned versions, so that
 * another set of them makes another one; a set-up that was cut off is done again.
 * @param say told what takes a while
 * @throws {MistakeError} when there is no Python 3, no venv, or no package index
 */
export async function pythonWithEmulator(toolsDir: string, say: (line: string) => void): Promise<string> {
  const pinned = readFileSync(REQUIREMENTS, "utf8");
  const key = createHash("sha256").update(pinned).digest("hex").slice(0, 12);
  const folder = resolve(toolsDir, `moto-${key}`);
  const python = resolve(folder, "bin", "python");
  const complete = resolve(folder, "complete");
  if (existsSync(complete)) return python;
  mkdirSync(toolsDir, { recursive: true });
  return withLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(complete)) return python;
      say("Installing the AWS emulator (once, about half a minute)");
      await run("python3", ["-m", "venv", "--clear", folder], VENV_HINT);
      const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
      await run(python, [...pip, "--requirement", REQUIREMENTS], PIP_HINT);
      writeFileSync(complete, "");
      return python;
    },
    true,
  );
}

const VENV_HINT =
  "python3 could not make a virtual environment: install its venv module (Debian: python3-venv)";
const PIP_HINT =
  "the AWS emulator could not be installed with pip: Python 3.10 or newer and a package index are needed";

function run(command: string, args: readonly string[], hint: string): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(command, [...args], { stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errors = `${errors}${chunk.toString()}`.slice(-2000);
    });
    child.once("error", (thrown) => {
      const isMissing = codeOf(thrown) === "ENOENT";
      fail(new MistakeError(isMissing ? `${command} was not found: install Python 3.10 or newer` : hint));
    });
    child.once("close", (status) => {
      const last = errors.trim().split("\n").at(-1) ?? "";
      if (status === 0) done();
      else fail(new MistakeError(last === "" ? hint : `${hint}. It said: ${last}`));
    });
  });
}
