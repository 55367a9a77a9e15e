import { textOf } from "../../access/declared-resource";
import type { PreviewedResource } from "./previewed-resource";

/** Old to new names of the roles and schemas that a change renames. */
export interface Renames {
  readonly roles: ReadonlyMap<string, string>;
  readonly schemas: ReadonlyMap<string, string>;
}

/** Finds the roles and schemas that keep their identity and get another name. */
export function renamesOf(resources: readonly PreviewedResource[]): Renames {
  const of = (type: string) =>
    new Map(
      resources
        .filter((resource) => resource.type === type && resource.op === "update")
        .map(
          ({ before, after }) =>
            [textOf(before?.inputs ?? {}, "name"), textOf(after?.inputs ?? {}, "name")] as const,
        )
        .filter(
          (pair): pair is [string, string] =>
            pair[0] !== undefined && pair[1] !== undefined && pair[0] !== pair[1],
        ),
    );
  return { roles: of("postgresql:index/role:Role"), schemas: of("postgresql:index/schema:Schema") };
}
