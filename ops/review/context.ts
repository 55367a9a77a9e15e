import { textOf } from "../../access/declared-resource";
import { type AccessRow, accessMatrix, accessRows } from "../../access/matrix";
import { assumedResources } from "./assumed";
import type { Preview } from "./preview";
import type { PreviewedResource } from "./previewed-resource";
import { type Renames, renamesOf } from "./renames";

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

const NAMED = ["postgresql:index/role:Role", "postgresql:index/schema:Schema"];

function namesOf(resources: readonly PreviewedResource[], op: "create" | "delete"): Set<string> {
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
    made: namesOf(resources, "create"),
    gone: namesOf(resources, "delete"),
    rows: accessRows(accessMatrix(side("before")), accessMatrix(side("after"))),
    assumed: assumed.length,
  };
}
