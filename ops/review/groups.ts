import { textOf } from "../../access/declared-resource";
import { PROJECT } from "../../infra/names";
import { VISITOR } from "./conditions";
import { kindOfResource } from "./kind";
import { type PreviewedResource, parseUrn } from "./resource";

const APP_COMPONENT = "portal-db:index:AppSchema";

/** Resources that a reviewer thinks of as one thing: an app in an environment, the instance, the database, the rest. */
export interface Group {
  /** `billing in dev`, `person-anna-prod`, `instance`, `database-wide` or `stack`. */
  readonly title: string;
  readonly app?: string | undefined;
  readonly environment?: string | undefined;
  readonly resources: readonly PreviewedResource[];
}

/** The component of a type that a resource is or belongs to. */
function componentOf(
  { type, name, parentTypes, before, after }: PreviewedResource,
  ofType: string,
): string | undefined {
  if (type === ofType) return name;
  if (!parentTypes.includes(ofType)) return undefined;
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
export function groupsOf(resources: readonly PreviewedResource[]): Group[] {
  const byKey = new Map<string, { component: string | undefined; resources: PreviewedResource[] }>();
  for (const resource of resources) {
    const component = componentOf(resource, APP_COMPONENT);
    const place = componentOf(resource, VISITOR) ?? placeOf(resource);
    const key = component === undefined ? place : `app ${component}`;
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
