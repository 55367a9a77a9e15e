import type { AppSettings } from "./shape";

/** One app in one environment of a stack, with the app's settings. */
export interface DeclaredApp {
  readonly app: string;
  readonly environment: string;
  readonly settings: AppSettings;
}

/** Every app in every environment of a stack, in the order in which they are declared. */
export function declaredApps({
  apps,
  environments,
}: {
  readonly apps: Readonly<Record<string, AppSettings>>;
  readonly environments: readonly string[];
}): DeclaredApp[] {
  const sorted = Object.entries(apps).sort(([a], [b]) => (a < b ? -1 : 1));
  return environments.flatMap((environment) =>
    sorted.map(([app, settings]) => ({ app, environment, settings })),
  );
}
