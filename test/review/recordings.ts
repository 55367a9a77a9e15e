import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PrintedPreview } from "./engine-preview";

const FOLDER = join(__dirname, "previews");

/** Names of the previews that the official engine printed. */
export function recordingNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

/** Path of a recorded preview. */
export function recordingFile(name: string): string {
  return join(FOLDER, `${name}.json`);
}

/** A recorded preview. */
export function recording(name: string): PrintedPreview {
  return JSON.parse(readFileSync(recordingFile(name), "utf8"));
}
