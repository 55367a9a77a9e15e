import { resolve } from "node:path";
import { CHECKOUT } from "../cli/checkout";
import { columnsOf, wrapped } from "../cli/lines";
import { typed } from "../cli/typed";
import { PROD } from "../infra/names";
import type { VisitorNames } from "../infra/people/names";
import { type DeployedApp, visitorWord } from "./app-secrets";
import { passwordlessUrl } from "./pgpass";
import type { Places } from "./places";

/** The app that help and documentation take for their examples. */
const WELL_KNOWN = "wms";

/** What npm runs. */
type Script = "local" | "ops";

/** What a person does next with a platform that is up: one URL to try, and three commands. */
export function nextSteps(places: Places, secrets: readonly DeployedApp[]): readonly string[] {
  const example = exampleOf(secrets);
  if (example === undefined) return [];
  const { app, environment } = example;
  const command = (what: string, script: Script, ...words: readonly string[]): string =>
    `${commandLine(places, script, words)}\n${wrapped(what, "      ")}`;
  return [
    // To zsh the question mark is a pattern.
    wrapped("A URL for psql (in quotes), from this folder; it finds the password by itself:"),
    `  ${passwordlessUrl(places, example)}`,
    "",
    "What comes next:",
    command("the line for the app's .env file, with its password", "ops", "env", app, environment),
    command("what a change in a stack's file would do", "local", "preview"),
    command("stops the servers; the data are kept", "local", "down"),
  ];
}

/** How to get the URL of somebody who reads. */
export function urlStep(places: Places, visitor: VisitorNames): readonly string[] {
  return [
    "A URL of theirs, for psql:",
    commandLine(places, "local", ["url", visitorWord(visitor), visitor.environment], ["-s"]),
  ];
}

/** A command as it is typed for a platform. @param ofNpm options of npm's own */
function commandLine(
  places: Places,
  script: Script,
  words: readonly string[],
  ofNpm: readonly string[] = [],
): string {
  const config = places.configDir === CHECKOUT ? [] : ["--config-dir", places.configDir];
  const isUsual = places.dir === resolve(CHECKOUT, ".local");
  const where = script === "ops" ? ["--platform", places.platformFile] : ["--dir", places.dir];
  const line = typed(["npm", "run", ...ofNpm, script, "--", ...words, ...(isUsual ? [] : where), ...config]);
  // As a shell takes it on two lines.
  return wrapped(line, "  ", 6, columnsOf(process.stdout) - 2).replaceAll("\n", " \\\n");
}

/** An app outside prod, where there is one. */
function exampleOf(secrets: readonly DeployedApp[]): DeployedApp | undefined {
  const apps = secrets.filter(({ isMigrator }) => !isMigrator);
  const outside = apps.filter(({ environment }) => environment !== PROD);
  const known = outside.length === 0 ? apps : outside;
  const ofDev = known.filter(({ environment }) => environment === "dev");
  const choice = ofDev.length === 0 ? known : ofDev;
  return choice.find(({ app }) => app === WELL_KNOWN) ?? choice[0];
}
