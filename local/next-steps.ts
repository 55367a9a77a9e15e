import { resolve } from "node:path";
import { CHECKOUT } from "../cli/checkout";
import { columnsOf, wrapped } from "../cli/lines";
import { typed } from "../cli/typed";
import { PROD } from "../infra/names";
import type { DeployedApp } from "./app-secrets";
import { passwordlessUrl } from "./pgpass";
import type { Places } from "./places";

/** The app that help and documentation take for their examples. */
const WELL_KNOWN = "wms";

/** What a person does next with a platform that is up: one URL to try, and three commands. */
export function nextSteps(places: Places, secrets: readonly DeployedApp[]): readonly string[] {
  const example = exampleOf(secrets);
  if (example === undefined) return [];
  const { app, environment } = example;
  const config = places.configDir === CHECKOUT ? [] : ["--config-dir", places.configDir];
  const isUsual = places.dir === resolve(CHECKOUT, ".local");
  const forLocal = isUsual ? config : ["--dir", places.dir, ...config];
  const forOps = isUsual ? config : ["--platform", places.platformFile, ...config];
  const command = (what: string, script: "local" | "ops", ...words: readonly string[]): string => {
    const where = script === "local" ? forLocal : forOps;
    const line = typed(["npm", "run", script, "--", ...words, ...where]);
    // As a shell takes it on two lines.
    const lines = wrapped(line, "  ", 6, columnsOf(process.stdout) - 2).replaceAll("\n", " \\\n");
    return `${lines}\n${wrapped(what, "      ")}`;
  };
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

/** An app outside prod, where there is one. */
function exampleOf(secrets: readonly DeployedApp[]): DeployedApp | undefined {
  const apps = secrets.filter(({ isMigrator }) => !isMigrator);
  const outside = apps.filter(({ environment }) => environment !== PROD);
  const known = outside.length === 0 ? apps : outside;
  const ofDev = known.filter(({ environment }) => environment === "dev");
  const choice = ofDev.length === 0 ? known : ofDev;
  return choice.find(({ app }) => app === WELL_KNOWN) ?? choice[0];
}
