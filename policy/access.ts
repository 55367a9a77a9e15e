import { type DeclaredResource, inputOf, isOn, textOf, textsOf, UNKNOWN } from "../access/declared-resource";
import { namesOf, PROD } from "../infra/names";
import { DATABASE_ROLES, sidesOfRole, visitorOfRole } from "./own";

const MIN_PASSWORD_LENGTH = 32;

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

/** Whether a role is an app's login, by its name or because it may log in. */
function isLogin({ inputs, ...scope }: DeclaredResource): boolean {
  const name = textOf(inputs, "name") ?? "";
  const isNamed = sidesOfRole(name, scope)
    .map(({ app, environment }) => namesOf(app, environment))
    .some(({ login, secondLogin, migrator, secondMigrator }) =>
      [login, secondLogin, migrator, secondMigrator].includes(name),
    );
  return isNamed || isOn(inputOf(inputs, "login"));
}

/**
 * A login of prod whose forgotten transaction nobody ends. The deployers' are made once and left as they are, for `verify`
 * to hold; one that existed before keeps what it had until it is rotated out.
 */
export function forgottenProblem({ stack, inputs }: DeclaredResource): string | undefined {
  const name = textOf(inputs, "name");
  if (stack !== PROD || !isOn(inputOf(inputs, "login")) || DATABASE_ROLES.has(name)) return undefined;
  const inherits = inputOf(inputs, "inherit") ?? true;
  const isAsItWas = isOn(inherits) && textsOf(inputs, "roles").some((role) => role.endsWith("_owner"));
  const limit = inputOf(inputs, "idleInTransactionSessionTimeout") ?? 0;
  if (isAsItWas || limit === UNKNOWN || Number(limit) > 0) return undefined;
  return "may leave a transaction open for ever, which keeps every app's dead rows: set idleInTransactionTimeout";
}

/** Whether a role's end lies in the past, or cannot be told. */
function isOver(validUntil: unknown): boolean {
  if (validUntil === undefined || validUntil === UNKNOWN) return false;
  if (["", "infinity"].includes(String(validUntil))) return false;
  return !(Date.parse(String(validUntil)) > Date.now());
}

/** A person's login in prod without an end: whoever has gone would read on. */
export function endProblem({ stack, inputs, ...scope }: DeclaredResource): string | undefined {
  const visitor = visitorOfRole(textOf(inputs, "name") ?? "", { stack, ...scope });
  const end = inputOf(inputs, "validUntil");
  if (stack !== PROD || visitor?.kind !== "people" || end === UNKNOWN) return undefined;
  if (!Number.isNaN(Date.parse(String(end)))) return undefined;
  return "has no end, and would read on when the person has gone: set until";
}

/** What a login cannot work without: its app is down as if it were dropped. */
export function loginProblem(resource: DeclaredResource): string | undefined {
  if (!isLogin(resource)) return undefined;
  const { inputs } = resource;
  const problems: string[] = [];
  const login = inputOf(inputs, "login");
  if (login !== UNKNOWN && !isOn(login)) problems.push("cannot log in: set login to true");
  const limit = inputOf(inputs, "connectionLimit");
  if (limit === 0 || limit === "0") problems.push("may hold no connection: set connectionLimit to 1 or more");
  const validUntil = inputOf(inputs, "validUntil");
  // The end of a person's or a tool's access is no outage.
  const isVisitor = visitorOfRole(textOf(inputs, "name") ?? "", resource) !== undefined;
  if (!isVisitor && isOver(validUntil))
    problems.push(`is over, by its end '${String(validUntil)}': leave validUntil out`);
  return problems.length === 0 ? undefined : problems.join("; ");
}
