import * as pulumi from "@pulumi/pulumi";
import { MistakeError, messageOf } from "../../infra/mistake";
import type { Monitor } from "./monitor";

/** A stack's program, and what it runs with. */
export interface Program {
  readonly project: string;
  readonly stack: string;
  /** Settings as the Pulumi CLI hands them over: all text, maps and lists as JSON. */
  readonly config: Readonly<Record<string, string>>;
  readonly preview: boolean;
  /** Declares the stack's resources and returns its outputs. */
  declare(stack: string): Promise<Record<string, unknown>> | Record<string, unknown>;
}

/**
 * Runs a program against a monitor until every resource that it declared is registered.
 * @throws {MistakeError} with the first thing that went wrong; what depends on it was not touched
 */
export async function runProgram(program: Program, monitor: Monitor): Promise<void> {
  let giveUp: (reason: unknown) => void = () => {};
  const rejected = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  rejected.catch(() => {});
  // What a failed resource or a thrown error leaves behind never settles: the first rejection ends the wait.
  process.on("unhandledRejection", giveUp);
  const say = console.error;
  // The SDK prints a trace for each of them.
  console.error = (...line: unknown[]) => {
    if (!String(line[0]).startsWith("error: [runtime]")) say(...line);
  };
  try {
    await connectMonitor(monitor, program);
    pulumi.runtime.setAllConfig({ ...program.config });
    await Promise.race([declareAll(program), rejected]);
    // Left in place after a failure, which rejects more promises later on.
    process.off("unhandledRejection", giveUp);
  } catch (thrown) {
    throw await monitor.stop(programError(thrown));
  } finally {
    console.error = say;
  }
}

async function declareAll(program: Program): Promise<void> {
  await pulumi.runtime.runInPulumiStack(async () => program.declare(program.stack));
  await pulumi.runtime.disconnect();
  // A rejection that no one handles is told of after the microtasks.
  await new Promise(setImmediate);
}

/** A {@link pulumi.RunError} is about a person's mistake; anything else is a defect of the program and keeps its trace. */
function programError(thrown: unknown): Error {
  if (pulumi.RunError.isInstance(thrown)) return new MistakeError(thrown.message);
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}

/** Makes the SDK of this process talk to the monitor. */
async function connectMonitor(monitor: Monitor, program: Program): Promise<void> {
  const { project, stack, preview } = program;
  const unused = () => {
    throw new Error("the monitor answers by itself");
  };
  await pulumi.runtime.setMocks(
    { newResource: unused, call: unused },
    project,
    stack,
    preview,
    "organization",
  );
  const { registerResource, readResource, invoke, registerResourceOutputs } = monitor;
  const mock: object = pulumi.runtime.getMonitor() ?? {};
  Object.assign(mock, { registerResource, readResource, invoke, registerResourceOutputs });
}
