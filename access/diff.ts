import { type AccessMatrix, NO_SCHEMA, RIGHTS, type Right, rightsOf, schemasOf } from "./matrix";

/** One role and one schema, before and after a change. */
export interface AccessRow {
  readonly role: string;
  /** The schema, or `—` for a role that may connect and nothing else. */
  readonly schema: string;
  readonly before: readonly Right[];
  readonly after: readonly Right[];
  /** Rights that the role has now and had not. */
  readonly gained: readonly Right[];
  /** Rights that the role had. */
  readonly lost: readonly Right[];
}

const inOrder = (a: AccessRow, b: AccessRow) =>
  a.role === b.role ? (a.schema < b.schema ? -1 : 1) : a.role < b.role ? -1 : 1;

/** Every role and schema with a right before or after, by role and schema; `gained` and `lost` mark the changed cells. */
export function accessRows(before: AccessMatrix, after: AccessMatrix): AccessRow[] {
  const roles = new Set([before, after].flatMap(({ connects, rights }) => [...connects, ...rights.keys()]));
  const rows: AccessRow[] = [];
  for (const role of roles) {
    const schemas = new Set([...schemasOf(before, role), ...schemasOf(after, role)]);
    // The row of a role that merely connects says nothing where it has rights on a schema on the other side.
    if (schemas.size > 1) schemas.delete(NO_SCHEMA);
    for (const schema of schemas) {
      const had = rightsOf(before, role, schema);
      const has = rightsOf(after, role, schema);
      rows.push({
        role,
        schema,
        before: RIGHTS.filter((right) => had.has(right)),
        after: RIGHTS.filter((right) => has.has(right)),
        gained: RIGHTS.filter((right) => has.has(right) && !had.has(right)),
        lost: RIGHTS.filter((right) => had.has(right) && !has.has(right)),
      });
    }
  }
  return rows.sort(inOrder);
}

/** Whether a cell of the row changes. */
export function isChanged({ gained, lost }: AccessRow): boolean {
  return gained.length > 0 || lost.length > 0;
}
