import { type DeclaredResource, inputOf, textOf, textsOf, UNKNOWN } from "../access/declared-resource";
import {
  ADMIN,
  ADMIN_SECRET,
  DATABASE_OWNER,
  DEV_ADMIN,
  DEV_ADMIN_SECRET,
  Environments,
  EXTENSIONS_SCHEMA,
  environmentOfStack,
  MASTER_SECRET,
  PROJECT,
} from "../infra/names";
import { OWN_TAG_KEYS } from "../infra/tags";

/** Names that belong to the whole database: the prod stack declares them, the others refer to some of them. */
const DATABASE_WIDE = [
  DATABASE_OWNER,
  ADMIN,
  DEV_ADMIN,
  EXTENSIONS_SCHEMA,
  "public",
  "pg_catalog",
  '"$user"',
];
const isDatabaseWide = (name: string) =>
  DATABASE_WIDE.includes(name.toLowerCase()) || /^(pg|rds)_/.test(name);

/** Whether a stack is production. Its own definition: weakening a lifecycle must not weaken the rules. */
export function isProd(stack: string): boolean {
  return stack === "prod";
}

type Fits = (name: string, resource: Pick<DeclaredResource, "stack" | "environments">) => boolean;

/** Whether a name's environment is one of the stack's: prod's own, an ephemeral stack's own, for dev any but prod. */
function environmentFits(stack: string, isIn: (environment: string) => boolean): boolean {
  if (isProd(stack)) return isIn("prod");
  return stack === "dev" ? !isIn("prod") : isIn(environmentOfStack(stack));
}

const schemaFits: Fits = (name, { stack }) =>
  environmentFits(stack, (environment) => name.endsWith(`_${environment}`));

/** The first of the two logins that alternate: `portal_wms` for `portal_wms_2`. */
const firstLogin = (name: string) => name.replace(/_2$/, "");

/** `<schema>_owner`, `<schema>_reader`, or a login: `portal_<app>` in prod, `portal_<schema>` elsewhere. */
const roleFits: Fits = (name, resource) => {
  const schema = /^(.+)_(owner|reader)$/.exec(name)?.[1];
  if (schema !== undefined || !name.startsWith("portal_")) return schemaFits(schema ?? name, resource);
  const rest = firstLogin(name).slice("portal_".length);
  const { environments = new Environments(), stack } = resource;
  if (isProd(stack)) return environments.meaningOf(rest) === undefined;
  return rest.includes("_") && schemaFits(rest, resource);
};

/** Secrets of whoever deploys, which are no app's. */
const DEPLOYER_SECRETS: readonly (string | undefined)[] = [MASTER_SECRET, ADMIN_SECRET, DEV_ADMIN_SECRET];

const secretFits: Fits = (name, { stack }) =>
  DEPLOYER_SECRETS.includes(name)
    ? isProd(stack)
    : environmentFits(stack, (environment) => name.startsWith(`${PROJECT}/${environment}/`));

const policyFits: Fits = (name, { stack }) =>
  environmentFits(stack, (environment) => name.startsWith(`${PROJECT}-${environment}-`));

/** The login's name that its owner role calls for; undefined when the role is no app's login. */
function loginOf({ type, inputs }: DeclaredResource): string | undefined {
  if (type !== "postgresql:index/role:Role") return undefined;
  const schema = /^(.+)_owner$/.exec(textOf(inputs, "assumeRole") ?? "")?.[1];
  return schema === undefined ? undefined : `portal_${schema.replace(/_prod$/, "")}`;
}

/** Which inputs name what; `declared` ones make it, so that a database-wide name is prod's alone. */
const NAMES: readonly (readonly [type: string, key: string, fits: Fits, how: "declared" | "referred"])[] = [
  ["postgresql:index/schema:Schema", "name", schemaFits, "declared"],
  ["postgresql:index/role:Role", "name", roleFits, "declared"],
  ["postgresql:index/role:Role", "roles", roleFits, "referred"],
  ["postgresql:index/role:Role", "assumeRole", roleFits, "referred"],
  ["postgresql:index/role:Role", "searchPaths", schemaFits, "referred"],
  ["postgresql:index/grant:Grant", "role", roleFits, "declared"],
  ["postgresql:index/grant:Grant", "schema", schemaFits, "declared"],
  ["postgresql:index/grantRole:GrantRole", "role", roleFits, "declared"],
  ["postgresql:index/grantRole:GrantRole", "grantRole", roleFits, "referred"],
  ["postgresql:index/defaultPrivileges:DefaultPrivileges", "role", roleFits, "declared"],
  ["postgresql:index/defaultPrivileges:DefaultPrivileges", "owner", roleFits, "declared"],
  ["postgresql:index/defaultPrivileges:DefaultPrivileges", "schema", schemaFits, "declared"],
  ["aws:secretsmanager/secret:Secret", "name", secretFits, "declared"],
  ["aws:iam/policy:Policy", "name", policyFits, "declared"],
];

/** A stack names its own environments' schemas, roles and secrets: dev never a prod one, prod no other. */
export function nameProblem(resource: DeclaredResource): string | undefined {
  const { stack, inputs } = resource;
  const strangers = NAMES.filter(([type]) => type === resource.type).flatMap(([, key, fits, how]) =>
    textsOf(inputs, key).filter((name) => {
      if (isDatabaseWide(name)) return how === "declared" && !isProd(stack);
      return !fits(name, resource);
    }),
  );
  if (strangers.length > 0) {
    const names = [...new Set(strangers)].map((name) => `'${name}'`).join(", ");
    return `names ${names}, which is not the stack's own: stack ${stack} names its own environments alone`;
  }
  return isOfAnotherEnvironment(resource) ? misnamed(resource) : undefined;
}

/** What a login that is not named for its owner's schema is told. */
function misnamed(resource: DeclaredResource): string | undefined {
  const login = loginOf(resource);
  const name = textOf(resource.inputs, "name");
  if (login === undefined || name === undefined || [login, `${login}_2`].includes(name)) return undefined;
  return `is named '${name}', but its owner role belongs to '${login}': rename one of them`;
}

/** Whether a login outside prod ends otherwise than its owner's schema: `portal_data_hub`, prod's login, for `data_hub_dev`. */
function isOfAnotherEnvironment(resource: DeclaredResource): boolean {
  const [login, name] = [loginOf(resource), textOf(resource.inputs, "name")];
  if (isProd(resource.stack) || login === undefined || name === undefined) return false;
  return login.split("_").pop() !== firstLogin(name).split("_").pop();
}

/** A login is named for the schema whose owner it acts as, so that nobody takes it for another app's. */
export function loginNameProblem(resource: DeclaredResource): string | undefined {
  return isOfAnotherEnvironment(resource) ? undefined : misnamed(resource);
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
