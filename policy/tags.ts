import { type DeclaredResource, inputOf, textOf, UNKNOWN } from "../access/declared-resource";
import { ADMIN_SECRET, PROJECT } from "../infra/names";
import { OWN_TAG_KEYS } from "../infra/tags";

/** Types that belong to one app; the admin's secret is the exception. */
const APP_TYPES = ["aws:secretsmanager/secret:Secret", "aws:iam/policy:Policy"];

function isOfAnApp({ type, inputs }: DeclaredResource): boolean {
  return APP_TYPES.includes(type) && textOf(inputs, "name") !== ADMIN_SECRET;
}

/** Tags say whose a resource is: the project's and the stack's, and the app's where it has one. */
export function tagProblem(resource: DeclaredResource): string | undefined {
  const value = inputOf(resource.inputs, "tags");
  if (value === UNKNOWN) return undefined;
  const tags = (value ?? {}) as Record<string, unknown>;
  const keys = isOfAnApp(resource) ? OWN_TAG_KEYS : (["project", "stack"] as const);
  const expected: Record<string, unknown> = { project: PROJECT, stack: resource.stack };
  const missing = keys.filter((key) => tags[key] === undefined || tags[key] === null || tags[key] === "");
  if (missing.length > 0) return `lacks the tags ${missing.join(", ")}: use tagsOf`;
  const wrong = keys.filter((key) => tags[key] !== UNKNOWN && tags[key] !== (expected[key] ?? tags[key]));
  if (wrong.length === 0) return undefined;
  return wrong.map((key) => `has the tag ${key} '${tags[key]}' instead of '${expected[key]}'`).join("; ");
}
