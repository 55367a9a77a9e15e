import { readdirSync } from "node:fs";
import { defaultEnvironments, Environments, isLasting, type Meaning } from "../names";
import { readStackFile, settingsOf } from "./stack-file";

/** Another stack of the same database, as far as its file says which names it takes. */
export interface Neighbour {
  readonly stack: string;
  readonly environments: readonly string[];
  /** Its apps in each of its environments. */
  readonly apps: readonly Meaning[];
}

/** JSON or nothing: what is wrong in a neighbour's file is for its own preview to say. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/** A stack, by whatever of its settings says which names it takes. */
export function neighbourNamed(stack: string, settings: Readonly<Record<string, string>>): Neighbour {
  const named = parsed(settings.environments);
  // Only dev's file may name any: elsewhere the stack's own name decides.
  const environments =
    stack === "dev" && Array.isArray(named) ? named.map(String) : defaultEnvironments(stack);
  const apps = Object.keys(Object(parsed(settings.apps)));
  return {
    stack,
    environments,
    apps: environments.flatMap((environment) => apps.map((app) => ({ app, environment, stack }))),
  };
}

function neighbourOf(configDir: string, stack: string): Neighbour | undefined {
  try {
    return neighbourNamed(stack, settingsOf(readStackFile(configDir, stack).config));
  } catch {
    return undefined;
  }
}

/** The stacks whose files stand in a folder, but for one. A file that cannot be read is left out. */
export function neighboursOf(configDir: string, stack: string): Neighbour[] {
  let files: readonly string[];
  try {
    files = readdirSync(configDir);
  } catch {
    return [];
  }
  return files
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined && name !== stack)
    .map((name) => neighbourOf(configDir, String(name)))
    .filter((neighbour) => neighbour !== undefined)
    .sort((a, b) => (a.stack < b.stack ? -1 : 1));
}

/**
 * The environments of the stacks that stay. Those of ephemeral stacks are not among them: a stack that comes and goes
 * must not make the name of an app of prod's a wrong one.
 */
export function lastingEnvironments(neighbours: readonly Neighbour[]): Environments {
  return new Environments(
    neighbours
      .filter(({ stack }) => isLasting(stack))
      .map(({ stack, environments }) => [stack, environments] as const),
  );
}

/** The environments that the files in a folder know of. */
export function environmentsIn(configDir: string): Environments {
  return lastingEnvironments(neighboursOf(configDir, ""));
}
