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
