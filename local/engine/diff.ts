import { isDeepStrictEqual } from "node:util";
import type { Handler } from "./handler";
import { changedNames, isRecord, opened, type Properties } from "./values";

/** How a resource's new inputs differ from the old ones, and what that means. */
export interface Diff {
  /** Names of the properties that differ, sorted. */
  readonly names: readonly string[];
  /** Those of them whose change means a new resource. */
  readonly replaces: readonly string[];
  /** Whether the old one has to go first: what the program names itself may have to give its name free. */
  readonly deleteBeforeReplace: boolean;
}

/** Compares the inputs as the official providers do. */
export function diffOf(handler: Handler, before: Properties, after: Properties): Diff {
  const old = opened({ ...handler.defaults, ...before });
  const now = opened({ ...handler.defaults, ...after });
  const names = changedNames(old, now, handler.sets).filter(
    (name) => handler.same?.(name, old, now) !== true,
  );
  const { replaceOn } = handler;
  const sometimes = handler.replacesIf?.(old, now) ?? [];
  const replaces = names.filter(
    (name) =>
      replaceOn === true ||
      sometimes.includes(name) ||
      replaceOn.some((path) => path.split(".")[0] === name && differs(path, old, now)),
  );
  // The bridge to the providers does not ask whether the name stays: whatever a program names goes first.
  const goesFirst = handler.deleteBeforeReplace === true || now.name !== undefined;
  return { names, replaces, deleteBeforeReplace: replaces.length > 0 && goesFirst };
}

function differs(path: string, before: Properties, after: Properties): boolean {
  const at = (inputs: Properties): unknown =>
    path.split(".").reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), inputs);
  return !isDeepStrictEqual(at(before), at(after));
}
