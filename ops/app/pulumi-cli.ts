import { codeOf, MistakeError, messageOf } from "../../infra/mistake";

/** What is said where the Pulumi CLI, which npm's scripts have on PATH, does not start. */
export function cliNotStarted(thrown: unknown): MistakeError {
  const why =
    codeOf(thrown) === "ENOENT" ? "there is no pulumi on PATH: npm run ops finds it" : messageOf(thrown);
  return new MistakeError(`the Pulumi CLI cannot be started: ${why}`);
}
