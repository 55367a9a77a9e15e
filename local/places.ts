import { accessSync, constants, existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { CHECKOUT } from "../cli/checkout";
import { codeOf, MistakeError } from "../infra/mistake";
import { nameOfUser, serverHome } from "./servers/server-user";

/** Where a platform keeps its things. */
export interface Places {
  /** The platform's own folder. */
  readonly dir: string;
  /** The folder of what the Postgres server must come to: `dir`, or a public place where that is closed. */
  readonly serverHome: string;
  /** Folder of the `Pulumi.<stack>.yaml` files. */
  readonly configDir: string;
  /** Folder of the AWS emulator's Python environment; shared, and kept by `destroy`. */
  readonly toolsDir: string;
  /** The Postgres cluster's folder; belongs to the user that the server runs as. */
  readonly clusterDir: string;
  /** Folder of the state files and the superuser's password; only its owner may enter. */
  readonly stateDir: string;
  /** What clients need to find the servers. */
  readonly platformFile: string;
  /** Passwords of the apps' logins, as libpq's `passfile` reads them; its owner alone may. */
  readonly passFile: string;
  /** Ports and network to take again after a stop. */
  readonly serversFile: string;
  /** Which run is at work. */
  readonly lockFile: string;
  /** Which process the AWS emulator is. */
  readonly emulatorFile: string;
  /** The AWS emulator's output. */
  readonly emulatorLog: string;
}

/** Folder of the installed tools where none is named: one for all platforms, or for all checkouts by `PORTAL_DB_TOOLS`. */
export function sharedToolsDir(): string {
  return resolve(process.env.PORTAL_DB_TOOLS ?? resolve(CHECKOUT, ".local", "tools"));
}

/** Resolves every place from the folders given on the command line. */
export function placesOf(dir = ".local", configDir?: string, toolsDir?: string): Places {
  const root = resolve(dir === ".local" ? CHECKOUT : ".", dir);
  const state = resolve(root, "state");
  const home = serverHome(root);
  return {
    dir: root,
    serverHome: home,
    configDir: resolve(configDir ?? CHECKOUT),
    toolsDir: toolsDir === undefined ? sharedToolsDir() : resolve(toolsDir),
    clusterDir: resolve(home, "postgres"),
    stateDir: state,
    platformFile: resolve(root, "platform.json"),
    passFile: resolve(root, "pgpass"),
    serversFile: resolve(root, "servers.json"),
    lockFile: resolve(root, "lock"),
    emulatorFile: resolve(root, "aws-emulator.json"),
    emulatorLog: resolve(root, "aws-emulator.log"),
  };
}

/**
 * Refuses a platform that this user may not look into: it would seem to be stopped, and nothing deployed.
 * @throws {MistakeError} that names whose it is
 */
export function requireReadable({ dir, stateDir }: Places): void {
  for (const folder of [dir, stateDir]) {
    try {
      accessSync(folder, constants.R_OK | constants.X_OK);
    } catch (thrown) {
      if (codeOf(thrown) === "ENOENT") continue;
      throw new MistakeError(
        `${folder} may not be read (${codeOf(thrown)}): the platform is ${ownerOf(folder)}'s. Work as that user, or ` +
          "have one of your own with --dir and --port",
      );
    }
  }
}

/** Whether a folder holds what a platform leaves, however far it came: another one's files are nobody's to delete. */
export function isPlatform({ stateDir, serversFile, emulatorFile, clusterDir }: Places): boolean {
  const superuser = resolve(stateDir, "superuser");
  const known = [
    superuser,
    serversFile,
    emulatorFile,
    resolve(clusterDir, "data"),
    resolve(clusterDir, "data.new"),
  ];
  return known.some((path) => existsSync(path));
}

/** What is said of a folder that is no platform's. */
export const noPlatform = ({ dir }: Places): string => `There is no platform in ${dir}`;

function ownerOf(folder: string): string {
  try {
    return nameOfUser(statSync(folder).uid);
  } catch {
    return "another user";
  }
}
