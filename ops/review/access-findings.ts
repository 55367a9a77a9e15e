import { roleName } from "../../access/facts";
import { accessChanges, accessReason } from "./access-changes";
import { accessEffect } from "./access-effect";
import type { ReviewContext } from "./context";
import type { Finding } from "./finding";
import type { PreviewedResource } from "./previewed-resource";

const ROLE = "postgresql:index/role:Role";

/** Findings from the matrix, at the role's own resource where the preview has it; without a URN where it has none. */
export function accessFindings(context: ReviewContext, resources: readonly PreviewedResource[]): Finding[] {
  const urnByRole = new Map<string, string>();
  for (const resource of resources) {
    const role = accessEffect(resource, context.renames)?.role;
    if (role === undefined || (urnByRole.has(role) && resource.type !== ROLE)) continue;
    urnByRole.set(roleName(role), resource.urn);
  }
  return accessChanges(context).map((change) => ({
    risk: change.direction === "gains" ? ("widens access" as const) : ("narrows access" as const),
    what: change.role,
    reason: accessReason(change),
    urn: urnByRole.get(change.role) ?? "",
  }));
}

/**
 * Tells the findings that the matrix says better: a grant's own line, where its role gains or loses in the same
 * direction. Both would say one change twice.
 */
export function echoesOf(
  matrix: readonly Finding[],
  resources: readonly PreviewedResource[],
  { renames }: ReviewContext,
): (finding: Finding) => boolean {
  const said = new Set(matrix.map(({ risk, what }) => `${risk} ${what}`));
  const roleByUrn = new Map(
    resources.map((one) => [one.urn, roleName(accessEffect(one, renames)?.role ?? "")] as const),
  );
  return ({ risk, urn, reason }) => {
    const role = roleByUrn.get(urn);
    return role !== undefined && said.has(`${risk} ${role}`) && / (gets|loses) /.test(reason);
  };
}
