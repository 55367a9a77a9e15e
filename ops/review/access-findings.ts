import { roleName } from "../../access/facts";
import type { ChangedAccess } from "./access";
import type { Cause, Judgement, Risk } from "./finding";
import type { PreviewedResource } from "./resource";

const RISK_BY_DIRECTION = {
  gains: "widens access",
  loses: "narrows access",
  neither: "safe",
  unknown: "widens access",
} as const;

/** What an access resource's change means; being part of a new or a dropped role or schema is safe by itself. */
export function accessOfResource(
  { urn }: PreviewedResource,
  { effects, made, gone }: ChangedAccess,
): Cause & { readonly risk: Risk } {
  const effect = effects.get(urn);
  const { role, schema, added = [], removed = [] } = effect ?? {};
  const isIn = (names: ReadonlySet<string>, name: string | undefined) =>
    name !== undefined && names.has(name);
  const isPartOfNew = isIn(made, role) && (schema === undefined || made.has(schema));
  const isPartOfGone = isIn(gone, role) || isIn(gone, schema);
  const is = (direction: keyof typeof RISK_BY_DIRECTION, rights = added) => ({
    kind: "access of a resource" as const,
    risk: RISK_BY_DIRECTION[direction],
    role,
    schema,
    direction,
    rights,
  });
  if (effect === undefined || effect.isUnknown) return is("unknown", []);
  if (added.length > 0 && !isPartOfNew) return is("gains");
  if (removed.length > 0 && !isPartOfGone) return is("loses", removed);
  return is("neither", []);
}

/** What the matrix says, at the role's own resource where the preview changes it; without a URN where it has none. */
export function accessOfMatrix(
  { changes, effects }: ChangedAccess,
  resources: readonly PreviewedResource[],
): Judgement[] {
  const urnByRole = new Map<string, string>();
  for (const { urn, type } of resources) {
    const role = effects.get(urn)?.role;
    if (role === undefined || (urnByRole.has(role) && type !== "postgresql:index/role:Role")) continue;
    urnByRole.set(roleName(role), urn);
  }
  return changes.map((change) => ({
    kind: "access matrix" as const,
    ...change,
    risk: RISK_BY_DIRECTION[change.direction],
    what: change.role,
    urn: urnByRole.get(change.role) ?? "",
  }));
}

/**
 * Tells the findings that the matrix says better: a grant's own line, where its role gains or loses in the same
 * direction on the same schema; of a membership, on any. Both would say one change twice.
 */
export function echoesOf(changes: ChangedAccess["changes"]): (judgement: Judgement) => boolean {
  return (one) =>
    one.kind === "access of a resource" &&
    one.role !== undefined &&
    changes.some(
      ({ role, direction, schema }) =>
        role === roleName(one.role ?? "") &&
        direction === one.direction &&
        (one.schema === undefined || one.schema === schema),
    );
}
