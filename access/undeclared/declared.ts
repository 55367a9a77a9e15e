import type { DeclaredVisitor } from "../../infra/config/people";
import { deployerRights } from "../../infra/database/access";
import { type AppNames, type Environments, isLasting, namesOf, PROD, rolesOf } from "../../infra/names";
import { visitorInRole, visitorProblem } from "../../infra/people/names";
import type { RightsRow, RightsType } from "../../infra/rights";
import { TIMEOUT_SETTINGS } from "../../infra/timeouts";
import { textOf, textsOf } from "../declared-resource";
import { roleName } from "../facts";

/** What a stack answers for, and what it declares of it. */
export interface ServerPart {
  readonly stack: string;
  /** Role that deploys the stack. */
  readonly deployer: string;
  readonly apps: readonly AppNames[];
  /** Its people and tools. */
  readonly visitors: readonly DeclaredVisitor[];
  /** Everything that the stack declares. */
  readonly rows: readonly RightsRow[];
  /** Which environments there are, and whose. */
  readonly environments: Environments;
  /** Stacks whose files stand beside it. */
  readonly otherStacks: readonly string[];
  /** Apps that any stack's file names. */
  readonly appKeys: readonly string[];
  /** Roles that the local platform has for itself; none on AWS, where such a name would be somebody's disguise. */
  readonly platformRoles: readonly string[];
}

/** Options of a membership. */
export interface MembershipOptions {
  readonly admin: boolean;
  readonly inherit: boolean;
  readonly set: boolean;
}

/** A role as it is declared. */
export interface DeclaredRole {
  readonly inputs: RightsRow["inputs"];
  /** What its sessions start with. */
  readonly settings: ReadonlyMap<string, string>;
}

/** A stack's rows as sets that a catalog can be held against. */
export interface DeclaredServer {
  readonly part: ServerPart;
  /** Whether it answers for what belongs to no schema, too: the database, the deployers, roles that nobody declares. */
  readonly isWhole: boolean;
  readonly roles: ReadonlyMap<string, DeclaredRole>;
  /** Whoever deploys the stack puts back what its own sessions start with, whichever stack declares it; none does the master. */
  readonly deployer: DeclaredRole | undefined;
  /** By {@link keyOf} of role and member. */
  readonly memberships: ReadonlyMap<string, MembershipOptions>;
  /** By {@link keyOf} of kind, object and role: privileges on a database or a schema. */
  readonly grants: ReadonlyMap<string, readonly string[]>;
  /** By {@link keyOf} of the maker, schema, kind and role: privileges on what it will make. */
  readonly defaults: ReadonlyMap<string, readonly string[]>;
  /** Roles that are the stack's own. */
  readonly own: ReadonlySet<string>;
  /** Every schema of the stack; what stands in one belongs to the role beside it, where there is one. */
  readonly ownerBySchema: ReadonlyMap<string, string | undefined>;
  readonly extensions: ReadonlyMap<string, string>;
  /** The stack whose schema or app's role it is by its name; undefined for one that no stack can have. */
  stackOf(schema: string): string | undefined;
}

/** One text for several names. */
export function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

const KINDS = { table: "TABLES", sequence: "SEQUENCES", function: "FUNCTIONS" } as const;

