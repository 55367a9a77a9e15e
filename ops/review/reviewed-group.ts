import { accessFindings, echoesOf } from "./access-findings";
import { type Allowance, allowed } from "./allowance";
import type { Classified } from "./classify";
import type { ReviewContext } from "./context";
import type { Finding } from "./finding";
import { type Group, groupsOf } from "./groups";
import type { PreviewedResource } from "./previewed-resource";
import { byRisk, gravest, type Risk } from "./risk";
import { headline } from "./words";

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

/** What changes, judged a group at a time; what the access matrix adds stands at its resource, or in a group of its own. */
export function reviewedGroups(
  changing: ReadonlyMap<PreviewedResource, Classified>,
  context: ReviewContext,
  allowances: readonly Allowance[],
): ReviewedGroup[] {
  const resources = [...changing.keys()];
  const matrix = accessFindings(context, resources);
  const isEcho = echoesOf(matrix, resources, context);
  const matrixByUrn = byUrn(matrix);
  const groups = groupsOf(resources).map((group) => {
    const own = group.resources.flatMap((one) => changing.get(one)?.findings ?? []);
    const inMatrix = group.resources.flatMap(({ urn }) => matrixByUrn.get(urn) ?? []);
    return judged(group, allowed([...own.filter((one) => !isEcho(one)), ...inMatrix], allowances));
  });
  const homeless = matrixByUrn.get("") ?? [];
  return homeless.length === 0 ? groups : [...groups, accessGroup(homeless)];
}

function byUrn(findings: readonly Finding[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    const ofUrn = found.get(finding.urn);
    if (ofUrn === undefined) found.set(finding.urn, [finding]);
    else ofUrn.push(finding);
  }
  return found;
}

function judged({ title, app, environment, resources }: Group, findings: readonly Finding[]): ReviewedGroup {
  return {
    title,
    app,
    environment,
    risk: gravest(findings.filter((one) => one.allowed === undefined).map(({ risk }) => risk)),
    headline: headline(title, app !== undefined, mainFirst(resources)),
    findings: findings.filter(({ risk }) => risk !== "safe").sort(byRisk),
    safe: findings.filter(({ risk }) => risk === "safe").length,
  };
}

/** What the matrix says of roles that no changing resource is about. */
function accessGroup(findings: readonly Finding[]): ReviewedGroup {
  return {
    title: "access",
    app: undefined,
    environment: undefined,
    risk: gravest(findings.map(({ risk }) => risk)),
    headline: "access: follows from the changes above",
    findings,
    safe: 0,
  };
}

function mainFirst(resources: readonly PreviewedResource[]): PreviewedResource[] {
  const rank = ({ type }: PreviewedResource) =>
    type.startsWith("postgresql:index/schema") ? 0 : type === "postgresql:index/role:Role" ? 1 : 2;
  return [...resources].sort((a, b) => rank(a) - rank(b));
}
