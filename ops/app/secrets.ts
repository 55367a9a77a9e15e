import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import type { AppSecretValue, UrlKey } from "../../infra/app/database-url";
import { parsedJson } from "../../infra/config/stack-file";
import { codeOf, MistakeError } from "../../infra/mistake";
import { type VisitorNames, visitorInRole, visitorNamesOf } from "../../infra/people/names";
import type { AppDeployment } from "./deployment";
import { clientSettings, type Place } from "./place";

/** Ways in which a call to AWS fails that a person can mend. */
const PROBLEMS: Readonly<Record<string, string>> = {
  CredentialsProviderError: "there are no AWS credentials: log in (aws sso login) or set AWS_PROFILE",
  ExpiredTokenException: "the AWS credentials have expired: log in again",
  ExpiredToken: "the AWS credentials have expired: log in again",
  UnrecognizedClientException: "AWS does not know these credentials: log in again",
  InvalidClientTokenId: "AWS does not know these credentials: log in again",
  AccessDeniedException: "these AWS credentials may not do it: use a role with the app's read policy",
  DecryptionFailure:
    "these AWS credentials may not use the secret's key: use a role with the app's read policy",
  InvalidRequestException: "it is marked for deletion: deploy the stack again",
};

/** A client for the place's Secrets Manager. */
export async function secretsManager(place: Place): Promise<SecretsManager> {
  const { SecretsManager } = await import("@aws-sdk/client-secrets-manager");
  return new SecretsManager(clientSettings(place));
}

/** Says what a failed call means. AWS's own messages may carry account numbers and tokens, so they are not repeated. */
export function awsProblem(what: string, place: Place, thrown: unknown): MistakeError {
  const name = thrown instanceof Error ? thrown.name : "";
  const known = PROBLEMS[name];
  if (known !== undefined) return new MistakeError(`${what}: ${known}`);
  const code = codeOf(thrown);
  if (code === "ECONNREFUSED" && place.emulator !== undefined) {
    return new MistakeError(`${what}: nothing answers at ${place.emulator}: start it with npm run local`);
  }
  return new MistakeError(`${what}: ${place.name} answered ${code ?? (name || "something unknown")}`);
}

/** There is no such secret, or it has no value yet. */
export class AbsentSecretError extends MistakeError {}

/**
 * Reads the text of a secret.
 * @param absent what to do where there is none
 * @throws {MistakeError} never with the secret's text
 */
export async function readSecret(place: Place, name: string, absent: string): Promise<string> {
  try {
    const client = await secretsManager(place);
    return (await client.getSecretValue({ SecretId: name })).SecretString ?? "";
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ResourceNotFoundException")
      throw new AbsentSecretError(`there is no secret ${name} on ${place.name}: ${absent}`);
    throw awsProblem(`the secret ${name} cannot be read`, place, thrown);
  }
}

/** What a secret of an app holds, whatever its URL is called there. */
export interface ReadAppSecret extends Omit<AppSecretValue, UrlKey> {
  readonly url: string;
}

/** What somebody logs in with. */
export interface LoginSecret {
  readonly host: string;
  readonly port: number;
  readonly dbname: string;
  readonly username: string;
  readonly password: string;
}

/**
 * Reads the secret of a person or a tool, and holds it against its names.
 * @throws {MistakeError} never with the secret's text
 */
export async function readVisitorSecret(
  { secret, login }: VisitorNames,
  stack: string,
  place: Place,
): Promise<LoginSecret> {
  const text = await readSecret(place, secret, `deploy stack ${stack}`);
  const value = Object(parsedJson(text)) as Record<string, unknown>;
  const isComplete = ["DATABASE_URL", "host", "password", "dbname"].every(
    (key) => typeof value[key] === "string",
  );
  if (isComplete && value.username === login && typeof value.port === "number")
    return value as unknown as LoginSecret;
  throw new MistakeError(`the secret ${secret} is not what stack ${stack} writes: deploy it again`);
}

/** Where the URL is where a person's or a tool's role stands for an app. */
function elsewhere(app: string, environment: string): string {
  const visitor = visitorInRole(app);
  if (visitor === undefined) return "";
  const { secret } = visitorNamesOf(visitor.kind, visitor.rest, environment);
  return `one that reads has its URL in ${secret} (npm run local -- url ${app} ${environment}); otherwise `;
}

/**
 * Reads an app's secret, or its migrations', and holds it against the app's names, so that no command works with another
 * one's.
 * @throws {MistakeError} never with the secret's text
 */
export async function readAppSecret(
  { app, environment, names, place, stack }: AppDeployment,
  key: UrlKey = "DATABASE_URL",
): Promise<ReadAppSecret> {
  const isMigrator = key === "DIRECT_URL";
  const secret = isMigrator ? names.migratorSecret : names.secret;
  const logins = isMigrator ? [names.migrator, names.secondMigrator] : [names.login, names.secondLogin];
  const text = await readSecret(
    place,
    secret,
    `${elsewhere(app, environment)}check the names, or deploy stack ${stack}`,
  );
  const value = Object(parsedJson(text)) as Record<string, unknown>;
  const isComplete = [key, "host", "username", "password", "dbname"].every(
    (key) => typeof value[key] === "string",
  );
  const username = String(value.username);
  const isOwn = value.schema === names.schema && logins.includes(username);
  if (isComplete && isOwn && typeof value.port === "number")
    return { ...(value as unknown as AppSecretValue), url: String(value[key]) };
  throw new MistakeError(`the secret ${secret} is not what stack ${stack} writes: deploy it again`);
}