/** Reads a stack's rows. */
export function declaredServer(part: ServerPart): DeclaredServer {
  const of = (type: RightsType) => part.rows.filter((row) => row.type === type).map(({ inputs }) => inputs);
  const roles = new Map(
    of("postgresql:index/role:Role").map((inputs) => [String(inputs.name), declaredRole(inputs)]),
  );
  const memberships = new Map<string, MembershipOptions>();
  for (const [member, { inputs }] of roles) {
    for (const role of textsOf(inputs, "roles"))
      memberships.set(keyOf(role, member), { admin: false, inherit: inputs.inherit !== false, set: true });
  }
  for (const { role, grantRole, withAdminOption } of of("postgresql:index/grantRole:GrantRole")) {
    const options = { admin: withAdminOption === true, inherit: true, set: true };
    memberships.set(keyOf(String(grantRole), String(role)), options);
  }
  const grants = new Map<string, readonly string[]>();
  for (const inputs of of("postgresql:index/grant:Grant")) {
    const kind = String(inputs.objectType);
    if (kind !== "database" && kind !== "schema") continue;
    grants.set(
      keyOf(kind, String(inputs[kind]), roleName(String(inputs.role))),
      textsOf(inputs, "privileges"),
    );
  }
  const defaults = new Map<string, readonly string[]>();
  for (const inputs of of("postgresql:index/defaultPrivileges:DefaultPrivileges")) {
    const kind = KINDS[inputs.objectType as keyof typeof KINDS];
    const key = keyOf(String(inputs.owner), String(inputs.schema), kind, roleName(String(inputs.role)));
    defaults.set(key, textsOf(inputs, "privileges"));
  }
  const ownerBySchema = new Map<string, string | undefined>(
    of("postgresql:index/schema:Schema").map(({ name }) => [String(name), undefined]),
  );
  for (const { schema, owner } of part.apps) ownerBySchema.set(schema, owner);
  return {
    part,
    isWhole: part.stack === PROD,
    roles,
    deployer: deployerRole(part.deployer),
    memberships,
    grants,
    defaults,
    own: new Set([...roles.keys(), ...part.apps.flatMap(rolesOf)]),
    ownerBySchema,
    extensions: new Map(
      of("postgresql:index/extension:Extension").map(({ name, schema }) => [String(name), String(schema)]),
    ),
    stackOf: (schema) => meaningOf(part, schema)?.stack,
  };
}

function deployerRole(name: string): DeclaredRole | undefined {
  const found = deployerRights().find(({ inputs }) => inputs.name === name);
  return found && declaredRole(found.inputs);
}

function declaredRole(inputs: RightsRow["inputs"]): DeclaredRole {
  const settings = new Map<string, string>();
  const path = textsOf(inputs, "searchPaths");
  if (path.length > 0) settings.set("search_path", path.join(", "));
  const assumed = textOf(inputs, "assumeRole");
  if (assumed !== undefined) settings.set("role", assumed);
  for (const [key, setting] of Object.entries(TIMEOUT_SETTINGS))
    if (inputs[key] !== undefined) settings.set(setting, String(inputs[key]));
  return { inputs, settings };
}

/**
 * Whether a role is a login that existed before: it inherits its owner, and does not act as it by itself.
 * @returns the owner's name, undefined for every other role
 */
export function ownerOfAdopted(role: DeclaredRole | undefined): string | undefined {
  const { login, inherit, assumeRole, roles } = role?.inputs ?? {};
  return login === true && inherit === true && assumeRole === undefined
    ? String([roles].flat()[0])
    : undefined;
}

/** An app in an environment, as its schema's name says. */
export interface EnvironmentApp {
  readonly stack: string;
  readonly environment: string;
  readonly names: AppNames;
}

/** Whose a schema is by its name, also of an ephemeral stack whose file nobody else has. */
export function meaningOf({ environments, appKeys }: ServerPart, schema: string): EnvironmentApp | undefined {
  const meaning = environments.meaningOf(schema);
  if (meaning !== undefined) return { ...meaning, names: namesOf(meaning.app, meaning.environment) };
  const app = appKeys.find((key) => environments.isSchemaOf(key, schema));
  if (app === undefined) return undefined;
  const environment = schema.slice(app.length + 1);
  const stack = environments.stackOf(environment);
  return isLasting(stack) ? undefined : { stack, environment, names: namesOf(app, environment) };
}

/** Whose person or tool a role is, by its name. */
export interface VisitorMeaning {
  readonly stack: string;
  readonly environment: string;
}

/**
 * Whose person or tool a role is, also in an environment that is known by its schemas alone.
 * @param found environments of ephemeral stacks that have a schema
 */
export function visitorMeaningOf(
  { environments }: ServerPart,
  role: string,
  found: readonly string[],
): VisitorMeaning | undefined {
  const { rest } = visitorInRole(role) ?? {};
  if (rest === undefined) return undefined;
  const environment =
    environments.meaningOf(rest)?.environment ??
    found.find((one) => rest.endsWith(`_${one}`) && rest.length > one.length + 1);
  if (environment !== undefined) return { stack: environments.stackOf(environment), environment };
  return visitorProblem(rest, environments) === undefined ? { stack: PROD, environment: PROD } : undefined;
}

/** Roles that log in by IAM: the master's, who drops them from another database than what they own stands in. */
export function iamLoginsOf({ visitors }: Pick<ServerPart, "visitors">): Set<string> {
  return new Set(visitors.filter(({ settings }) => settings.iam).map(({ names }) => names.login));
}
