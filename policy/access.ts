import {
  type DeclaredResource,
  inputOf,
  isOn,
  mapsOf,
  textOf,
  textsOf,
  UNKNOWN,
} from "../access/declared-resource";
import { ADMIN, DEV_ADMIN, EXTENSIONS_SCHEMA } from "../infra/names";
import { isProd } from "./names";

/** Attributes of a role that reach past its schema. */
const POWERS = [
  "superuser",
  "createRole",
  "createDatabase",
  "bypassRowLevelSecurity",
  "replication",
] as const;

/** Roles that Postgres and RDS define reach past every schema; `rds_iam` only changes how one logs in. */
const isPredefined = (role: string) => /^(pg|rds)_/.test(role) && role !== "rds_iam";

const MIN_PASSWORD_LENGTH = 32;

const isPublic = (inputs: Record<string, unknown>) => textOf(inputs, "role")?.toLowerCase() === "public";

/** What a schema's own, deprecated `policies` give PUBLIC; a policy without a role means it. */
function publicPolicies(inputs: Record<string, unknown>): string[] {
  return mapsOf(inputs, "policies")
    .filter((policy) => isPublic(policy) || inputOf(policy, "role") === undefined)
    .flatMap((policy) => Object.keys(policy).filter((key) => isOn(policy[key])))
    .map((privilege) => privilege.toUpperCase());
}

/** PUBLIC is every role there is, and every one to come: it may use these schemas, in which no app has anything. */
const OPEN_SCHEMAS: readonly (string | undefined)[] = ["public", EXTENSIONS_SCHEMA];

/** PUBLIC may do nothing else. */
export function grantProblem({ type, inputs }: DeclaredResource): string | undefined {
  const granted = isPublic(inputs) ? textsOf(inputs, "privileges").map((text) => text.toUpperCase()) : [];
  const privileges = [...granted, ...publicPolicies(inputs)];
  const isUsageOfOpenSchema =
    type === "postgresql:index/grant:Grant" &&
    textOf(inputs, "objectType") === "schema" &&
    OPEN_SCHEMAS.includes(textOf(inputs, "schema")) &&
    privileges.every((privilege) => privilege === "USAGE");
  if (privileges.length === 0 || isUsageOfOpenSchema) return undefined;
  return `grants ${privileges.join(", ")} to PUBLIC, which is every role: grant to a role of the app`;
}

/** The admins make roles: nobody else does. */
const isDeployer = ({ stack, inputs }: DeclaredResource) =>
  isProd(stack) && [ADMIN, DEV_ADMIN].some((name) => name === textOf(inputs, "name"));

/** No login can make itself more than it is. */
export function powerProblem(resource: DeclaredResource): string | undefined {
  const { inputs } = resource;
  const powers = POWERS.filter((power) => isOn(inputOf(inputs, power))).filter(
    (power) => power !== "createRole" || !isDeployer(resource),
  );
  const member = [...textsOf(inputs, "roles"), ...textsOf(inputs, "grantRole")].filter(isPredefined);
  const assumed = textsOf(inputs, "assumeRole")
    .filter(isPredefined)
    .map((role) => `the role ${role}`);
  const found = [...powers, ...member.map((role) => `membership in ${role}`), ...assumed];
  if (found.length === 0) return undefined;
  return `has ${found.join(", ")}, which reaches past its schema: take it away`;
}

/** On RDS nobody is a superuser; a provider that thinks so fails halfway. */
export function providerProblem({ inputs }: DeclaredResource): string | undefined {
  const superuser = inputOf(inputs, "superuser");
  if (superuser === UNKNOWN || superuser === false || superuser === "false") return undefined;
  return "takes the admin for a superuser, which RDS has none of: set superuser to false";
}

/** Generated passwords by their settings, a role's own when it is known; never quoted. */
export function passwordProblem({ type, inputs }: DeclaredResource): string | undefined {
  if (type.startsWith("postgresql:")) {
    const passwords = ["password", "passwordWo"].flatMap((key) => textsOf(inputs, key));
    if (passwords.every((password) => password.startsWith("SCRAM-SHA-256$"))) return undefined;
    return "hands the server a password in clear, which its log may show: use verifierOf";
  }
  const length = inputOf(inputs, "length");
  if (length !== UNKNOWN && Number(length ?? 0) < MIN_PASSWORD_LENGTH) {
    return `makes passwords of ${Number(length ?? 0)} signs: set length to ${MIN_PASSWORD_LENGTH} or more`;
  }
  const special = inputOf(inputs, "special");
  if (special === UNKNOWN || special === false) return undefined;
  return "makes passwords with special signs, and a backslash breaks the login: set special to false";
}
