import { type DeclaredResource, inputOf, UNKNOWN } from "../access/declared-resource";
import { readSecretPolicy } from "../infra/app/secret-policy";

type Statement = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** What the stacks' own policies allow. */
const ACTIONS = new Set(
  readSecretPolicy("", "")
    .Statement.flatMap(({ Action }) => listOf(Action))
    .map((action) => String(action).toLowerCase()),
);

/** One secret or one key: no pattern in it. */
const isOne = (resource: unknown) =>
  resource === UNKNOWN || /^arn:[a-z-]+:(secretsmanager|kms):[^*?]+$/.test(String(resource));

/** What a statement allows beyond reading secrets that it names. */
function excessOf(statement: Statement): string[] {
  if (statement.Effect === "Deny") return [];
  const negations = ["NotAction", "NotResource"].filter((key) => statement[key] !== undefined);
  const actions = listOf(statement.Action)
    .filter((action) => action !== UNKNOWN && !ACTIONS.has(String(action).toLowerCase()))
    .map(String);
  const resources = listOf(statement.Resource)
    .filter((resource) => !isOne(resource))
    .map((resource) => `on ${String(resource)}`);
  return [...negations, ...actions, ...resources];
}

/** An app's policy reads secrets by their ARNs; whoever holds it may do nothing else. */
export function readPolicyProblem({ inputs }: DeclaredResource): string | undefined {
  const policy = inputOf(inputs, "policy");
  if (policy === undefined || policy === UNKNOWN) return undefined;
  let document: { readonly Statement?: unknown };
  try {
    document = (typeof policy === "string" ? JSON.parse(policy) : policy) as { Statement?: unknown };
  } catch {
    return "is no JSON: take the document from readSecretPolicy";
  }
  const statements = listOf(document?.Statement).filter(
    (one): one is Statement => typeof one === "object" && one !== null,
  );
  const excess = [...new Set(statements.flatMap(excessOf))];
  if (excess.length === 0) return undefined;
  return `allows ${excess.join(", ")}: it may read secrets that it names by ARN, and nothing else`;
}
