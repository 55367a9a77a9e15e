import { type Environments, PROD } from "../names";
import { lastingEnvironments, type Neighbour, neighbourNamed, neighboursOf } from "./neighbours";
import { parameterProblems, sayingProblems, withParameters } from "./parameter-rules";
import { parseConfig, type Resolved, type Rule } from "./parse";
import { endProblems, iamProblems, readsProblems, timezoneProblems, visitorNameProblems } from "./people";
import {
  adoptionProblems,
  budgetProblems,
  capacityProblems,
  environmentProblems,
  migratorProblems,
  nameProblems,
  storageProblems,
} from "./rules";
import { type BorrowerSettings, borrowerShape, type OwnerSettings, ownerShape } from "./shape";
import { keysOf, readStackFile, settingsOf } from "./stack-file";

/** Config of the prod stack. */
export type OwnerConfig = Resolved<OwnerSettings>;

/** Config of the dev stack and of ephemeral ones. */
export type BorrowerConfig = Resolved<BorrowerSettings>;

/** What a stack's settings are read with. */
export interface ConfigContext {
  /** Stacks whose files stand beside: none of their names may be taken. */
  readonly neighbours?: readonly Neighbour[];
  /** Settings that are set, to a value that only the Pulumi CLI can decrypt. */
  readonly hidden?: readonly string[];
  /**
   * The moment of a deploy, at which nobody's end may have passed. Left out by whoever only looks at a server, or mends
   * it: that must go on though somebody's end has passed.
   */
  readonly now?: Date | undefined;
}

function commonRules(
  known: Environments,
  neighbours: readonly Neighbour[],
  now: Date | undefined,
): Rule<BorrowerSettings | OwnerSettings>[] {
  return [
    [
      ["environments"],
      ({ stack, environments }) => environmentProblems(stack, environments, known, neighbours),
    ],
    [["apps", "environments"], (settings) => nameProblems(settings, neighbours)],
    [["apps", "people", "tools", "environments", "connectionShare"], budgetProblems],
    [["people", "tools", "apps"], readsProblems],
    [["people", "tools"], (settings) => visitorNameProblems(settings, neighbours)],
    [["people", "tools"], (settings) => endProblems(settings, now)],
    [["people", "tools", "sslmode"], iamProblems],
    [["apps", "environments", "adoptedLogins"], adoptionProblems],
    [["apps", "environments", "adoptedLogins"], migratorProblems],
  ];
}

/** What the parameters are judged by. */
const PARAMETERIZED = [
  "parameters",
  "engineVersion",
  "instanceClass",
  "allocatedStorageGib",
  "maxConnections",
] as const;

function ownerRules(neighbours: readonly Neighbour[]): Rule<OwnerSettings>[] {
  return [
    [
      [...PARAMETERIZED, "connectionShare"],
      (settings) => capacityProblems(withParameters(settings), neighbours),
    ],
    [["allocatedStorageGib", "maxAllocatedStorageGib"], storageProblems],
    [PARAMETERIZED, parameterProblems],
    [PARAMETERIZED, sayingProblems],
    [["parameters", "people", "tools"], timezoneProblems],
  ];
}

/**
 * Parses the prod stack's settings, strictly.
 * @param raw setting names without `portal-db:`, values as the CLI hands them over
 * @throws {ConfigError} with every problem at once
 */
export function parseOwnerConfig(
  raw: Readonly<Record<string, string>>,
  { neighbours = [], hidden, now }: ConfigContext = {},
): OwnerConfig {
  const known = lastingEnvironments(neighbours);
  const rules = [...commonRules(known, neighbours, now), ...ownerRules(neighbours)];
  return withParameters(parseConfig<OwnerSettings>(PROD, ownerShape(known), raw, rules, hidden));
}

/** What the rules between prod's settings would refuse a file for that says these. */
export function ownerProblems(config: OwnerConfig, neighbours: readonly Neighbour[]): string[] {
  return ownerRules(neighbours).flatMap(([, problemsOf]) => problemsOf(config));
}

/**
 * Parses the settings of dev or of an ephemeral stack, strictly.
 * @throws {ConfigError} with every problem at once
 */
export function parseBorrowerConfig(
  stack: string,
  raw: Readonly<Record<string, string>>,
  { neighbours = [], hidden, now }: ConfigContext = {},
): BorrowerConfig {
  const known = lastingEnvironments([...neighbours, neighbourNamed(stack, raw)]);
  const rules = commonRules(known, neighbours, now);
  return parseConfig<BorrowerSettings>(stack, borrowerShape(known), raw, rules, hidden);
}

/** Parses the settings of any stack: what every reader of them shares, programs, local, ops and review alike. */
function parseStackConfig(
  stack: string,
  raw: Readonly<Record<string, string>>,
  context: ConfigContext = {},
): OwnerConfig | BorrowerConfig {
  return stack === PROD ? parseOwnerConfig(raw, context) : parseBorrowerConfig(stack, raw, context);
}

/**
 * The config of a stack as its file gives it, next to the other stacks' files. Which logins are adopted is known; their
 * passwords are not, where only the Pulumi CLI can decrypt them.
 * @param now the moment of a deploy; see {@link ConfigContext}
 * @throws {MistakeError} when the file is missing or no YAML, and a {@link ConfigError} with every problem in it
 */
export function stackConfig(configDir: string, stack: string, now?: Date): OwnerConfig | BorrowerConfig {
  const file = readStackFile(configDir, stack);
  const encrypted = Object.keys(
    settingsOf(Object.fromEntries([...file.encrypted.keys()].map((key) => [key, ""]))),
  );
  const raw = settingsOf(file.config);
  const adopted = keysOf(file, "adoptedLogins");
  // Each password is a secret of its own; whose it is, is none, and has to be right.
  const isKnown = encrypted.includes("adoptedLogins") && adopted.length > 0;
  if (isKnown)
    raw.adoptedLogins = JSON.stringify(Object.fromEntries(adopted.map((key) => [key, "encrypted"])));
  const hidden = isKnown ? encrypted.filter((name) => name !== "adoptedLogins") : encrypted;
  const neighbours = neighboursOf(configDir, stack);
  const config = parseStackConfig(stack, raw, { neighbours, hidden, now });
  if (!encrypted.includes("adoptedLogins")) return config;
  return { ...config, adoptedLogins: Object.fromEntries(adopted.map((key) => [key, ""])) };
}
