import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const PREFIX = "portal-db:";
const ROOT = join(__dirname, "../..");

/** Settings by name without `portal-db:`; null takes a committed one away. */
export type Overrides = Readonly<Record<string, unknown>>;

/** What the Pulumi CLI hands a program for a value of the stack's file: text, or JSON text. */
function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The committed settings of a stack by name without `portal-db:`, as the CLI hands them over. */
export function committedSettings(stack: string): Record<string, string> {
  const file = parse(readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8")) as {
    readonly config: Readonly<Record<string, unknown>>;
  };
  return Object.fromEntries(
    Object.entries(file.config)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, value]) => [key.slice(PREFIX.length), asText(value)]),
  );
}

/** The committed settings with some replaced. A stack without a file has dev's, without its environments. */
export function settingsOf(stack: string, overrides: Overrides = {}): Record<string, string> {
  const hasFile = stack === "prod" || stack === "dev";
  const settings = committedSettings(hasFile ? stack : "dev");
  if (!hasFile) delete settings.environments;
  for (const [key, value] of Object.entries(overrides)) {
    if (value === null) delete settings[key];
    else settings[key] = asText(value);
  }
  return settings;
}
