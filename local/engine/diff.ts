import { isDeepStrictEqual } from "node:util";
import { opened, type Properties } from "./values";

function comparable(value: unknown, isSet: boolean): unknown {
  const plain = opened(value);
  return isSet && Array.isArray(plain) ? [...plain].map(String).sort() : plain;
}

/**
 * Names of the properties that differ, sorted. A value that is not known yet differs from every other.
 * @param sets properties whose order means nothing
 */
export function changedNames(
  before: Properties,
  after: Properties,
  sets: readonly string[] = [],
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => {
      const isSet = sets.includes(name);
      return !isDeepStrictEqual(comparable(before[name], isSet), comparable(after[name], isSet));
    })
    .sort();
}
