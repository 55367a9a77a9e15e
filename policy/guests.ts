import { type DeclaredResource, inputOf, isOff, mapsOf, textOf, UNKNOWN } from "../access/declared-resource";
import { ownOfSecretArn } from "./iam";
import { principalsIn, statementsIn, valuesOf } from "./policy-document";

const HIDDEN = "lets in whom nobody knows before the deploy: write the document out";
const BROKEN = "has a policy that is no JSON: write it as one";

const shownOperation = (one: unknown) => (one === UNKNOWN ? "what is known at deploy alone" : String(one));
const shown = (who: unknown) => (who === UNKNOWN ? "somebody known at deploy alone" : String(who));

/** The account of a principal that stands for its account, so that its IAM policies decide. */
const accountOf = (who: unknown) => /^(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?$/.exec(String(who))?.[1];

/** The account of the key that a policy is for, where its ARN is known. */
const ofKey = (inputs: DeclaredResource["inputs"]) =>
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:(\d{12}):/.exec(textOf(inputs, "keyId") ?? "")?.[1];

/** A key opens to its own account, whose IAM policies decide: whoever else it names could read every secret under it. */
export function keyPolicyProblem({ inputs }: DeclaredResource): string | undefined {
  const bypass = inputOf(inputs, "bypassPolicyLockoutSafetyCheck");
  // AWS refuses a policy that shuts its own caller out, such as another account's alone: unless it is told not to look.
  if (bypass !== undefined && !isOff(bypass))
    return "switches off AWS's check that its account keeps the key: leave bypassPolicyLockoutSafetyCheck out";
  const policy = inputOf(inputs, "policy");
  if (policy === undefined) return undefined;
  if (policy === UNKNOWN) return HIDDEN;
  const statements = statementsIn(policy);
  if (statements === undefined) return BROKEN;
  const principals = principalsIn(statements);
  const guests = principals.filter(({ kind, who }) => kind !== "AWS" || accountOf(who) === undefined);
  const own = ofKey(inputs);
  const accounts = new Set(principals.map(({ who }) => accountOf(who)).filter((one) => one !== undefined));
  const isForeign = own === undefined ? accounts.size > 1 : [...accounts].some((one) => one !== own);
  const others = isForeign
    ? [...accounts].filter((one) => one !== own).map((one) => `the account ${one}`)
    : [];
  if (guests.length === 0 && others.length === 0) return undefined;
  const list = [...new Set([...guests.map(({ who }) => shown(who)), ...others])].join(", ");
  return `opens the key to ${list}: name its own account's root alone, and let read policies decide`;
}

/** Whoever may read a secret has its app's read policy; the secret's own policy may only deny. */
export function secretPolicyProblem({ inputs }: DeclaredResource): string | undefined {
  const policy = inputOf(inputs, "policy");
  if (policy === undefined) return undefined;
  if (policy === UNKNOWN) return HIDDEN;
  const statements = statementsIn(policy);
  if (statements === undefined) return BROKEN;
  const guests = [...new Set(principalsIn(statements).map(({ who }) => shown(who)))];
  if (guests.length === 0) return undefined;
  return `lets ${guests.join(", ")} at the secret: attach the app's read policy to the role instead`;
}

/** An IAM role of the stacks is a service's; nobody else acts as it. */
export function trustProblem({ inputs }: DeclaredResource): string | undefined {
  const policy = inputOf(inputs, "assumeRolePolicy");
  if (policy === undefined) return undefined;
  if (policy === UNKNOWN) return HIDDEN;
  const statements = statementsIn(policy);
  if (statements === undefined) return BROKEN;
  const guests = principalsIn(statements).filter(({ kind, who }) => kind !== "Service" || who === "*");
  if (guests.length === 0) return undefined;
  return `lets ${[...new Set(guests.map(({ who }) => shown(who)))].join(", ")} act as the role: name an AWS service alone`;
}

/** A grant on a key is to decrypt one secret of the stack's own; without the constraint it decrypts all of them. */
export function keyGrantProblem(resource: DeclaredResource): string | undefined {
  const { inputs } = resource;
  const secrets = mapsOf(inputs, "constraints").map(({ encryptionContextEquals }) =>
    String(Object(encryptionContextEquals).SecretARN),
  );
  const isOwn = secrets.length > 0 && secrets.every((arn) => ownOfSecretArn(arn, resource) !== undefined);
  const operations = valuesOf(inputOf(inputs, "operations"));
  const strange = operations.filter((one) => one !== "Decrypt" && one !== "DescribeKey").map(shownOperation);
  if (isOwn && operations.length > 0 && strange.length === 0) return undefined;
  const list =
    strange.length > 0 ? strange.join(", ") : "Decrypt for more than one secret of the stack's own";
  return `grants ${list} on the key: constrain it to an own secret's SecretARN, or take the app's read policy`;
}
