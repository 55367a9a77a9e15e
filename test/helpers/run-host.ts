import { messageOf } from "../../infra/mistake";
import { PROJECT } from "../../infra/names";
import { type Program, runProgram } from "../../local/engine/program";
import { type Differences, MockedWorld } from "./answers";
import { CHECKOUT } from "./process";
import type { Recorded } from "./recorded";
import { Recorder } from "./recorder";

/** How a program ended in the SDK's own Node host, and what it declared. */
export interface HostRun {
  /** What the program's mistake is; undefined where it made none. */
  readonly error: string | undefined;
  readonly resources: readonly Recorded[];
}

/** Runs a program in the SDK's own Node host, with answers in place of providers and AWS. */
export async function runHost(
  stack: string,
  settings: Readonly<Record<string, string>>,
  preview: boolean,
  { differences = {}, ...how }: { readonly differences?: Differences } & Pick<Program, "host"> = {},
): Promise<HostRun> {
  const recorder = new Recorder(new MockedWorld(preview, differences));
  const config = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`${PROJECT}:${key}`, value]),
  );
  const program = { project: PROJECT, stack, root: CHECKOUT, config, preview, ...how };
  const error = await runProgram(program, recorder.monitor(stack, PROJECT)).then(() => undefined, messageOf);
  if (recorder.problems.length > 0) throw new Error(recorder.problems.join("; "));
  return { error, resources: recorder.resources };
}
