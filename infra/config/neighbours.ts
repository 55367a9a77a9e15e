import { readdirSync } from "node:fs";
import { type AppNames, defaultEnvironments, Environments, isLasting, type Meaning, namesOf } from "../names";
import { KINDS_OF_VISITORS, visitorNamesOf } from "../people/names";
import { DEFAULT_CONNECTION_SHARE } from "./budget";
import { keysOf, parsedJson, readStackFile, settingsOf } from "./stack-file";

/** Another stack of the same database, as far as its file says which names it takes. */
export interface Neighbour {
  readonly stack: string;
  readonly environments: readonly string[];
  /** Its apps in each of its environments. */
  readonly apps: readonly Meaning[];
  /** Those of them whose login existed before. */
  readonly adopted: readonly AppNames[];
  /** Roles of its people and tools, in each of its environments. */
  readonly visitors: readonly string[];
  /** Connections that its logins may hold together. */
  readonly connectionShare: number;
}

/**
 * A stack, by whatever of its settings says which names it takes.
 * @param adopted schemas whose login existed before
 */
export function neighbourNamed(
  stack: string,
  settings: Readonly<Record<string, string>>,
  adopted: readonly string[] = [],
): Neighbour {
  // What is wrong in a neighbour's file is for its own preview to name.
  const named = parsedJson(settings.environments);
  // Only dev's file may name any: elsewhere the stack's own name decides.
  const environments =
    stack === "dev" && Array.isArray(named) ? named.map(String) : defaultEnvironments(stack);
  const keys = Object.keys(Object(parsedJson(settings.apps)));
  const apps = environments.flatMap((environment) => keys.map((app) => ({ app, environment, stack })));
  return {
    stack,
    environments,
    apps,
    connectionShare: Number(/^\d+$/.exec(settings.connectionShare ?? "")?.[0] ?? DEFAULT_CONNECTION_SHARE),
    adopted: apps
      .map(({ app, environment }) => namesOf(app, environment))
      .filter(({ schema }) => adopted.includes(schema)),
    visitors: environments.flatMap((environment) =>
      KINDS_OF_VISITORS.flatMap((kind) =>
        Object.keys(Object(parsedJson(settings[kind]))).map(
          (name) => visitorNamesOf(kind, name, environment).login,
        ),
      ),
    ),
  };
}

function neighbourOf(configDir: string, stack: string): Neighbour | undefined {
  try {
    const file = readStackFile(configDir, stack);
    return neighbourNamed(stack, settingsOf(file.config), keysOf(file, "adoptedLogins"));
  } catch (thrown) {
    // What prod and dev say of each other decides who is let in.
    if (isLasting(stack)) throw thrown;
    return undefined;
  }
}

/**
 * The stacks whose files stand in a folder, but for one. An ephemeral stack's file that cannot be read is left out.
 * @throws {MistakeError} with the file, when it is prod's or dev's
 */
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

/**
 * The environments that the files in a folder know of, and those that a stack's own settings name: the folder may be
 * another checkout's than the one whose stack is judged. One that no stack's file may name is left out, as prod's data
 * would be somebody else's by it.
 */
export function environmentsBeside(
  configDir: string,
  stack: string,
  settings: Readonly<Record<string, string>>,
): Environments {
  const judged = neighbourNamed(stack, settings);
  const grammar = new Environments();
  const environments = judged.environments.filter((one) => grammar.environmentProblem(one) === undefined);
  return lastingEnvironments([...neighboursOf(configDir, ""), { ...judged, environments }]);
}
