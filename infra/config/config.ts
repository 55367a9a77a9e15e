import * as pulumi from "@pulumi/pulumi";
import { PROJECT } from "../names";
import { OWNER_STACK, parseConfig, type Resolved, type Rule } from "./parse";
import {
  adoptionProblems,
  budgetProblems,
  capacityProblems,
  environmentProblems,
  nameProblems,
  storageProblems,
} from "./rules";
import { type BorrowerSettings, borrowerShape, type OwnerSettings, ownerShape } from "./shape";

/** Config of the prod stack. */
export type OwnerConfig = Resolved<OwnerSettings>;

/** Config of the dev stack and of ephemeral ones. */
export type BorrowerConfig = Resolved<BorrowerSettings>;

const COMMON_RULES: readonly Rule<BorrowerSettings | OwnerSettings>[] = [
  [["environments"], (settings) => environmentProblems(settings.stack, settings.environments)],
  [["apps", "environments", "adminUsername"], nameProblems],
  [["apps", "environments", "connectionShare"], budgetProblems],
  [["apps", "environments", "adoptedLogins"], adoptionProblems],
];

const OWNER_RULES: readonly Rule<OwnerSettings>[] = [
  [["instanceClass", "maxConnections", "connectionShare"], capacityProblems],
  [["allocatedStorageGib", "maxAllocatedStorageGib"], storageProblems],
];

/**
 * Parses the prod stack's settings, strictly.
 * @param raw setting names without `portal-db:`, values as the CLI hands them over
 * @throws {ConfigError} with every problem at once
 */
export function parseOwnerConfig(raw: Readonly<Record<string, string>>): OwnerConfig {
  return parseConfig<OwnerSettings>(OWNER_STACK, ownerShape, raw, [...COMMON_RULES, ...OWNER_RULES]);
}

/**
 * Parses the settings of dev or of an ephemeral stack, strictly.
 * @throws {ConfigError} with every problem at once
 */
export function parseBorrowerConfig(stack: string, raw: Readonly<Record<string, string>>): BorrowerConfig {
  return parseConfig<BorrowerSettings>(stack, borrowerShape, raw, COMMON_RULES);
}

/** The stack's raw settings: the one place in the programs that reads Pulumi's config. */
export function rawSettings(): Record<string, string> {
  const prefix = `${PROJECT}:`;
  const settings: Record<string, string> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    if (key.startsWith(prefix)) settings[key.slice(prefix.length)] = value;
  }
  return settings;
}
