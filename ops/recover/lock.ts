import { execFileSync } from "node:child_process";
import { MistakeError } from "../../infra/mistake";
import { printable } from "../../infra/printable";

/** Who holds a stack's lock, as the lock itself says. */
export interface Holder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO time. */
  readonly since: string;
}

/** What the CLI says of a stack that is given the name that it has, and that nobody holds. */
const NAME_IS_TAKEN = "already exists";

/**
 * Reads the holders out of what the CLI says when it is asked for the lock; none where it got it.
 * @throws {MistakeError} where it says neither: a lock that cannot be read is one
 */
export function holdersIn(refusal: string): Holder[] {
  const holders = namedIn(refusal);
  if (holders.length > 0 || refusal.includes(NAME_IS_TAKEN)) return holders;
  throw new MistakeError(`whether the stack is locked cannot be told: ${refusal.trim()}`);
}

function namedIn(refusal: string): Holder[] {
  const lines = refusal.matchAll(/: created by (.*)@(\S+) \(pid (\d+)\) at (\S+)$/gm);
  return [...lines].map(([, user = "", host = "", pid, since = ""]) => ({
    user,
    host,
    pid: Number(pid),
    since,
  }));
}

/** A holder for people. */
export const holderText = ({ user, host, pid, since }: Holder): string =>
  printable(`${user}@${host}, pid ${pid}, since ${since}`);

/** What is known of processes: those of this machine alone. */
export interface Processes {
  readonly host: string;
  /** When a process began, in milliseconds; undefined where there is none; "unknown" where there is one. */
  beganAt(pid: number): number | "unknown" | undefined;
}

/** Processes of this machine. */
export const processesOn = (host: string): Processes => ({
  host,
  beganAt(pid) {
    try {
      process.kill(pid, 0);
    } catch (thrown) {
      // Somebody else's is there, too.
      if ((thrown as NodeJS.ErrnoException).code === "ESRCH") return undefined;
    }
    try {
      const env = { ...process.env, LC_ALL: "C" };
      const text = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
        env,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const [, state = "", began = ""] = /^(\S+)\s+(.*\S)/.exec(text.trim()) ?? [];
      // One that has ended, and that nobody has asked for yet.
      if (state.startsWith("Z")) return undefined;
      return Number.isNaN(Date.parse(began)) ? "unknown" : Date.parse(began);
    } catch {
      return "unknown";
    }
  },
});

/** A lock is written after its holder began; `ps` knows the second alone. */
const TOLERANCE_MS = 2000;

/** What keeps a lock where it is: it cannot be seen from here whether its holder still works. */
const HOLDER_IS_GONE = "--holder-is-gone";

/**
 * Lets a lock be released whose holder is gone. A process that took the number of the holder later is none.
 * @param isSaidGone whether a person says so of holders on other machines
 * @throws {MistakeError} when one is at work, or on a machine that cannot be asked
 */
export function requireGone(holders: readonly Holder[], processes: Processes, isSaidGone: boolean): void {
  for (const holder of holders) {
    if (holder.host !== processes.host) {
      if (isSaidGone) continue;
      throw new MistakeError(
        `the lock is held on another machine (${holderText(holder)}), which cannot be asked from here: see that nothing ` +
          `deploys there any more, a workflow for example, and add ${HOLDER_IS_GONE}`,
      );
    }
    const began = processes.beganAt(holder.pid);
    if (began === undefined) continue;
    if (began !== "unknown" && began > Date.parse(holder.since) + TOLERANCE_MS) continue;
    throw new MistakeError(`a deployment is at work (${holderText(holder)}): wait until it has ended`);
  }
}
