import { PUBLIC } from "../../access/facts";
import { type AccessRow, NO_SCHEMA, type Right } from "../../access/matrix";
import type { ReviewContext } from "./context";

/** A role that gains or loses rights on a schema, in words. */
export interface AccessChange {
  readonly role: string;
  readonly schema: string;
  readonly direction: "gains" | "loses";
  readonly rights: readonly Right[];
}

/** Rights of a renamed role or schema before, under the new name. */
function underNewNames(
  rows: readonly AccessRow[],
  { roles, schemas }: ReviewContext["renames"],
): Map<string, Set<Right>> {
  const before = new Map<string, Set<Right>>();
  for (const { role, schema, before: rights } of rows) {
    const key = `${roles.get(role) ?? role} ${schemas.get(schema) ?? schema}`;
    before.set(key, new Set([...(before.get(key) ?? []), ...rights]));
  }
  return before;
}

/**
 * Who may do more or less than before on what was there before. Not among it: a new role's rights on a new schema,
 * what went with a dropped role or schema, and the same rights under another name.
 */
export function accessChanges({ rows, renames, made, gone }: ReviewContext): AccessChange[] {
  const before = underNewNames(rows, renames);
  const oldNames = new Set([...renames.roles.keys(), ...renames.schemas.keys()]);
  const isMoved = ({ role, schema }: AccessRow) => oldNames.has(role) || oldNames.has(schema);
  const changes: AccessChange[] = [];
  for (const row of rows) {
    if (isMoved(row)) continue;
    const { role, schema, after } = row;
    const had = before.get(`${role} ${schema}`) ?? new Set<Right>();
    const gained = after.filter((right) => !had.has(right));
    const isNew = made.has(role) && (made.has(schema) || schema === NO_SCHEMA);
    if (gained.length > 0 && !isNew) changes.push({ role, schema, direction: "gains", rights: gained });
    const lost = [...had].filter((right) => !after.includes(right));
    const isGone = gone.has(role) || gone.has(schema);
    if (lost.length > 0 && !isGone) changes.push({ role, schema, direction: "loses", rights: lost });
  }
  return changes;
}

/** The change as a sentence's end, e.g. `gains read on wms_prod`. */
export function accessReason({ role, schema, direction, rights }: AccessChange): string {
  const place = schema === NO_SCHEMA ? "the database" : schema;
  return `${direction} ${rights.join(", ")} on ${place}${role === PUBLIC ? "; PUBLIC is every role there is" : ""}`;
}
