import {
  type DeclaredResource,
  inputOf,
  isPartlyUnknown,
  textOf,
  textsOf,
  UNKNOWN,
} from "../access/declared-resource";
import { ADMIN_SECRET, DEV_ADMIN_SECRET, MASTER_SECRET, type Meaning, PROJECT } from "../infra/names";
import { OWN_TAG_KEYS } from "../infra/tags";
import {
  appOfReadPolicy,
  appOfSecret,
  DATABASE_ROLES,
  DATABASE_SCHEMAS,
  ownVisitor,
  sideOfSchema,
  sidesOfRole,
  visitorOfRole,
} from "./own";

/** Names that any role may look for tables in, and that no stack makes. */
const SERVERS_OWN: readonly string[] = ["public", "pg_catalog", '"$user"'];

/** Whether a stack is production. Its own definition: weakening a lifecycle must not weaken the rules. */
export function isProd(stack: string): boolean {
  return stack === "prod";
}

type Fits = (name: string, resource: Pick<DeclaredResource, "stack" | "environments">) => boolean;

const isOfStack = (side: Meaning | undefined, stack: string) => side?.stack === stack;

const schemaFits: Fits = (name, resource) =>
  DATABASE_SCHEMAS.has(name)
    ? isProd(resource.stack)
    : isOfStack(sideOfSchema(name, resource), resource.stack);

/** What is looked in makes nothing: the whole database's schemas and the server's own are everybody's. */
const pathFits: Fits = (name, resource) =>
  DATABASE_SCHEMAS.has(name) || SERVERS_OWN.includes(name.toLowerCase()) || schemaFits(name, resource);

/** `<schema>_owner`, `_reader`, `_runtime`, a login (`portal_<app>` in prod, `portal_<schema>` elsewhere), a person or a tool. */
const roleFits: Fits = (name, resource) =>
  DATABASE_ROLES.has(name)
    ? isProd(resource.stack)
    : visitorOfRole(name, resource)?.stack === resource.stack ||
      sidesOfRole(name, resource).some((side) => isOfStack(side, resource.stack));

/** Secrets of whoever deploys, which are no app's. */
const DEPLOYER_SECRETS: readonly (string | undefined)[] = [MASTER_SECRET, ADMIN_SECRET, DEV_ADMIN_SECRET];

const secretFits: Fits = (name, resource) =>
  DEPLOYER_SECRETS.includes(name)
    ? isProd(resource.stack)
    : (appOfSecret(name, resource) ?? ownVisitor("secret", name, resource)) !== undefined;

const policyFits: Fits = (name, resource) =>
  (appOfReadPolicy(name, resource) ??
    ownVisitor("readPolicy", name, resource) ??
    ownVisitor("connectPolicy", name, resource)) !== undefined;

/** The logins' names that the role which one acts as calls for, the first one first; undefined when it is no app's login. */
function loginsOf({ type, inputs }: DeclaredResource): { group: string; logins: string[] } | undefined {
  if (type !== "postgresql:index/role:Role") return undefined;
  const [, schema, group] = /^(.+)_(owner|runtime)$/.exec(textOf(inputs, "assumeRole") ?? "") ?? [];
  if (schema === undefined || group === undefined) return undefined;
  const login = `portal_${schema.replace(/_prod$/, "")}`;
  const own = [login, `${login}_2`];
  // Migrations have the owner's rights, and never less.
  const logins = group === "owner" ? [...own, `${login}_migrator`, `${login}_migrator_2`] : own;
  return { group, logins };
}

/** Which inputs name what a resource makes, or looks in. What it gives to whom is for crossing.ts to say. */
const NAMES: readonly (readonly [type: string, key: string, fits: Fits])[] = [
  ["postgresql:index/schema:Schema", "name", schemaFits],
  ["postgresql:index/role:Role", "name", roleFits],
  ["postgresql:index/role:Role", "searchPaths", pathFits],
  ["aws:secretsmanager/secret:Secret", "name", secretFits],
  ["aws:iam/policy:Policy", "name", policyFits],
];

/** A stack names its own environments' schemas, roles and secrets: dev never a prod one, prod no other. */
export function nameProblem(resource: DeclaredResource): string | undefined {
  const { type, stack, inputs } = resource;
  const rows = NAMES.filter(([named]) => named === type);
  const strangers = rows.flatMap(([, key, fits]) =>
    textsOf(inputs, key).filter((name) => !fits(name, resource)),
  );
  if (strangers.length > 0) {
    const names = [...new Set(strangers)].map((name) => `'${name}'`).join(", ");
    return `names ${names}, which is not the stack's own: stack ${stack} names its own environments alone`;
  }
  const isHidden = rows.some(([, key]) => isPartlyUnknown(inputs, key));
  return isHidden ? "has a name that is known at deploy alone: write it out" : undefined;
}

/** A login is named for the schema whose owner or runtime it acts as, so that nobody takes it for another app's. */
export function loginNameProblem(resource: DeclaredResource): string | undefined {
  const { group, logins = [] } = loginsOf(resource) ?? {};
  const name = textOf(resource.inputs, "name");
  if (group === undefined || name === undefined || logins.includes(name)) return undefined;
  return `is named '${name}', but its ${group} role belongs to '${logins[0]}': rename one of them`;
}

/** Types that belong to one app; the deployers' secrets are the exception. */
const APP_TYPES = ["aws:secretsmanager/secret:Secret", "aws:iam/policy:Policy"];

function isOfAnApp({ type, inputs }: DeclaredResource): boolean {
  return APP_TYPES.includes(type) && !DEPLOYER_SECRETS.includes(textOf(inputs, "name"));
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
