import { type AccessRow, accessRows } from "../../access/diff";
import { textOf } from "../../access/inputs";
import { accessMatrix } from "../../access/matrix";
import { assumedResources } from "./assumed";
import type { Preview } from "./preview";
import type { PreviewedResource } from "./resource";

/** Old to new names of the roles and schemas that a change renames. */
export interface Renames {
  readonly roles: ReadonlyMap<string, string>;
  readonly schemas: ReadonlyMap<string, string>;
}

/** What a change can only be judged with: the rest of it. */
export interface ReviewContext {
  readonly stack: string;
  readonly renames: Renames;
  /** Roles and schemas that the change makes, by name. */
  readonly made: ReadonlySet<string>;
  /** Roles and schemas that it drops. */
  readonly gone: ReadonlySet<string>;
  /** The access matrix, before and after. */
  readonly rows: readonly AccessRow[];
  /** How many resources the preview does not show were taken from the stack's settings. */
  readonly assumed: number;
}

/** Finds the roles and schemas that keep their identity and get another name. */
function renamesOf(resources: readonly PreviewedResource[]): Renames {
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

const NAMED = ["postgresql:index/role:Role", "postgresql:index/schema:Schema"];

function namesThat(resources: readonly PreviewedResource[], op: "create" | "delete"): Set<string> {
  const found = resources
    .filter((resource) => NAMED.includes(resource.type) && resource.op === op)
    .map(({ before, after }) => textOf((op === "create" ? after : before)?.inputs ?? {}, "name"));
  return new Set(found.filter((name) => name !== undefined));
}

/** Works out what the whole change does to roles, schemas and access. */
export function contextOf(preview: Preview): ReviewContext {
  const { resources, stack } = preview;
  const assumed = assumedResources(preview);
  const side = (which: "before" | "after") => [
    ...assumed,
    ...resources.flatMap((resource) => {
      const state = which === "after" && resource.op === "delete" ? undefined : resource[which];
      return state === undefined ? [] : [{ type: resource.type, inputs: state.inputs }];
    }),
  ];
  return {
    stack,
    renames: renamesOf(resources),
    made: namesThat(resources, "create"),
    gone: namesThat(resources, "delete"),
    rows: accessRows(accessMatrix(side("before")), accessMatrix(side("after"))),
    assumed: assumed.length,
  };
}
