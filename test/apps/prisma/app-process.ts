/**
 * The app's `DATABASE_URL`: from its environment, as an ECS task gets it, otherwise from the secret that
 * `DATABASE_SECRET` names, as a CI job reads it. Where AWS is and who asks come from AWS's own variables.
 */
export async function databaseUrl(): Promise<string> {
  const { DATABASE_URL, DATABASE_SECRET } = process.env;
  if (DATABASE_URL !== undefined && DATABASE_URL !== "") return DATABASE_URL;
  if (DATABASE_SECRET === undefined) throw new Error("neither DATABASE_URL nor DATABASE_SECRET is set");
  // Who has the URL does not load the SDK.
  const { SecretsManager } = await import("@aws-sdk/client-secrets-manager");
  const { SecretString } = await new SecretsManager().getSecretValue({ SecretId: DATABASE_SECRET });
  const { DATABASE_URL: url } = JSON.parse(SecretString ?? "{}") as { DATABASE_URL?: string };
  if (url === undefined) throw new Error(`the secret ${DATABASE_SECRET} has no DATABASE_URL`);
  return url;
}
