import type { z } from "zod";
import { MistakeError } from "../mistake";
import { defaultEnvironments, PROJECT } from "../names";

/** Settings with the stack's environments filled in. */
export type Resolved<T> = Omit<T, "environments"> & {
  readonly stack: string;
  readonly environments: readonly string[];
};

/** Every problem of a stack's file in one message; shown without a stack trace. */
export class ConfigError extends MistakeError {
  constructor(stack: string, problems: readonly string[]) {
    const lines = problems.map((problem) => `  - ${PROJECT}:${problem}`);
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(`the config of stack ${stack} has ${count}; nothing was declared:\n${lines.join("\n")}`);
  }
}

/** Whose settings a map holds. */
const WHOSE: Readonly<Record<string, string>> = {
  apps: " for an app's settings",
  people: " for a person's settings",
  tools: " for a tool's settings",
};

/** One line an issue: where, what is wrong; secrets' values are never part of it. */
function describe(setting: string, issue: z.core.$ZodIssue): string[] {
  const where = [setting, ...issue.path].join(".");
  if (issue.code === "unrecognized_keys") {
    const whose = issue.path.length > 0 ? (WHOSE[setting] ?? "") : "";
    return issue.keys.map((key) => `${where}.${key}: unknown setting; see the README${whose}`);
  }
  if (issue.code === "invalid_key") return issue.issues.map((inner) => `${where}: ${inner.message}`);
  return [`${where}: ${issue.message}`];
}

/** Settings that went, and what stands in their place. */
const FORMER: Readonly<Record<string, string>> = {
  adminUsername: "is masterUsername now, in prod's file alone",
  adminPassword: "is masterPassword now, in prod's file alone",
  prodStack: "is not needed any more, take it out: the secret portal-db/dev-admin says where the instance is",
};

/** What every reader of a file asks for; the rest only the programs need, which see it decrypted. */
const READ_BY_ALL = ["apps", "maxConnections", "parameters", "people", "tools"];

/** Parses each setting by itself, so that one bad value hides no other. */
function parseSettings(
  shape: Readonly<Record<string, z.ZodType>>,
  raw: Readonly<Record<string, string>>,
  hidden: readonly string[],
) {
  const values: Record<string, unknown> = {};
  const known = Object.keys(shape);
  const problems = [...Object.keys(raw), ...hidden]
    .filter((key) => !known.includes(key))
    .map((key) =>
      Object.hasOwn(FORMER, key)
        ? `${key}: ${FORMER[key]}`
        : `${key}: unknown setting; known are ${known.join(", ")}`,
    );
  for (const [key, schema] of Object.entries(shape)) {
    const result = schema.safeParse(raw[key]);
    if (hidden.includes(key) && READ_BY_ALL.includes(key))
      problems.push(`${key}: is encrypted, and is no secret: set it in plain`);
    else if (result.success) values[key] = result.data;
    else if (hidden.includes(key)) continue;
    else if (raw[key] === undefined) problems.push(`${key}: is missing; set it in the stack's file`);
    else problems.push(...result.error.issues.flatMap((issue) => describe(key, issue)));
  }
  return { values, problems };
}

/** A rule between settings, and the settings that it cannot be looked at without. */
export type Rule<T> = readonly [needs: readonly (keyof T)[], problems: (settings: Resolved<T>) => string[]];

/**
 * Parses every setting, then looks at each rule whose settings are sound.
 * @param hidden settings that are set, to a value that only the Pulumi CLI can decrypt
 * @throws {ConfigError} with every problem at once
 */
export function parseConfig<T extends { readonly environments?: readonly string[] | undefined }>(
  stack: string,
  shape: Readonly<Record<string, z.ZodType>>,
  raw: Readonly<Record<string, string>>,
  rules: readonly Rule<T>[],
  hidden: readonly string[] = [],
): Resolved<T> {
  const { values, problems } = parseSettings(shape, raw, hidden);
  // Sound as far as a rule's `needs` go; complete once there is no problem.
  const parsed = values as T;
  const settings = { ...parsed, stack, environments: parsed.environments ?? defaultEnvironments(stack) };
  for (const [needs, problemsOf] of rules) {
    if (needs.every((key) => key in values)) problems.push(...problemsOf(settings));
  }
  if (problems.length > 0) throw new ConfigError(stack, problems);
  return settings;
}
