import { parseBorrowerConfig, parseOwnerConfig, rawSettings } from "../infra/config/config";
import { OWNER_STACK } from "../infra/config/parse";
import { declareDev } from "./dev";
import { declareProd } from "./prod";

/**
 * Declares one stack: `prod` owns the instance; `dev` and every other name borrow it.
 * @returns the stack's outputs
 * @throws {ConfigError} with every problem of the stack's config, before anything is declared
 */
export function declareStack(stack: string): Record<string, unknown> {
  const raw = rawSettings();
  return stack === OWNER_STACK
    ? declareProd(parseOwnerConfig(raw))
    : declareDev(parseBorrowerConfig(stack, raw));
}
