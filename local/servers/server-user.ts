import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chownSync, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { MistakeError } from "../../infra/mistake";

/** Who the Postgres server runs as: Postgres refuses to run as root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user `postgres`, or else `nobody`, for root; undefined for everyone else, who run it themselves. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const uid = idOf("-u", name);
    const gid = idOf("-g", name);
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid };
  }
  throw new MistakeError(
    "Postgres does not run as root, and there is no user postgres or nobody: use another account",
  );
}

function idOf(option: string, name: string): number | undefined {
  try {
    const id = Number(
      execFileSync("id", [option, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
    return Number.isInteger(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

/** The name of a user, for people. */
export function nameOfUser(uid: number): string {
  try {
    return execFileSync("id", ["-nu", String(uid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return `user ${uid}`;
  }
}

/** Makes a folder that only the server's user may enter. */
export function makeServerFolder(folder: string, user: ServerUser | undefined): void {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
}

/** Whether the server's user can come to a path, as far as the path exists. */
export function canReach(path: string, user: ServerUser): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid } = statSync(folder);
      if ((mode & 0o001) === 0 && (uid !== user.uid || (mode & 0o100) === 0)) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

/**
 * The folder for what the server's user must come to: the platform's own, or one under `/var/tmp` where that is
 * closed to others, as the home of root is.
 */
export function serverHome(dir: string): string {
  const user = serverUser();
  if (user === undefined || canReach(resolve(dir, "postgres"), user)) return dir;
  return `/var/tmp/portal-db-${createHash("sha256").update(dir).digest("hex").slice(0, 16)}`;
}
