import { type AccessRow, isChanged } from "../../infra/access-diff";
import { accessEffect } from "./access-effect";
import { accessChanges, accessReason } from "./access-findings";
import { type Allowance, allowed, checkAllowances } from "./allowance";
import { type Classified, classify } from "./classify";
import { contextOf, type ReviewContext } from "./context";
import type { Finding } from "./finding";
import { type Group, groupsOf } from "./groups";
import type { Preview } from "./preview";
import type { PreviewedResource } from "./previewed-resource";
import { byRisk, gravest, type Risk } from "./risk";
import { headline, phraseOf } from "./words";

/** One group of resources, judged. */
export interface ReviewedGroup extends Pick<Group, "title" | "app" | "environment"> {
  readonly risk: Risk;
  /** What changes, in one sentence. */
  readonly headline: string;
  /** What is not safe, gravest first. */
  readonly findings: readonly Finding[];
  /** How many findings are safe. */
  readonly safe: number;
}

/** One changing resource of the list. */
export interface ReviewedResource {
  readonly risk: Risk;
  readonly op: string;
  readonly phrase: string;
  readonly urn: string;
}

/** The whole review. */
export interface Review {
  readonly stack: string;
  /** The gravest class that was not let through; `blocks` when the preview is incomplete. */
  readonly verdict: Risk;
  readonly incomplete: readonly string[];
  readonly groups: readonly ReviewedGroup[];
  /** Rules that were broken before and are not by this change. */
  readonly known: readonly Finding[];
  readonly access: readonly AccessRow[];
  readonly resources: readonly ReviewedResource[];
  readonly unchanged: number;
  readonly hidden: number;
  readonly assumed: number;
  readonly allowances: readonly Allowance[];
}

const ROLE = "postgresql:index/role:Role";

/** Findings from the matrix, at the role's own resource where the preview has it. */
function accessFindings(context: ReviewContext, resources: readonly PreviewedResource[]): Finding[] {
  const urnByRole = new Map<string, string>();
  for (const resource of resources) {
    const role = accessEffect(resource, context.renames)?.role;
    if (role === undefined || (urnByRole.has(role) && resource.type !== ROLE)) continue;
    urnByRole.set(role === "public" ? "PUBLIC" : role, resource.urn);
  }
  return accessChanges(context).map((change) => ({
    risk: change.direction === "gains" ? ("widens access" as const) : ("narrows access" as const),
    what: change.role,
    reason: accessReason(change),
    urn: urnByRole.get(change.role) ?? "",
  }));
}

/** Leaves out what the matrix says better: a grant's own line, where its role gains or loses in the same direction. */
function withoutEchoes(
  findings: readonly Finding[],
  said: ReadonlySet<string>,
  urns: ReadonlyMap<string, string>,
): Finding[] {
  return findings.filter(({ risk, urn, reason }) => {
    const role = urns.get(urn);
    return role === undefined || !said.has(`${risk} ${role}`) || !/ (gets|loses) /.test(reason);
  });
}

/** Judges a preview. @throws {PersonError} when an allowance names nothing in it */
export function review(preview: Preview, allowances: readonly Allowance[] = []): Review {
  checkAllowances(allowances, preview);
  const context = contextOf(preview);
  const classified = new Map<PreviewedResource, Classified>();
  for (const resource of preview.resources) {
    const judged = classify(resource, context);
    const isQuiet =
      ["same", "refresh", "read"].includes(resource.op) &&
      judged.findings.every(({ risk }) => risk === "safe");
    if (!isQuiet || judged.known.length > 0) classified.set(resource, judged);
  }
  const changing = [...classified.keys()].filter(
    (one) =>
      !["same", "refresh", "read"].includes(one.op) ||
      classified.get(one)?.findings.some(({ risk }) => risk !== "safe"),
  );
  const matrix = accessFindings(context, changing);
  const roleByUrn = new Map(
    changing.map((one) => {
      const role = accessEffect(one, context.renames)?.role;
      return [one.urn, role === "public" ? "PUBLIC" : (role ?? "")] as const;
    }),
  );
  const said = new Set(matrix.map(({ risk, what }) => `${risk} ${what}`));
  const matrixByUrn = new Map<string, Finding[]>();
  for (const finding of matrix) {
    const ofUrn = matrixByUrn.get(finding.urn);
    if (ofUrn === undefined) matrixByUrn.set(finding.urn, [finding]);
    else ofUrn.push(finding);
  }
  const groups = groupsOf(changing).map((group) => {
    const own = group.resources.flatMap((one) => classified.get(one)?.findings ?? []);
    const inMatrix = group.resources.flatMap(({ urn }) => matrixByUrn.get(urn) ?? []);
    const findings = [...withoutEchoes(own, said, roleByUrn), ...inMatrix];
    return { group, findings: allowed(findings, allowances) };
  });
  const homeless = matrixByUrn.get("") ?? [];
  const reviewed = groups.map(({ group, findings }) => ({
    title: group.title,
    app: group.app,
    environment: group.environment,
    risk: gravest(findings.filter((one) => one.allowed === undefined).map(({ risk }) => risk)),
    headline: headline(group.title, group.app !== undefined, mainFirst(group.resources)),
    findings: findings.filter(({ risk }) => risk !== "safe").sort(byRisk),
    safe: findings.filter(({ risk }) => risk === "safe").length,
  }));
  if (homeless.length > 0) {
    const risk = gravest(homeless.map((one) => one.risk));
    reviewed.push({
      title: "access",
      app: undefined,
      environment: undefined,
      risk,
      headline: "access: follows from the changes above",
      findings: homeless,
      safe: 0,
    });
  }
  return {
    stack: preview.stack,
    verdict: preview.incomplete.length > 0 ? "blocks" : gravest(reviewed.map(({ risk }) => risk)),
    incomplete: preview.incomplete,
    groups: reviewed.sort(byRisk),
    known: [...classified.values()].flatMap(({ known }) => known),
    access: context.rows,
    resources: changing
      .map((one) => ({
        risk: gravest((classified.get(one)?.findings ?? []).map(({ risk }) => risk)),
        op: one.op,
        phrase: phraseOf(one),
        urn: one.urn,
      }))
      .sort(byRisk),
    unchanged: preview.resources.length - changing.length + preview.hidden,
    hidden: preview.hidden,
    assumed: context.assumed,
    allowances,
  };
}

function mainFirst(resources: readonly PreviewedResource[]): PreviewedResource[] {
  const rank = ({ type }: PreviewedResource) =>
    type.startsWith("postgresql:index/schema") ? 0 : type === ROLE ? 1 : 2;
  return [...resources].sort((a, b) => rank(a) - rank(b));
}

/** Rows of the matrix in which a cell changes. */
export function changedRows({ access }: Review): AccessRow[] {
  return access.filter(isChanged);
}
