import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Registers the tests of every `*.cases.ts` in a folder, each under its name, as one test file. Jest loads modules
 * anew for every test file: the SDK takes a second or more of that, TypeScript half a second.
 */
export function describeCases(folder: string): void {
  for (const file of readdirSync(folder).sort()) {
    const [, name] = /^(.+)\.cases\.ts$/.exec(file) ?? [];
    if (name !== undefined) describe(name, () => void require(join(folder, file)));
  }
}
