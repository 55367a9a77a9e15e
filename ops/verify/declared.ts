import { type DeclaredAccess, declaredAccess } from "../../infra/access-cells";
import { type DeclaredApp, declaredApps, stackResources } from "../../infra/access-stack";
import { ConfigError } from "../../infra/config-parse";
import { PROJECT } from "../../infra/names";
import { PersonError } from "../../local/person-error";
import { readStackFile } from "../../local/stack-file";

/** What a stack's file declares: its apps, and what their roles may do. */
export interface DeclaredStack {
  readonly apps: readonly DeclaredApp[];
  readonly access: DeclaredAccess;
}

/** Reads a stack's file. @throws {PersonError} with every problem of it, or when it is missing */
export function declaredStack(configDir: string, stack: string): DeclaredStack {
  const { config } = readStackFile(configDir, stack, PROJECT);
  try {
    const apps = declaredApps(stack, config);
    return { apps, access: declaredAccess(stackResources(apps)) };
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw new PersonError(thrown.message);
    throw thrown;
  }
}
