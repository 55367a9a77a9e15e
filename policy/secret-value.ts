import { type DeclaredResource, inputOf, textOf, UNKNOWN } from "../access/declared-resource";
import { ADMIN, ADMIN_SECRET, DEV_ADMIN, DEV_ADMIN_SECRET, MASTER_SECRET } from "../infra/names";
import { secretNameOf } from "./iam";
import { isProd } from "./names";
import { appOfSecret, ownVisitor, type Scope } from "./own";

/** Whom the deployers' secrets are for; the master has the name that prod's file gives it. */
const DEPLOYERS: Readonly<Record<string, readonly string[] | "any">> = {
  [MASTER_SECRET]: "any",
  [ADMIN_SECRET]: [ADMIN],
  [DEV_ADMIN_SECRET]: [DEV_ADMIN],
};

/** Logins that a secret of the stack's own may hold; undefined when it is none of the stack's. */
function loginsOf(secret: string, scope: Scope): readonly string[] | "any" | undefined {
  if (Object.hasOwn(DEPLOYERS, secret)) return isProd(scope.stack) ? DEPLOYERS[secret] : undefined;
  const visitor = ownVisitor("secret", secret, scope);
  if (visitor !== undefined) return [visitor.login];
  const own = appOfSecret(secret, scope);
  if (own === undefined) return undefined;
  const { login, secondLogin, migrator, secondMigrator } = own.names;
  return own.isMigrator ? [migrator, secondMigrator] : [login, secondLogin];
}

/** Who logs in with a secret's value: by its own word and by its URLs'. Nobody where the value is in no known form. */
function usernamesIn(value: string): string[] {
  try {
    const { username, DATABASE_URL, DIRECT_URL } = Object(JSON.parse(value));
    const ofUrls = [DATABASE_URL, DIRECT_URL]
      .filter((url) => url !== undefined)
      .map((url) => decodeURIComponent(new URL(String(url)).username));
    return [username, ...ofUrls].filter((one) => typeof one === "string");
  } catch {
    return [];
  }
}

/**
 * A value goes into one of the stack's own secrets, and is a login of that secret's app: whoever reads it would get
 * another one's rights, or lose its own. Secret and value are often known at deploy alone, where the pack holds them.
 */
export function secretValueProblem(resource: DeclaredResource): string | undefined {
  const { inputs, stack } = resource;
  const id = inputOf(inputs, "secretId");
  if (id === UNKNOWN) return undefined;
  const secret = secretNameOf(String(id)) ?? String(id);
  const logins = loginsOf(secret, resource);
  if (logins === undefined)
    return `writes into the secret ${secret}, which is not the stack's own: stack ${stack} writes its own alone`;
  // A value that is no text has no form that could be held.
  if (inputOf(inputs, "secretBinary") !== undefined)
    return `writes bytes into the secret ${secret}: write the text that secret.ts makes`;
  const usernames = ["secretString", "secretStringWo"].flatMap((key) =>
    usernamesIn(textOf(inputs, key) ?? ""),
  );
  if (logins === "any" || usernames.every((username) => logins.includes(username))) return undefined;
  return `gives the secret ${secret} a login that is not its own: take ${logins.join(" or ")}`;
}
