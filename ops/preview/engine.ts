import { spawn } from "node:child_process";
import { join } from "node:path";
import { handOn } from "../../cli/output";
import { Progress } from "../../cli/progress";
import { cliNotStarted } from "../app/pulumi-cli";
import { type Violation, withViolations } from "./events";

/**
 * A preview writes checkpoints that nobody reads, at a cost that grows with the square of the resources. Never for an
 * `up`: killed, it would have lost what it made.
 */
export const WITHOUT_CHECKPOINTS = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" } as const;

/** What is previewed. */
export interface PreviewOrder {
  readonly stack: string;
  /** The project's folder, with the stack's file. */
  readonly folder: string;
  /** Checkout whose policy pack judges, with its exceptions. */
  readonly judge: string;
  /** Whether the engine looks at what is really there first. */
  readonly refresh: boolean;
  /** Where the plan for `pulumi up --plan` goes. */
  readonly plan: string | undefined;
}

/** How the engine's preview ended. */
export interface EnginePreview {
  /** Its exit status, or the signal that ended it. */
  readonly status: number | NodeJS.Signals | null;
  /** What it printed; its own words on standard error have gone to the terminal. */
  readonly text: string;
  /** What the policy pack says, which is not in the text. */
  readonly violations: readonly Violation[];
}

/** Runs the engine's preview under the policy pack. @throws {MistakeError} when it cannot be started */
export async function runPreview(order: PreviewOrder): Promise<EnginePreview> {
  const [ended, violations] = await withViolations((address) =>
    start(order.folder, argumentsOf(order, address)),
  );
  return { ...ended, violations };
}

function argumentsOf({ stack, judge, refresh, plan }: PreviewOrder, address: string): string[] {
  const policy = join(judge, "policy");
  return [
    ...["preview", "--stack", stack, "--json", "--show-sames", "--event-log", address],
    ...["--policy-pack", policy, "--policy-pack-config", join(policy, "exceptions.json")],
    ...(refresh ? ["--refresh"] : []),
    ...(plan === undefined ? [] : ["--save-plan", plan]),
  ];
}

/** Runs `pulumi` to its end; a signal goes to it, and it ends in order. */
async function start(folder: string, args: readonly string[]): Promise<Omit<EnginePreview, "violations">> {
  // Without debug commands the CLI does not know --event-log.
  const env = { ...process.env, ...WITHOUT_CHECKPOINTS, PULUMI_DEBUG_COMMANDS: "true" };
  const child = spawn("pulumi", args, {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: what npm has on PATH starts the CLI, and hands no signal on to it.
    detached: true,
  });
  const stop = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  handOn(child.stderr, process.stderr);
  const progress = new Progress(() => "The engine previews");
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  try {
    const status = await new Promise<number | NodeJS.Signals | null>((done, fail) => {
      child.once("error", (thrown) => fail(cliNotStarted(thrown)));
      child.once("close", (code, signal) => done(code ?? signal));
    });
    return { status, text: Buffer.concat(chunks).toString("utf8") };
  } finally {
    progress.stop();
    for (const signal of signals) process.off(signal, stop);
  }
}
