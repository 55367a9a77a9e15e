import { type DeclaredResource, inputOf, mapsOf, textOf, UNKNOWN } from "../access/declared-resource";
import { readSecretPolicy } from "../infra/app/secret-policy";
import { MONITORING_POLICY_ARN, SESSION_POLICY_ARN } from "../infra/instance/settings";
import type { VisitorNames } from "../infra/people/names";
import { appOfReadPolicy, appOfSecret, type OwnNames, ownVisitor, type Scope } from "./own";
import { isAllow, type Statement, statementsIn, valuesOf } from "./policy-document";

/** One secret, by the name before what Secrets Manager adds to it. */
const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:([^*?]+?)(?:-[A-Za-z0-9]{6})?$/;

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

/** Name of the one secret that an ARN names; undefined where it names none, or several. */
export function secretNameOf(arn: string): string | undefined {
  return SECRET_ARN.exec(arn)?.[1];
}

/** The app, person or tool of the stack's own whose secret an ARN names. */
export function ownOfSecretArn(arn: string, scope: Scope): OwnNames | VisitorNames | undefined {
  const name = secretNameOf(arn);
  return name === undefined ? undefined : (appOfSecret(name, scope) ?? ownVisitor("secret", name, scope));
}

/** Name of the policy that reads a secret of the stack's own: what the running app may read is not its migrations'. */
function readPolicyOf(own: OwnNames | VisitorNames): string {
  if (!("isMigrator" in own)) return own.readPolicy;
  return own.isMigrator ? own.names.migratorReadPolicy : own.names.readPolicy;
}

const lower = (value: unknown) => String(value).toLowerCase();

/** What a statement lacks of the conditions that another one sets. */
function lacksCondition({ Condition }: Statement, wanted: Statement): boolean {
  const entries = (condition: unknown) =>
    Object.entries(Object(condition)).flatMap(([operator, keys]) =>
      Object.entries(Object(keys)).map(([key, value]) => JSON.stringify([operator, key, valuesOf(value)])),
    );
  const has = new Set(entries(Condition));
  return entries(wanted.Condition).some((entry) => !has.has(entry));
}

/** What a statement allows beyond what the stacks' own read policies do. */
function excessOf(statement: Statement, own: readonly Statement[]): string[] {
  if (!isAllow(statement)) return [];
  const excess = ["NotAction", "NotResource"].filter((key) => statement[key] !== undefined);
  const resources = new Set<unknown>();
  for (const action of valuesOf(statement.Action)) {
    const wanted = own.find(({ Action }) => valuesOf(Action).some((one) => lower(one) === lower(action)));
    if (wanted === undefined) excess.push(String(action === UNKNOWN ? "something" : action));
    else if (lacksCondition(statement, wanted)) excess.push(`${String(action)} for any secret`);
    else resources.add(wanted.Resource);
  }
  for (const resource of valuesOf(statement.Resource)) {
    if (!resources.has(resource)) excess.push(`on ${resource === UNKNOWN ? "something" : String(resource)}`);
  }
  return excess;
}

/** The texts that stand anywhere in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** One role of one instance, as whoever logs in to it. */
const DATABASE_USER_ARN = /^arn:aws[a-z-]*:rds-db:[a-z0-9-]+:\d{12}:dbuser:db-[A-Z0-9]+\/([a-z0-9_]+)$/;

/** Whether a statement holds until a moment alone. */
function hasEnd({ Condition }: Statement): boolean {
  const { DateLessThan } = Object(Condition) as Statement;
  const ends = valuesOf(Object(DateLessThan)["aws:CurrentTime"]);
  return ends.length > 0 && ends.every((end) => !Number.isNaN(Date.parse(String(end))));
}

/** What a policy document allows beyond logging in as one role of one instance. */
function connectProblem(policy: unknown, { login, kind }: VisitorNames): string | undefined {
  const statements = statementsIn(policy);
  if (statements === undefined) return "is no JSON: take the document from connectPolicy";
  const excess = statements.filter(isAllow).flatMap((statement) => [
    ...["NotAction", "NotResource"].filter((key) => statement[key] !== undefined),
    ...valuesOf(statement.Action)
      .filter((action) => lower(action) !== "rds-db:connect")
      .map((action) => (action === UNKNOWN ? "something" : String(action))),
    ...valuesOf(statement.Resource)
      .filter((resource) => DATABASE_USER_ARN.exec(String(resource))?.[1] !== login)
      .map((resource) => `on ${resource === UNKNOWN ? "something" : String(resource)}`),
  ]);
  if (excess.length === 0) {
    if (kind !== "people" || statements.filter(isAllow).every(hasEnd)) return undefined;
    return `lets ${login} in for ever, since the server does not look at a role's end where IAM has let it in: take the document from connectPolicy, with until`;
  }
  return `allows ${[...new Set(excess)].join(", ")}: it may log in as ${login}, and do nothing else`;
}

