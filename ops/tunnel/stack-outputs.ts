import { spawnSync } from "node:child_process";
import { CHECKOUT } from "../../cli/checkout";
import { UsageError } from "../../cli/usage-error";
import { MistakeError } from "../../infra/mistake";

/** A stack's name as the Pulumi CLI takes it; it never reads as an option. */
const STACK = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*){0,2}$/;

/**
 * Where the bastion and the instance are, as the stack that owns them says: its outputs, none of which is secret.
 * @returns settings of the tunnel; without a bastion there is no target among them
 * @throws {MistakeError} when the Pulumi CLI cannot tell
 */
export function settingsOfStack(stack: string): Record<string, unknown> {
  if (!STACK.test(stack)) throw new UsageError("stack must be a stack's name, such as prod");
  const command = ["pulumi", "stack", "output", "--json", "--stack", stack];
  const { status, stdout } = spawnSync("npx", command, {
    cwd: CHECKOUT,
    encoding: "utf8",
    stdio: ["inherit", "pipe", "inherit"],
  });
  if (status !== 0) throw new MistakeError(`npx ${command.join(" ")} failed: log in to the backend first`);
  const outputs = parsed(stdout);
  const { bastionInstanceId, instanceAddress, instancePort } = outputs;
  const settings = { target: bastionInstanceId, host: instanceAddress, remotePort: instancePort };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new MistakeError(
    "the Pulumi CLI did not print the stack's outputs as JSON: is it the pinned version?",
  );
}
