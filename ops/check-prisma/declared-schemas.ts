import { existsSync } from "node:fs";
import { parse } from "yaml";
import { readStackFile, stackFileOf } from "../../infra/config/stack-file";
import { MistakeError } from "../../infra/mistake";
import { type AppNames, defaultEnvironments, namesOf, PROJECT } from "../../infra/names";

/** A schema that the stacks declare. */
export interface DeclaredSchema {
  readonly app: string;
  readonly environment: string;
  readonly names: AppNames;
}

/** A setting that is a list or a map: the stack's file may hold it as such or as JSON text. */
function structured(file: string, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch {
    throw new MistakeError(`${file} cannot be read: run npx pulumi preview, which says why`);
  }
}

/**
 * What the stacks' files declare.
 * @param stacks such as `prod` and `dev`; one without a file is left out
 * @throws {MistakeError} when none of them has a file
 */
export function declaredSchemas(configDir: string, stacks: readonly string[]): DeclaredSchema[] {
  const present = stacks.filter((stack) => existsSync(stackFileOf(configDir, stack)));
  if (present.length === 0)
    throw new MistakeError(`no Pulumi.<stack>.yaml in ${configDir} for ${stacks.join(", ")}`);
  return present.flatMap((stack) => {
    const file = stackFileOf(configDir, stack);
    const { config } = readStackFile(configDir, stack, PROJECT);
    const apps = Object.keys(Object(structured(file, config[`${PROJECT}:apps`])));
    const list = structured(file, config[`${PROJECT}:environments`]);
    const environments = Array.isArray(list) ? list.map(String) : defaultEnvironments(stack);
    return environments.flatMap((environment) =>
      apps.map((app) => ({ app, environment, names: namesOf(app, environment) })),
    );
  });
}

/** Whose schema a name is: a declared one, or an app's in an ephemeral environment. */
export function schemaNamed(declared: readonly DeclaredSchema[], schema: string): DeclaredSchema | undefined {
  const found = declared.find(({ names }) => names.schema === schema);
  if (found !== undefined) return found;
  const [, app = "", environment = ""] = /^(.+)_(pr_\d+)$/.exec(schema) ?? [];
  if (!declared.some((one) => one.app === app)) return undefined;
  return { app, environment, names: namesOf(app, environment) };
}

/** Why an app's file may not name a schema; undefined when it is the app's own. */
export function schemaProblem(
  declared: readonly DeclaredSchema[],
  app: string,
  schema: string,
): string | undefined {
  if (schema === "public") return 'schema "public" is no app\'s: nothing can be made in it';
  const found = schemaNamed(declared, schema);
  if (found === undefined) return `schema "${schema}" is in no stack: deploy it first, or mend the name`;
  return found.app === app ? undefined : `schema "${schema}" is ${found.app}'s: ${app} may not reach it`;
}

/** Why a file that every environment uses may not name a schema: even the app's own is one environment's. */
export function writtenSchemaProblem(
  declared: readonly DeclaredSchema[],
  app: string,
  schema: string,
): string {
  const leave = "leave it out, ?schema= in the URL decides";
  if (schema === "public") return `${schemaProblem(declared, app, schema)}, ${leave}`;
  return (
    schemaProblem(declared, app, schema) ??
    `schema "${schema}" fixes the environment, and prod would look for it, too: ${leave}`
  );
}
