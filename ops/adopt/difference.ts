import type { OwnerConfig } from "../../infra/config/config";
import type { Neighbour } from "../../infra/config/neighbours";
import type { FoundInstance } from "./found-instance";

/** Where the stack's file makes of the instance what somebody would not want. */
export interface InstanceDifference {
  /** What is, and what becomes of it. */
  readonly what: string;
  /** What to put into the stack's file, or to type, a line each; none where nothing keeps it. */
  readonly cure: readonly string[];
  /** Whether the deploy would fail by it. */
  readonly stops?: boolean;
}

/** What the differences are looked for in. */
export interface Compared extends FoundInstance {
  readonly config: OwnerConfig;
  /** The stacks beside, whose connections have to fit in, too. */
  readonly neighbours: readonly Neighbour[];
  /** Whether the stack's file sets the master's password, in plain or encrypted. */
  readonly hasMasterPassword: boolean;
  /** Whether the stack has been deployed on it: what it replaced is its own then. */
  readonly isAdopted: boolean;
  /** What the file says once the lines are in it that are printed of all but what people have set. */
  readonly proposed: OwnerConfig;
}

/** A setting's line in the stack's file. */
export const setting = (name: string, value: string | number | boolean): string =>
  `portal-db:${name}: ${JSON.stringify(String(value))}`;

/** The same of a setting that is a map. A bare key could be another thing to YAML: null, true, 2024. */
export const settingMap = (name: string, map: Readonly<Record<string, string>>): string[] => [
  `portal-db:${name}:`,
  ...Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`),
];

/** What a file says once the printed lines of single settings are in it. An upgrade that it lets through stays one. */
export function withLines(config: OwnerConfig, lines: readonly string[]): OwnerConfig {
  const said = lines.flatMap((line) => {
    const [, name = "", json = ""] = /^portal-db:(\w+): (".*")$/.exec(line) ?? [];
    const old = (config as Readonly<Record<string, unknown>>)[name];
    const isUpgrade = name === "engineVersion" && Number(JSON.parse(json || "0")) < Number(old);
    if (name === "" || (config.allowMajorVersionUpgrade && isUpgrade)) return [];
    const text: string = JSON.parse(json);
    const value = typeof old === "number" ? Number(text) : typeof old === "boolean" ? text === "true" : text;
    return [[name, value] as const];
  });
  return { ...config, ...Object.fromEntries(said) };
}

/** What becomes of what no setting keeps. */
export const KEPT_BY_NONE = "no setting keeps it";
