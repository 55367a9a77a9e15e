import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { libpqUrl } from "../infra/app/database-url";
import type { DeployedApp } from "./app-secrets";
import type { Places } from "./places";

/** Writes the password file of every login, so that psql needs no password in what a person types or a terminal shows. */
export function writePgpass({ passFile }: Places, secrets: readonly Pick<DeployedApp, "url">[]): void {
  const lines = secrets.map(({ url }) => {
    const { hostname, port, pathname, username, password } = new URL(url);
    const fields = [hostname, port, pathname.slice(1), username, password].map(decodeURIComponent);
    return `${fields.map((field) => field.replace(/[\\:]/g, "\\$&")).join(":")}\n`;
  });
  mkdirSync(dirname(passFile), { recursive: true });
  const fresh = `${passFile}.new`;
  // libpq takes no file that others may read.
  rmSync(fresh, { force: true });
  writeFileSync(fresh, lines.join(""), { mode: 0o600, flag: "wx" });
  renameSync(fresh, passFile);
}

/** An app's URL without its password, for psql in the folder that the person is in. */
export function passwordlessUrl({ passFile }: Places, { url }: DeployedApp): string {
  const path = relative(personsFolder(), passFile);
  return libpqUrl(url, { passfile: path.length < passFile.length ? path : passFile });
}

/** The folder in which a command was typed: npm runs its script in the project's. */
function personsFolder(): string {
  const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env;
  return resolve(script === "local" && typedIn !== undefined ? typedIn : ".");
}
