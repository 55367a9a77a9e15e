import type { Properties } from "./values";

/** A resource as a state file keeps it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Whether a handler makes it; components only group others. */
  readonly custom: boolean;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** URNs of what it needs, its parent and provider among them. */
  readonly needs: readonly string[];
  /** `urn::id` of its provider, when the program names one. */
  readonly provider: string;
  readonly protect: boolean;
  /** What the AWS emulator's ids were drawn from, so that they can be drawn again. */
  readonly seed: string;
}

/** Resources in an order in which each comes after everything it needs. */
export function inOrder(resources: Iterable<Resource>): readonly Resource[] {
  const list = [...resources];
  const byUrn = groups(list);
  const done = new Set<Resource>();
  const ordered: Resource[] = [];
  const visit = (resource: Resource): void => {
    if (done.has(resource)) return;
    done.add(resource);
    for (const urn of resource.needs) for (const needed of byUrn.get(urn) ?? []) visit(needed);
    ordered.push(resource);
  };
  for (const resource of list) visit(resource);
  return ordered;
}

function groups(list: readonly Resource[]): Map<string, Resource[]> {
  const byUrn = new Map<string, Resource[]>();
  for (const resource of list) byUrn.set(resource.urn, [...(byUrn.get(resource.urn) ?? []), resource]);
  return byUrn;
}
