import { type Options, stackNameOf, type Values, wholeOf } from "../cli/arguments";
import { CONFIG_DIR, YES } from "../cli/options";
import { type Places, placesOf, requireReadable } from "./places";

/** Which platform: every command takes these, so that a script may give them to all. */
export const PLATFORM = {
  dir: { type: "string", value: "FOLDER", help: "where the platform keeps its data (default: .local)" },
  ...CONFIG_DIR,
  "tools-dir": {
    type: "string",
    value: "FOLDER",
    help: "where the AWS emulator is installed (default: PORTAL_DB_TOOLS, then .local/tools)",
  },
  port: { type: "string", value: "NUMBER", help: "where Postgres listens (default: where it did, or 6543)" },
} as const satisfies Options;

/** Commands that work on stacks. */
export const STACK = {
  stack: { type: "string", value: "STACK", help: "only this stack, such as prod, dev or pr-42" },
} as const satisfies Options;

/** Commands that programs read, too. */
export const JSON_OUTPUT = {
  json: { type: "boolean", help: "print JSON, for programs" },
} as const satisfies Options;

/** What several commands take. */
export const SHARED: Options = { ...STACK, ...YES, ...JSON_OUTPUT, ...PLATFORM };

/** A platform, as the command line names it. */
export interface Platform {
  readonly places: Places;
  /** Where Postgres shall listen; undefined: where it did, or 6543. */
  readonly port: number | undefined;
}

/**
 * The platform that a command works on.
 * @throws {UsageError} for a bad port, and a MistakeError for a platform that is another user's
 */
export function platformOf(values: Values<typeof PLATFORM>): Platform {
  const { dir, "config-dir": configDir, "tools-dir": toolsDir, port } = values;
  const number = port === undefined ? undefined : wholeOf("--port", port, 1, 65535);
  const places = placesOf(dir, configDir, toolsDir);
  requireReadable(places);
  return { places, port: number };
}

/** The one stack to work on; undefined: all of them. @throws {UsageError} for a bad name */
export function stackOf({ stack }: Values<typeof STACK>): string | undefined {
  return stack === undefined ? undefined : stackNameOf(stack);
}
