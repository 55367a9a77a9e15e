import { DeclaredByType } from "../../access/declared-resource";
import type { Environments } from "../../infra/names";
import type { PreviewedResource } from "./resource";

/** What a resource is judged with: which environments there are, and all resources before and after the change. */
export interface Surroundings {
  readonly environments: Environments;
  readonly before: DeclaredByType;
  readonly after: DeclaredByType;
}

/** Gathers a preview's resources, for every one of them to be judged with. */
export function surroundingsOf(
  resources: readonly PreviewedResource[],
  environments: Environments,
): Surroundings {
  const side = (which: "before" | "after") => {
    const found = new DeclaredByType();
    for (const one of resources) {
      const state = which === "after" && one.op === "delete" ? undefined : one[which];
      if (state !== undefined) found.add(one.urn, { type: one.type, ...state });
    }
    return found;
  };
  return { environments, before: side("before"), after: side("after") };
}
