import type { Endpoint } from "../../infra/config/endpoint";
import { environmentsIn } from "../../infra/config/neighbours";
import { DEFAULT_ADMIN, type Environments, LASTING_STACKS } from "../../infra/names";
import { configsOf, type DeclaredSchema, declaredSchemas } from "../app/declared-schemas";

/** What the stacks' files say that an adoption needs. */
export interface Declared {
  readonly schemas: readonly DeclaredSchema[];
  /** The instance's master user. */
  readonly admin: string;
  /** How the connection is encrypted. */
  readonly sslmode: string | undefined;
  /** Where the server is reached, where a file says it. */
  readonly endpoint: Endpoint | undefined;
  /** Identifier of the instance that the prod stack imports. */
  readonly instance: string | undefined;
  /** Whose an undeclared schema's name is. */
  readonly environments: Environments;
}

/**
 * Reads what prod and dev declare.
 * @throws {MistakeError} with every problem of a stack's file
 */
export function readDeclared(configDir: string): Declared {
  const configs = configsOf(configDir, LASTING_STACKS);
  const [first] = configs;
  return {
    schemas: declaredSchemas(configs),
    admin: first?.adminUsername ?? DEFAULT_ADMIN,
    sslmode: first?.sslmode,
    endpoint: configs.find(({ adminEndpoint }) => adminEndpoint !== undefined)?.adminEndpoint,
    instance: first !== undefined && "adoptInstance" in first ? first.adoptInstance : undefined,
    environments: environmentsIn(configDir),
  };
}
