import { textOf } from "../../access/inputs";
import { PROJECT } from "../../infra/names";
import { accessFindings, echoesOf } from "./access";
import type { Classified } from "./classify";
import type { ReviewContext } from "./context";
import { type Allowance, allowed, byRisk, type Finding, gravest, type Risk } from "./finding";
import { kindOfResource } from "./kind";
import { type PreviewedResource, parseUrn } from "./resource";
import { headline } from "./words";

const APP_COMPONENT = "portal-db:index:AppSchema";

/** Resources that a reviewer thinks of as one thing: an app in an environment, the instance, the database, the rest. */
interface Group {
  /** `billing in dev`, `instance`, `database-wide` or `stack`. */
  readonly title: string;
  readonly app?: string | undefined;
  readonly environment?: string | undefined;
  readonly resources: readonly PreviewedResource[];
}

/** The app component that a resource is or belongs to. */
function componentOf({ type, name, parentTypes, before, after }: PreviewedResource): string | undefined {
  if (type === APP_COMPONENT) return name;
  if (!parentTypes.includes(APP_COMPONENT)) return undefined;
  return parseUrn((after ?? before)?.parent ?? "")?.name;
}

/** Where a resource outside the apps belongs. */
function placeOf(resource: PreviewedResource): string {
  const { type, parentTypes } = resource;
  if ([...parentTypes, type].some((one) => /:(DatabaseInstance|InstanceNetwork|InstanceAlarms)$/.test(one)))
    return "instance";
  if (kindOfResource(resource) === "instance") return "instance";
  return type.startsWith("postgresql:") || type.endsWith(":DatabaseAccess") ? "database-wide" : "stack";
}

/** App and environment of a component such as `wms-prod`: from its secret's name, otherwise by the stack. */
function appOf(component: string, stack: string, resources: readonly PreviewedResource[]): [string, string] {
  for (const { type, before, after } of resources) {
    if (type !== "aws:secretsmanager/secret:Secret") continue;
    const [project, environment, app] = (textOf((after ?? before)?.inputs ?? {}, "name") ?? "").split("/");
    if (project === PROJECT && environment !== undefined && app !== undefined) return [app, environment];
  }
  const end = component.endsWith(`-${stack}`)
    ? component.length - stack.length - 1
    : component.lastIndexOf("-");
  return end > 0 ? [component.slice(0, end), component.slice(end + 1)] : [component, stack];
}

/** Sorts the changing resources into groups, in order of first appearance. */
function groupsOf(resources: readonly PreviewedResource[]): Group[] {
  const byKey = new Map<string, { component: string | undefined; resources: PreviewedResource[] }>();
  for (const resource of resources) {
    const component = componentOf(resource);
    const key = component === undefined ? placeOf(resource) : `app ${component}`;
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, { component, resources: [resource] });
    else group.resources.push(resource);
  }
  return [...byKey].map(([key, { component, resources: members }]) => {
    if (component === undefined) return { title: key, resources: members };
    const [app, environment] = appOf(component, members[0]?.stack ?? "", members);
    return { title: `${app} in ${environment}`, app, environment, resources: members };
  });
}

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
