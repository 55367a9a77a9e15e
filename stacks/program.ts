import * as pulumi from "@pulumi/pulumi";
import { parseBorrowerConfig, parseOwnerConfig } from "../infra/config/config";
import { neighboursOf } from "../infra/config/neighbours";
import { settingsOf } from "../infra/config/stack-file";
import { PROD } from "../infra/names";
import { declareDev } from "./dev";
import { declareProd } from "./prod";

/**
 * Declares one stack: `prod` owns the instance; `dev` and every other name borrow it.
 * @param configDir folder of the stacks' files, against whose names this stack's are held
 * @param now the moment at which nobody's end may have passed
 * @returns the stack's outputs
 * @throws {ConfigError} with every problem of the stack's config, before anything is declared
 */
export function declareStack(
  stack: string,
  configDir: string,
  now: Date = new Date(),
): Record<string, unknown> {
  const raw = settingsOf(pulumi.runtime.allConfig());
  const neighbours = neighboursOf(configDir, stack);
  return stack === PROD
    ? declareProd(parseOwnerConfig(raw, { neighbours, now }), neighbours)
    : declareDev(parseBorrowerConfig(stack, raw, { neighbours, now }));
}
