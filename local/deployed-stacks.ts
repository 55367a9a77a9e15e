import { readdirSync } from "node:fs";
import { State } from "./engine/state";

/** Names of the stacks that have a state: prod first, since the others borrow from it. */
export function deployedStacks(stateDir: string): readonly string[] {
  let files: readonly string[] = [];
  try {
    files = readdirSync(stateDir);
  } catch {
    return [];
  }
  const names = files
    .map((file) => /^(.+)\.(json|journal)$/.exec(file)?.[1] ?? "")
    .filter((name) => name !== "");
  const rank = (name: string): string => (name === "prod" ? "0" : name === "dev" ? "1" : `2${name}`);
  return [...new Set(names)]
    .filter((name) => !State.read(stateDir, name).isEmpty)
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}
