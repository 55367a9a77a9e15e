import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { CHECKOUT } from "../../cli/checkout";
import { UsageError } from "../../cli/exit-status";
import { MistakeError } from "../../infra/mistake";

const host = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
const port = z.coerce
  .number({ error: "must be a port" })
  .int()
  .min(1)
  .max(65535, { error: "must be a port" });

/** Settings of the tunnel. Each becomes an argument of `aws` or `ssh`, so nothing may read as an option or as shell. */
const settings = z.strictObject({
  /** How it is opened. */
  via: z.enum(["ssm", "ssh"], { error: "must be ssm or ssh" }).default("ssm"),
  /** Stack whose outputs say target, host and remotePort where nothing else does: the one with the bastion. */
  stack: z.string().optional(),
  /** Machine that can reach the instance: an instance id for ssm; user@host, or a Host of ~/.ssh/config, for ssh. */
  target: z.string({
    error:
      "is missing: the machine that can reach the instance; a stack with a bastion knows it (--stack prod)",
  }),
  /** Address of the RDS instance. */
  host: z
    .string({ error: "is missing: the address of the RDS instance" })
    .regex(host, { error: "must be a host name" }),
  /** Port of the RDS instance. @default 5432 */
  remotePort: port.default(5432),
  /** Port on this machine. @default 6543 */
  port: port.default(6543),
  /** AWS region, for ssm. @default what the aws CLI is set to */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "must be like us-east-1" })
    .optional(),
  /** Profile of the aws CLI, for ssm. */
  profile: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.@/+-]*$/, { error: "must be a profile's name" })
    .optional(),
});

/** What the tunnel is opened with. */
export type TunnelSettings = z.output<typeof settings>;

const TARGETS: Readonly<Record<TunnelSettings["via"], readonly [pattern: RegExp, what: string]>> = {
  ssm: [/^(i|mi)-[0-9a-f]{8,17}$|^ecs:[A-Za-z0-9_-]+$/, "an instance id such as i-0a1b2c3d4e5f60718"],
  ssh: [
    /^([A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*$/,
    "user@host, or a Host of ~/.ssh/config",
  ],
};

/**
 * The settings of a file with those of the command line over them, and the stack's outputs below both.
 * @param file must exist when it was asked for
 * @param otherwise the stack that is asked where neither says which one, nor both what it would say
 * @throws {MistakeError} with every problem at once
 */
export function tunnelSettings(
  file: string,
  isRequired: boolean,
  options: Readonly<Record<string, string | undefined>>,
  otherwise?: string,
): TunnelSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const own: Record<string, unknown> = { ...fileSettings(file, isRequired), ...given };
  const isComplete = own.target !== undefined && own.host !== undefined;
  const stack = own.stack ?? (isComplete ? undefined : otherwise);
  const ofStack = typeof stack === "string" ? settingsOfStack(stack) : {};
  const result = settings.safeParse({ ...ofStack, ...own });
  const problems: string[] = [];
  if (result.success) {
    const [pattern, what] = TARGETS[result.data.via];
    if (pattern.test(result.data.target)) return result.data;
    problems.push(`target must be ${what}`);
  } else {
    for (const issue of result.error.issues)
      problems.push(`${issue.path.join(".") || "settings"} ${issue.message}`);
  }
  throw new UsageError(
    `the tunnel's settings (${file}, or options) are not complete:\n  ${problems.join("\n  ")}`,
  );
}

/** The program that opens it, and its arguments; no shell reads them. */
export function tunnelCommand(settings: TunnelSettings): readonly [program: string, args: readonly string[]] {
  const { via, target, host, port, remotePort, region, profile } = settings;
  if (via === "ssh") {
    const forward = `127.0.0.1:${port}:${host}:${remotePort}`;
    const alive = ["-o", "ExitOnForwardFailure=yes", "-o", "ServerAliveInterval=30"];
    return ["ssh", ["-N", ...alive, "-L", forward, "--", target]];
  }
  const parameters = { host: [host], portNumber: [String(remotePort)], localPortNumber: [String(port)] };
  return [
    "aws",
    [
      ...["ssm", "start-session", "--target", target],
      ...["--document-name", "AWS-StartPortForwardingSessionToRemoteHost"],
      ...["--parameters", JSON.stringify(parameters)],
      ...(region === undefined ? [] : ["--region", region]),
      ...(profile === undefined ? [] : ["--profile", profile]),
    ],
  ];
}

function fileSettings(file: string, isRequired: boolean): Record<string, unknown> {
  if (!existsSync(file)) {
    if (isRequired) throw new MistakeError(`${file} does not exist`);
    return {};
  }
  try {
    const content: unknown = parse(readFileSync(file, "utf8"));
    if (typeof content === "object" && content !== null) return content as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new MistakeError(`${file} is not a YAML map of settings, such as "via: ssm"`);
}

/** A stack's name as the Pulumi CLI takes it; it never reads as an option. */
const STACK = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*){0,2}$/;

/**
 * Where the bastion and the instance are, as the stack that owns them says: its outputs, none of which is secret.
 * @returns settings of the tunnel; without a bastion there is no target among them
 * @throws {MistakeError} when the Pulumi CLI cannot tell
 */
function settingsOfStack(stack: string): Record<string, unknown> {
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
