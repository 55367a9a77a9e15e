import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { until } from "../../local/servers/processes";

/** A file that is being written is empty for less, in milliseconds. */
const SETTLED_MS = 2000;

/** Where a backend that is a folder keeps its files; undefined for every other one. */
function folderOf(url: string): string | undefined {
  const [, path] = /^file:\/\/([^?]*)/.exec(url) ?? [];
  return path === undefined ? undefined : join(path.replace(/^~/, homedir()), ".pulumi");
}

/**
 * Takes away what a kill may leave of a write to a folder: beside each file stands one of attributes, which the CLI does
 * without, but cannot read while it is empty ("failed to load checkpoint: EOF"). A bucket writes all or nothing.
 * @param url of the backend, as the CLI says it
 * @returns what was taken away
 */
export async function dropCutOffWrites(url: string, stack: string): Promise<string[]> {
  const root = folderOf(url);
  const dropped: string[] = [];
  if (root === undefined) return dropped;
  for (const part of ["stacks", "locks"].map((name) => join(root, name)).filter(existsSync)) {
    const files = readdirSync(part, { recursive: true, encoding: "utf8" });
    for (const name of files.filter((file) => isOfStack(file, stack))) {
      const file = join(part, name);
      // Undefined once it is gone, or has got what belongs in it.
      const age = (): number | undefined => {
        const found = statSync(file, { throwIfNoEntry: false });
        return found?.size === 0 ? Date.now() - found.mtimeMs : undefined;
      };
      await until(2 * SETTLED_MS, () => (age() ?? SETTLED_MS) >= SETTLED_MS || undefined);
      if ((age() ?? 0) < SETTLED_MS) continue;
      rmSync(file, { force: true });
      dropped.push(file);
    }
  }
  return dropped;
}

/** `<project>/<stack>.json.attrs` of a state, `…/<stack>/<lock>.json.attrs` of a lock. */
const isOfStack = (file: string, stack: string): boolean =>
  file.endsWith(".attrs") &&
  file.split(/[\\/]/).some((word) => word === stack || word.startsWith(`${stack}.json`));
