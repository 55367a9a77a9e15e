import { parseBorrowerConfig, parseOwnerConfig } from "../../infra/config/config";
import { type Overrides, settingsOf } from "./settings";

/** Message of the error that a stack's committed settings, some replaced, fail with; empty when they are sound. */
export function messageOf(stack: string, overrides: Overrides = {}): string {
  const settings = settingsOf(stack, overrides);
  try {
    if (stack === "prod") parseOwnerConfig(settings);
    else parseBorrowerConfig(stack, settings);
    return "";
  } catch (error) {
    if (error instanceof Error && error.name === "ConfigError") return error.message;
    throw error;
  }
}

/** The problems in that message, one each. */
export function problemsOf(stack: string, overrides: Overrides = {}): string[] {
  const [, ...lines] = messageOf(stack, overrides).split("\n");
  return lines.map((line) => line.replace(/^ {2}- portal-db:/, ""));
}
