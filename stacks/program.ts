import * as pulumi from "@pulumi/pulumi";
import { parseBorrowerConfig, parseOwnerConfig } from "../infra/config/config";
import { neighboursOf } from "../infra/config/neighbours";
import { settingsOf } from "../infra/config/stack-file";
import { presentLogGroups } from "../infra/instance/log-groups";
import { instanceIdentifier } from "../infra/instance/settings";
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
export async function declareStack(
  stack: string,
  configDir: string,
  now: Date = new Date(),
): Promise<Record<string, unknown>> {
  const raw = settingsOf(pulumi.runtime.allConfig());
  const neighbours = neighboursOf(configDir, stack);
  if (stack !== PROD) return declareDev(parseBorrowerConfig(stack, raw, { neighbours, now }));
  const config = parseOwnerConfig(raw, { neighbours, now });
  return declareProd(config, neighbours, await presentLogGroups(instanceIdentifier(config)));
}
