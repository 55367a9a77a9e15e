import type { StackRun } from "./stack-run";

/** Logical names of what each custom resource depends on directly, by its own; sorted. */
export function dependenciesByName(run: StackRun): Record<string, string[]> {
  return run.byName((r) => r.dependencies.map((identity) => identity.split("::")[1] ?? "").sort());
}

/** Every name that a resource depends on, directly or through others. */
function reachedFrom(name: string, direct: Readonly<Record<string, string[]>>): Set<string> {
  const reached = new Set<string>();
  const pending = [...(direct[name] ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    pending.push(...(direct[next] ?? []));
  }
  return reached;
}

/**
 * Pairs `later after earlier` of what is in one run and not in the next, where the later one depends on the earlier
 * one, but only by way of what stays. The engine orders deletions by links among what goes alone.
 */
export function unorderedRemovals(run: StackRun, next: StackRun): string[] {
  const direct = dependenciesByName(run);
  const staying = new Set(Object.keys(dependenciesByName(next)));
  const going = Object.keys(direct).filter((name) => !staying.has(name));
  const amongGoing = Object.fromEntries(
    going.map((name) => [name, (direct[name] ?? []).filter((needed) => !staying.has(needed))]),
  );
  return going.flatMap((later) => {
    const reached = reachedFrom(later, amongGoing);
    const needed = [...reachedFrom(later, direct)].filter((name) => !staying.has(name));
    return needed.filter((earlier) => !reached.has(earlier)).map((earlier) => `${later} after ${earlier}`);
  });
}

/** Pairs of an order, `later after earlier`: every two names of different steps. */
export function pairsOf(steps: readonly (readonly string[])[]): string[] {
  return steps.flatMap((later, index) =>
    later.flatMap((name) =>
      steps.slice(0, index).flatMap((earlier) => earlier.map((e) => `${name} after ${e}`)),
    ),
  );
}

/**
 * The pairs of an order that a program does not hold: the later one does not depend on the earlier one.
 * @throws when a name of the order is not declared, or is declared twice
 */
export function brokenPairs(run: StackRun, steps: readonly (readonly string[])[]): string[] {
  const direct = dependenciesByName(run);
  for (const name of steps.flat()) run.the(name);
  return pairsOf(steps).filter((pair) => {
    const [later = "", earlier = ""] = pair.split(" after ");
    return !reachedFrom(later, direct).has(earlier);
  });
}
