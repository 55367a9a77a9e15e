import { MistakeError } from "../infra/mistake";
import { deployedStacks } from "./deployed-stacks";
import { inOrder } from "./engine/resource";
import { State } from "./engine/state";
import { opened } from "./engine/values";
import type { Providers } from "./providers";

/**
 * Makes again, in an emulator that lost its memory, what the stacks say it holds: with the seeds that the ids were
 * first drawn from, so that every ARN is the same.
 * @throws {MistakeError} when something comes back under another id
 */
export async function restoreEmulator(stateDir: string, providers: Providers): Promise<void> {
  for (const stack of deployedStacks(stateDir)) {
    const state = State.read(stateDir, stack);
    for (const resource of inOrder(state.resources.values())) {
      if (!resource.custom) continue;
      const handler = providers.handlerOf(resource.type);
      if (handler.home !== "emulator") continue;
      const recorded = opened(resource.outputs);
      const call = { name: resource.name, seed: resource.seed, recorded };
      const made = await handler.create(opened(resource.inputs), call);
      if (made.id === resource.id && made.outputs.arn === recorded.arn) continue;
      throw new MistakeError(
        `${resource.type} ${resource.name} came back as ${made.id} instead of ${resource.id} after the AWS emulator ` +
          "was restarted: run destroy, then up",
      );
    }
  }
}
