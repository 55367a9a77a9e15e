import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import type { PassedStatus } from "../../cli/exit-status";
import { codeOf, MistakeError } from "../../infra/mistake";
import type { Place } from "../app/place";
import { installedPsql } from "../snapshot/postgres-tools";

/** From this version on psql can be held to SCRAM, by which alone the local platform's server has to prove itself. */
const SCRAM_MAJOR = 16;

/** The major version of the psql of this machine; undefined where there is none. */
function majorOnPath(): number | undefined {
  const { stdout, error } = spawnSync("psql", ["--version"], { encoding: "utf8" });
  return error === undefined ? Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1] ?? 0) : undefined;
}

/**
 * The psql of this machine. On the local platform, where it is missing or old, the one that can be installed beside it;
 * that has no TLS.
 * @throws {MistakeError} which says how to get one
 */
export async function findPsql({ platformDir }: Place): Promise<string> {
  const major = majorOnPath();
  if (platformDir === undefined) {
    if (major !== undefined) return "psql";
    throw new MistakeError(
      "there is no psql: install the PostgreSQL client programs (Debian and Ubuntu: postgresql-client; macOS: " +
        "brew install libpq, which is not put on PATH by itself)",
    );
  }
  return major !== undefined && major >= SCRAM_MAJOR ? "psql" : installedPsql();
}

/** Signals that a terminal and a session's end send. */
const ENDING = ["SIGTERM", "SIGHUP"] as const;

/** psql at work, or about to be. */
export class Psql {
  private child: ChildProcess | undefined;
  private readonly onCtrlC = (): void => {};
  private readonly onEnd = (signal: NodeJS.Signals): void => void this.child?.kill(signal);

  /** From here on Ctrl-C is psql's, in which it ends a query and no session. What else ends this process ends psql first. */
  hold(): void {
    process.on("SIGINT", this.onCtrlC);
    for (const signal of ENDING) process.on(signal, this.onEnd);
  }

  /** Gives it the terminal until it ends. @param env has the password, which stands in no argument */
  async run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<PassedStatus> {
    const child = spawn(program, args, { env, stdio: "inherit" });
    this.child = child;
    const status = await new Promise<number>((done, fail) => {
      child.once("error", (thrown) => fail(new MistakeError(`psql cannot be run (${codeOf(thrown)})`)));
      child.once("close", (code, signal) => done(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
    return status as PassedStatus;
  }

  /** Ctrl-C is this process's again. */
  release(): void {
    process.off("SIGINT", this.onCtrlC);
    for (const signal of ENDING) process.off(signal, this.onEnd);
  }
}