/** Whether a policy is one that the stack's components make of what is known at deploy alone. */
const isOwnPolicy = (name: string, scope: Scope) =>
  appOfReadPolicy(name, scope) !== undefined ||
  ownVisitor("readPolicy", name, scope) !== undefined ||
  ownVisitor("connectPolicy", name, scope) !== undefined;

/**
 * What a policy document allows beyond reading one app's one secret.
 * @param policy text or object
 * @param name of the policy, which is the app's own where it has one; undefined for an inline one
 */
function documentProblem(policy: unknown, name: string | undefined, scope: Scope): string | undefined {
  const statements = statementsIn(policy);
  if (statements === undefined) return "is no JSON: take the document from readSecretPolicy";
  const texts = statements.flatMap((statement) => textsIn(statement.Resource));
  const secret = texts.find((text) => {
    const own = ownOfSecretArn(text, scope);
    if (own === undefined) return false;
    // Whose an inline policy is, nobody can tell: it may be the running app's, which reads its own secret alone.
    return name === undefined ? "isMigrator" in own && !own.isMigrator : name === readPolicyOf(own);
  });
  const key = texts.find((text) => KEY_ARN.test(text));
  const own = readSecretPolicy(secret ?? "", key ?? "").Statement;
  const excess = [...new Set(statements.flatMap((statement) => excessOf(statement, own)))];
  if (excess.length === 0) return undefined;
  return `allows ${excess.join(", ")}: it may read its app's own secret, and nothing else`;
}

const HIDDEN = "allows what is known at deploy alone: write the document out";

/**
 * A policy reads the one secret of an app, a person or a tool, or logs in as one of them; whoever holds it may do
 * nothing else. One that the stacks make of ARNs that
 * do not exist yet is held in the deploy, when they do: in a preview the review says so.
 */
export function readPolicyProblem(resource: DeclaredResource): string | undefined {
  const { type, inputs } = resource;
  const isManaged = type === "aws:iam/policy:Policy";
  const name = isManaged ? textOf(inputs, "name") : undefined;
  const policies = [
    inputOf(inputs, "policy"),
    ...mapsOf(inputs, "inlinePolicies").map(({ policy }) => policy),
  ];
  if (inputOf(inputs, "inlinePolicies") === UNKNOWN) return HIDDEN;
  for (const policy of policies) {
    if (policy === undefined) continue;
    const isLater = policy === UNKNOWN;
    if (isLater && isOwnPolicy(name ?? "", resource)) continue;
    const visitor = ownVisitor("connectPolicy", name ?? "", resource);
    const held = () =>
      visitor === undefined ? documentProblem(policy, name, resource) : connectProblem(policy, visitor);
    const problem = isLater ? HIDDEN : held();
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** AWS's own policies that the stacks attach. */
const ATTACHED: readonly string[] = [MONITORING_POLICY_ARN, SESSION_POLICY_ARN];

/** What is attached is a read policy of the stack's own, or one that the stacks name themselves. */
export function attachmentProblem(resource: DeclaredResource): string | undefined {
  const arns = ["policyArn", "managedPolicyArns"]
    .map((key) => inputOf(resource.inputs, key))
    .flatMap(valuesOf);
  const strange = arns.filter((arn) => {
    const name = /^arn:aws[a-z-]*:iam::\d{12}:policy\/([^/]+)$/.exec(String(arn))?.[1];
    return !ATTACHED.includes(String(arn)) && !isOwnPolicy(name ?? "", resource);
  });
  if (strange.length === 0) return undefined;
  const list = strange
    .map((arn) => (arn === UNKNOWN ? "a policy that is known at deploy alone" : arn))
    .join(", ");
  return `attaches ${list}: attach an app's own read policy, or write down in policy/iam.ts what it allows`;
}
