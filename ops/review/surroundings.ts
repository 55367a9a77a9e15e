import type { DeclaredResource } from "../../access/declared-resource";
import type { Environments } from "../../infra/names";
import type { PreviewedResource } from "./resource";

/** What a resource is judged with: which environments there are, and all resources before and after the change. */
export interface Surroundings {
  readonly environments: Environments;
  readonly before: readonly Declared[];
  readonly after: readonly Declared[];
}

type Declared = Pick<DeclaredResource, "type" | "inputs" | "provider">;

/** Gathers a preview's resources, for every one of them to be judged with. */
export function surroundingsOf(
  resources: readonly PreviewedResource[],
  environments: Environments,
): Surroundings {
  const side = (which: "before" | "after") =>
    resources.flatMap((one) => {
      const state = which === "after" && one.op === "delete" ? undefined : one[which];
      return state === undefined ? [] : [{ type: one.type, inputs: state.inputs, provider: state.provider }];
    });
  return { environments, before: side("before"), after: side("after") };
}
