import { inputOf, isOn, textOf } from "../../access/declared-resource";
import { type KIND_BY_TYPE, kindEntry } from "../../policy/resource-types";
import type { PreviewedResource, ResourceState } from "./resource";

/** What a resource is. A role that logs in is a `login`; a component has nothing but children. */
export type Kind = (typeof KIND_BY_TYPE)[keyof typeof KIND_BY_TYPE][0] | "login" | "unknown type";

/**
 * What a resource is; a type that nobody has put down is `unknown type`, which is never taken for safe. A resource under a
 * component's type needs a provider of that name, whose own type is unknown.
 */
export function kindOf({ type, inputs }: Pick<ResourceState, "inputs"> & { readonly type: string }): Kind {
  const [kind] = kindEntry(type) ?? ["unknown type" as const];
  return kind === "role" && isOn(inputOf(inputs, "login")) ? "login" : kind;
}

/** What a resource is, as far as either side of the change says. */
export function kindOfResource({ type, before, after }: PreviewedResource): Kind {
  return kindOf({ type, inputs: (after ?? before)?.inputs ?? {} });
}

/** The name that people know a resource by: in Postgres or AWS, otherwise the logical one. */
export function subjectOf({ type, name, before, after }: PreviewedResource): string {
  const key = kindEntry(type)?.[1] ?? "";
  return (key === "" ? undefined : textOf((after ?? before)?.inputs ?? {}, key)) ?? name;
}

/** Kind and name, e.g. `schema wms_prod`; of a type that nobody has judged, the type. */
export function whatOf(resource: PreviewedResource): string {
  return `${nounOf(resource)} ${subjectOf(resource)}`;
}

/** What a resource is called: its kind, or its type where that is no kind. */
export function nounOf(resource: PreviewedResource): string {
  const kind = kindOfResource(resource);
  return kind === "unknown type" ? resource.type : kind;
}
