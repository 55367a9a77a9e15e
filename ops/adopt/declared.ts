import type { OwnerConfig } from "../../infra/config/config";
import type { Endpoint } from "../../infra/config/endpoint";
import { environmentsIn } from "../../infra/config/neighbours";
import { readStackFile } from "../../infra/config/stack-file";
import { DEFAULT_MASTER, type Environments, LASTING_STACKS, PROD, PROJECT } from "../../infra/names";
import { configsOf, type DeclaredSchema, declaredSchemas } from "../app/declared-schemas";

/** A login that a stack takes over, as long as its secret is to hold the password that it has now. */
export interface AdoptedLogin extends DeclaredSchema {
  /** Its password in the stack's file; empty where only the Pulumi CLI can decrypt it. */
  readonly password: string;
}

/** What the stacks' files say that an adoption needs. */
export interface Declared {
  readonly schemas: readonly DeclaredSchema[];
  readonly adopted: readonly AdoptedLogin[];
  /** The instance's master user. */
  readonly master: string;
  /** How the connection is encrypted. */
  readonly sslmode: string | undefined;
  /** Where the server is reached, where a file says it. */
  readonly endpoint: Endpoint | undefined;
  /** What the prod stack's file says, where there is one. */
  readonly owner: OwnerConfig | undefined;
  /** Whether that file sets the master's password, in plain or encrypted. */
  readonly hasMasterPassword: boolean;
  /** Identifier of the instance that the prod stack imports. */
  readonly instance: string | undefined;
  /** Whose an undeclared schema's name is. */
  readonly environments: Environments;
}

/** Whether prod's file has a setting, which may be encrypted. */
function isSet(configDir: string, name: string): boolean {
  const { config, encrypted } = readStackFile(configDir, PROD);
  return `${PROJECT}:${name}` in config || encrypted.has(`${PROJECT}:${name}`);
}

/**
 * Reads what prod and dev declare.
 * @throws {MistakeError} with every problem of a stack's file
 */
export function readDeclared(configDir: string): Declared {
  const configs = configsOf(configDir, LASTING_STACKS);
  const [first] = configs;
  const owner = configs.find((config) => "masterUsername" in config);
  return {
    schemas: declaredSchemas(configs),
    adopted: configs.flatMap((config) =>
      declaredSchemas([config]).flatMap((one) => {
        const password = config.adoptedLogins[one.names.schema];
        return password === undefined || config.apps[one.app]?.credential !== 1 ? [] : [{ ...one, password }];
      }),
    ),
    master: owner?.masterUsername ?? DEFAULT_MASTER,
    sslmode: first?.sslmode,
    endpoint: configs.find(({ adminEndpoint }) => adminEndpoint !== undefined)?.adminEndpoint,
    owner,
    hasMasterPassword: owner !== undefined && isSet(configDir, "masterPassword"),
    instance: owner?.adoptInstance,
    environments: environmentsIn(configDir),
  };
}
