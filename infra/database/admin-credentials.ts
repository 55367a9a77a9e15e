import { MistakeError } from "../mistake";
import { ADMIN_SECRET } from "../names";

/** The part of the admin's secret that a provider needs. */
export interface AdminCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads the admin's secret.
 * @throws {MistakeError} without the text, which is secret, when it is not the JSON that the prod stack writes
 */
export function parseAdminSecret(text: string): AdminCredentials {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const { username, password } = (value ?? {}) as Record<string, unknown>;
  if (typeof username === "string" && typeof password === "string") return { username, password };
  throw new MistakeError(
    `the secret ${ADMIN_SECRET} is not JSON with username and password; deploy the prod stack, which writes it`,
  );
}
