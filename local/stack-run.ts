import type { StackSettings } from "../infra/config/stack-file";
import { PROJECT } from "../infra/names";
import { Deployment } from "./engine/deployment";
import type { HandlerOf } from "./engine/handler";
import { type Answers, Monitor } from "./engine/monitor";
import { runProgram } from "./engine/program";
import { State } from "./engine/state";
import type { Step } from "./engine/step";
import { changedNames, type Properties } from "./engine/values";
import { localConfig } from "./local-config";
import type { Places } from "./places";
import type { ServerRecord } from "./platform";

/** What one run of a stack needs. */
export interface StackRun {
  readonly stack: string;
  /** The stack's file, read before anything is started. */
  readonly settings: StackSettings;
  readonly places: Places;
  readonly servers: ServerRecord;
  readonly handlerOf: HandlerOf;
  readonly lookups: Pick<Answers, "invoke">;
  readonly preview: boolean;
  readonly onStep?: (step: Step) => void;
  /** Called when it is the stack's turn. */
  readonly onBegin?: () => void;
  /** Called when its turn is over. @param isWhole whether it came to its end */
  readonly onEnd?: (isWhole: boolean) => void;
  /** What has to end well before. */
  readonly after?: Promise<unknown>;
}

/** What a run did, or would do. */
export interface StackResult {
  readonly stack: string;
  readonly steps: readonly Step[];
  /** Stack outputs, secrets wrapped. */
  readonly outputs: Properties;
}

/** Deploys a stack, or plans it. */
async function runStack(run: StackRun): Promise<StackResult> {
  try {
    const result = await runProgramOf(run);
    run.onEnd?.(true);
    return result;
  } catch (thrown) {
    run.onEnd?.(false);
    throw thrown;
  }
}

async function runProgramOf(run: StackRun): Promise<StackResult> {
  const { stack, preview, places, servers, lookups } = run;
  const state = State.read(places.stateDir, stack);
  const deployment = new Deployment(state, run.handlerOf, { preview, onStep: run.onStep });
  const begin = async () => {
    await run.after;
    run.onBegin?.();
    if (!preview) state.save();
  };
  const answers: Answers = { register: (declared) => deployment.register(declared), invoke: lookups.invoke };
  const monitor = new Monitor(stack, PROJECT, answers, begin());
  const config = localConfig(stack, run.settings.config, servers.postgresPort, servers.network);
  await runProgram({ project: PROJECT, stack, root: places.configDir, config, preview }, monitor);
  const { outputs } = monitor;
  if (!preview && changedNames(state.outputs, outputs).length > 0) state.record({ outputs });
  await deployment.finish();
  return { stack, steps: deployment.steps, outputs };
}

/** Deploys or plans stacks one after another; the programs of all of them load at once. */
export async function runStacks(runs: readonly StackRun[]): Promise<StackResult[]> {
  let after: Promise<unknown> = Promise.resolve();
  const results = runs.map((run) => {
    const result = runStack({ ...run, after });
    after = result;
    return result;
  });
  const settled = await Promise.allSettled(results);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}
