import type { Handler } from "./handler";
import { changedNames, type Properties } from "./values";

/** How a resource's new inputs differ from the old ones, and what that means. */
export interface Diff {
  /** Names of the properties that differ, sorted. */
  readonly names: readonly string[];
  /** Those of them whose change means a new resource. */
  readonly replaces: readonly string[];
  /** Whether the old one has to go first: two resources cannot have one name at a time. */
  readonly deleteBeforeReplace: boolean;
}

/** Compares the inputs as the official providers do. */
export function diffOf(handler: Handler, before: Properties, after: Properties): Diff {
  const names = changedNames(before, after, handler.sets);
  const { replaceOn } = handler;
  const replaces = names.filter((name) => replaceOn === true || replaceOn.includes(name));
  const deleteBeforeReplace = replaces.length > 0 && before.name !== undefined && !names.includes("name");
  return { names, replaces, deleteBeforeReplace };
}
