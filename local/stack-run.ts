import type { StackSettings } from "../infra/config/stack-file";
import { PROJECT } from "../infra/names";
import { Deployment } from "./engine/deployment";
import type { HandlerOf } from "./engine/handler";
import { type Lookups, Monitor } from "./engine/monitor";
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
  readonly lookups: Lookups;
  readonly preview: boolean;
  readonly onStep?: (step: Step) => void;
}

/** What a run did, or would do. */
export interface StackResult {
  readonly stack: string;
  readonly steps: readonly Step[];
  /** Stack outputs, secrets wrapped. */
  readonly outputs: Properties;
}

/** Deploys a stack, or plans it. */
export async function runStack(run: StackRun): Promise<StackResult> {
  const { stack, preview, places, servers } = run;
  const state = State.read(places.stateDir, stack);
  if (!preview) state.save();
  const deployment = new Deployment(state, run.handlerOf, { preview, onStep: run.onStep });
  const monitor = new Monitor(stack, PROJECT, deployment, run.lookups);
  const config = localConfig(stack, run.settings.config, servers.postgresPort, servers.network);
  const { declareStack } = await import("../stacks/program");
  const declare = (name: string) => declareStack(name, places.configDir);
  await runProgram({ project: PROJECT, stack, config, preview, declare }, monitor);
  const { outputs } = monitor;
  if (!preview && changedNames(state.outputs, outputs).length > 0) state.record({ outputs });
  await deployment.finish();
  return { stack, steps: deployment.steps, outputs };
}
