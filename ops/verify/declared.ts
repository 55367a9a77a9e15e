import { type DeclaredAccess, declaredAccess } from "../../access/cells";
import { type DeclaredApp, declaredApps, stackResources } from "../../access/stack";
import { ConfigError } from "../../infra/config/parse";
import { readStackFile } from "../../infra/config/stack-file";
import { MistakeError } from "../../infra/mistake";
import { PROJECT } from "../../infra/names";

/** What a stack's file declares: its apps, and what their roles may do. */
export interface DeclaredStack {
  readonly apps: readonly DeclaredApp[];
  readonly access: DeclaredAccess;
}

/** Reads a stack's file. @throws {MistakeError} with every problem of it, or when it is missing */
export function declaredStack(configDir: string, stack: string): DeclaredStack {
  const { config } = readStackFile(configDir, stack, PROJECT);
  try {
    const apps = declaredApps(stack, config);
    return { apps, access: declaredAccess(stackResources(apps)) };
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw new MistakeError(thrown.message);
    throw thrown;
  }
}
