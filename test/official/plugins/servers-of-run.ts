import { readFileSync } from "node:fs";
import { type Places, placesOf } from "../../../local/places";
import type { ServerRecord } from "../../../local/platform";

/** Names the folder of the platform whose servers the stand-ins work on: the engine starts them, and hands on its environment. */
export const PLATFORM_VARIABLE = "PORTAL_DB_STAND_IN_PLATFORM";

/** The servers that the environment names. @throws Error where it names none */
export function serversOfRun(): { readonly places: Places; readonly servers: ServerRecord } {
  const folder = process.env[PLATFORM_VARIABLE];
  if (folder === undefined) throw new Error(`${PLATFORM_VARIABLE} names no platform`);
  const places = placesOf(folder);
  return { places, servers: JSON.parse(readFileSync(places.serversFile, "utf8")) as ServerRecord };
}
