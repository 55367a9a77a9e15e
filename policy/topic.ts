import { type DeclaredResource, inputOf, textOf, UNKNOWN } from "../access/declared-resource";
import { principalsIn, type Statement, statementsIn, valuesOf } from "./policy-document";

/** Operators that let in what they name; all others let in more. */
const NAMING = ["ArnEquals", "ArnLike", "StringEquals", "StringEqualsIgnoreCase", "StringLike"];

/** The account that a condition's value pins; of a pattern for accounts there is none. */
function accountIn(key: string, value: unknown): string | undefined {
  const text = String(value);
  const account = key === "aws:sourceaccount" ? text : key === "aws:sourcearn" ? text.split(":")[4] : "";
  return /^\d{12}$/.exec(account ?? "")?.[0];
}

/**
 * Whether a statement is tied to what one account sends, so that nobody else can have the service send.
 * @param own the topic's account, where it is known
 */
function isTied({ Condition }: Statement, own: string | undefined): boolean {
  return Object.entries(Object(Condition)).some(
    ([operator, keys]) =>
      NAMING.includes(operator) &&
      Object.entries(Object(keys)).some(([key, values]) =>
        valuesOf(values).every((one) => {
          const account = accountIn(key.toLowerCase(), one);
          return account !== undefined && (own === undefined || account === own);
        }),
      ),
  );
}

/** What a topic's policy says of who may do what; undefined when there is none, or when it cannot be known yet. */
function policyProblem(policy: unknown, own: string | undefined): string | undefined {
  if (policy === undefined || policy === UNKNOWN) return undefined;
  const statements = statementsIn(policy);
  if (statements === undefined) return "has a policy that is no JSON: write it as one";
  const allowing = statements.filter(({ Effect }) => Effect !== "Deny");
  const guests = principalsIn(allowing)
    .filter(({ kind, who }) => kind !== "Service" || who === "*")
    .map(({ who }) => (who === UNKNOWN ? "somebody known at deploy alone" : String(who)));
  const actions = allowing
    .flatMap((one) => (one.NotAction === undefined ? valuesOf(one.Action) : ["what NotAction leaves"]))
    .filter((action) => String(action).toLowerCase() !== "sns:publish")
    .map((action) => (action === UNKNOWN ? "something known at deploy alone" : String(action)));
  const found = [...new Set([...guests, ...actions])];
  if (found.length > 0)
    return `lets in ${found.join(", ")}: a topic takes messages of AWS services alone; people have IAM policies`;
  if (!allowing.every((one) => isTied(one, own)))
    return "takes messages of any account's services: set aws:SourceArn or aws:SourceAccount to this one's";
  return undefined;
}

/** The alarms' topic takes messages of AWS services of its own account, and RDS can send to it. */
export function topicProblem({ inputs }: DeclaredResource): string | undefined {
  const key = inputOf(inputs, "kmsMasterKeyId");
  if (key !== undefined && key !== "")
    return "is encrypted, and RDS sends no events to it without a right on the key: leave kmsMasterKeyId out";
  const own = accountIn("aws:sourcearn", textOf(inputs, "arn") ?? "");
  return policyProblem(inputOf(inputs, "policy"), own);
}
