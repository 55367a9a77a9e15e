import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { CHECKOUT } from "../../cli/checkout";
import { handOn } from "../../cli/output";
import { MistakeError } from "../../infra/mistake";
import type { Monitor } from "./monitor";

/** The SDK's own Node host, which the Pulumi CLI's language host starts, too. */
const HOST = require.resolve("@pulumi/pulumi/cmd/run");
const WITH_PARENT = resolve(__dirname, "with-parent.cjs");
/** `main` of Pulumi.yaml. */
const MAIN = resolve(CHECKOUT, "stacks");

/** One run of a stack's program. */
export interface Program {
  readonly project: string;
  readonly stack: string;
  /** Folder of the stacks' files. */
  readonly root: string;
  /** Settings as the Pulumi CLI hands them over: all text, maps and lists as JSON. */
  readonly config: Readonly<Record<string, string>>;
  readonly preview: boolean;
  /** Folder of the program; the checkout's own unless told otherwise. */
  readonly main?: string;
  /** Another way to start a host than this Node and the checkout's SDK. */
  readonly host?: readonly [command: string, ...args: string[]];
}

/**
 * Runs the program of the checkout in the SDK's own Node host against a monitor, as the Pulumi CLI does.
 * @throws {MistakeError} with the first resource that failed, or with what the program logged as errors
 */
export async function runProgram(program: Program, monitor: Monitor): Promise<void> {
  const { stack, preview, config, main = MAIN } = program;
  const address = await monitor.listen();
  const [command, ...args] = program.host ?? [process.execPath, "--require", WITH_PARENT, HOST];
  args.push("--monitor", address, "--engine", address, "--stack", stack);
  args.push("--project", program.project, "--organization", "organization", "--parallel", "16");
  args.push("--root-directory", program.root, "--pwd", main, ...(preview ? ["--dry-run"] : []), ".");
  const host = spawn(command, args, {
    cwd: main,
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(config),
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PORTAL_DB_PARENT: String(process.pid),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // What a program prints is for people, and not a part of any output that a program reads.
  for (const printed of [host.stdout, host.stderr]) handOn(printed, process.stderr);
  monitor.onFailure = () => host.kill();
  // The stack before may have failed while this one's program was on its way.
  if (monitor.failure !== undefined) host.kill();
  const ending = once(host, "close") as Promise<[status: number | null, signal: string | null]>;
  const [status, signal] = await ending.catch(async (thrown: unknown) => {
    await monitor.close();
    throw thrown;
  });
  const { failure, errors } = monitor;
  await monitor.close();
  if (failure !== undefined) throw failure;
  if (status === 0) return;
  const ended = `the program of ${stack} ended with ${status ?? signal}`;
  throw new MistakeError(errors.length === 0 ? ended : [...new Set(errors)].join("\n"));
}
