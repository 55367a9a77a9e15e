import { existsSync } from "node:fs";
import { readStackFile, stackFileOf } from "../../infra/config/stack-file";
import { MistakeError } from "../../infra/mistake";
import {
  type AppNames,
  DEFAULT_ADMIN,
  DEV_ENVIRONMENTS,
  defaultEnvironments,
  namesOf,
  PROJECT,
} from "../../infra/names";
import { stackOfEnvironment } from "../app/deployment";

/** A schema that a stack's file declares. */
export interface DeclaredSchema {
  readonly stack: string;
  readonly environment: string;
  readonly names: AppNames;
}

/** What the stacks' files say that an adoption needs. */
export interface Declared {
  readonly schemas: readonly DeclaredSchema[];
  /** The instance's master user. */
  readonly admin: string;
  /** How the connection is encrypted. */
  readonly sslmode: string | undefined;
  /** `host:port` of the server, where a file says it. */
  readonly endpoint: string | undefined;
  /** Identifier of the instance that the prod stack imports. */
  readonly instance: string | undefined;
}

const STACKS = ["prod", "dev"] as const;

/**
 * Reads what prod and dev declare.
 * @throws {MistakeError} when the apps are not a map
 */
export function readDeclared(configDir: string): Declared {
  const files = STACKS.filter((stack) => existsSync(stackFileOf(configDir, stack)));
  const settings = files.map((stack) => ({ stack, config: readStackFile(configDir, stack, PROJECT).config }));
  const first = (name: string): string | undefined =>
    settings.map(({ config }) => config[`${PROJECT}:${name}`]).find((value) => value !== undefined);
  const schemas = settings.flatMap(({ stack, config }) => {
    const apps = Object.keys(structured(stack, "apps", config[`${PROJECT}:apps`] ?? "{}"));
    const environments =
      stack === "prod" ? ["prod"] : environmentsOf(stack, config[`${PROJECT}:environments`]);
    return environments.flatMap((environment) =>
      apps.map((app) => ({ stack, environment, names: namesOf(app, environment) })),
    );
  });
  return {
    schemas,
    admin: first("adminUsername") ?? DEFAULT_ADMIN,
    sslmode: first("sslmode"),
    endpoint: first("adminEndpoint"),
    instance: first("adoptInstance"),
  };
}

function environmentsOf(stack: string, text: string | undefined): readonly string[] {
  if (text === undefined) return defaultEnvironments(stack);
  return Object.values(structured(stack, "environments", text)).map(String);
}

function structured(stack: string, name: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new MistakeError(
    `Pulumi.${stack}.yaml: ${PROJECT}:${name} is not what it should be: run a preview, which says why`,
  );
}

const USUAL_SCHEMA = new RegExp(`^([a-z][a-z0-9_]*)_(prod|${DEV_ENVIRONMENTS.join("|")})$`);

/** The app and environment that an undeclared schema's name means, or undefined. */
export function meaningOf(schema: string): { app: string; stack: string } | undefined {
  const [, app, environment] = USUAL_SCHEMA.exec(schema) ?? [];
  return app === undefined || environment === undefined
    ? undefined
    : { app, stack: stackOfEnvironment(environment) };
}
