import { resolve } from "node:path";
import { CHECKOUT } from "../cli/checkout";
import { serverHome } from "./servers/server-user";

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

/** Resolves every place from the folders given on the command line. */
export function placesOf(dir = ".local", configDir?: string, toolsDir?: string): Places {
  const root = resolve(dir === ".local" ? CHECKOUT : ".", dir);
  const state = resolve(root, "state");
  const home = serverHome(root);
  return {
    dir: root,
    serverHome: home,
    configDir: resolve(configDir ?? CHECKOUT),
    toolsDir: resolve(toolsDir ?? resolve(CHECKOUT, ".local", "tools")),
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
