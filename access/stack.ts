import { parseBorrowerConfig } from "../infra/config/config";
import { deployments } from "../infra/config/rules";
import type { AppSettings } from "../infra/config/shape";
import { PROJECT } from "../infra/names";
import { appResources, databaseResources, type NamedAccessResource } from "./declared";

/** Settings that decide which apps there are, by which names. */
const SETTINGS = ["apps", "environments", "adminUsername"];

/** An app in an environment, as a stack's settings name it. */
export interface DeclaredApp {
  readonly app: string;
  readonly environment: string;
  readonly settings: AppSettings;
}

/**
 * Apps of any stack by its settings. Only those that decide access are read, so that settings which a preview
 * or a file shows encrypted stand in nobody's way.
 * @param config full keys (`portal-db:apps`) to text, as the Pulumi CLI hands it to a program
 * @throws {ConfigError} when they are not well-formed
 */
export function declaredApps(stack: string, config: Readonly<Record<string, string>>): DeclaredApp[] {
  const raw: Record<string, string> = {};
  for (const name of SETTINGS) {
    const value = config[`${PROJECT}:${name}`];
    if (value !== undefined) raw[name] = value;
  }
  // The most there is: how many connections there may be decides no right.
  const settings = parseBorrowerConfig(stack, { ...raw, connectionShare: "5000" });
  return [...deployments(settings.apps, settings.environments)];
}

/** What apps declare of access, without what holds for the whole database. */
export function resourcesOfApps(apps: readonly DeclaredApp[]): NamedAccessResource[] {
  return apps.flatMap(({ app, environment, settings }) => appResources(app, environment, settings));
}

/** Everything that decides what the apps' roles may do: their own declarations and the database's. */
export function stackResources(apps: readonly DeclaredApp[]): NamedAccessResource[] {
  return [...databaseResources(), ...resourcesOfApps(apps)];
}
