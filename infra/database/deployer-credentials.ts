import { parsedJson } from "../config/stack-file";
import { MistakeError } from "../mistake";

/** What the secret of a deployer says: where to log in, and how. */
export interface DeployerSecret {
  /** The instance's address. */
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/**
 * Reads the text of a deployer's secret.
 * @param name the secret's, for the error
 * @throws {MistakeError} without the text, which is secret, when it is not the JSON that the prod stack writes
 */
export function parseDeployerSecret(name: string, text: string): DeployerSecret {
  const { host, port, username, password } = Object(parsedJson(text)) as Record<string, unknown>;
  const isWhole = typeof host === "string" && typeof username === "string" && typeof password === "string";
  if (isWhole && Number.isInteger(port)) return { host, port: Number(port), username, password };
  throw new MistakeError(
    `the secret ${name} is not JSON with host, port, username and password; deploy the prod stack, which writes it`,
  );
}
