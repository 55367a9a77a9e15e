import { type ChangeSummary, type Step, summaryOf } from "../engine/step";
import type { Properties } from "../engine/values";
import { readStackFiles } from "../local-config";
import { lookups, recordedSecrets } from "../lookups";
import type { Options } from "../options";
import { lastServers } from "../platform";
import { Providers } from "../providers";
import { planText } from "../report";
import type { StackResult } from "../stack-run";
import { DEFAULT_STACKS } from "./up";

/** What `preview --json` prints. */
export interface PlanDocument {
  readonly steps: readonly Step[];
  readonly changeSummary: ChangeSummary;
}

/** Prints what `up` would change. It reads states and files alone: no server is started or asked. */
export async function preview(options: Options): Promise<void> {
  const { places } = options;
  const servers = lastServers(places, options.port);
  const { handlerOf } = new Providers(places, servers);
  const planned = new Map<string, Properties>();
  const results: StackResult[] = [];
  const stacks = options.stack === undefined ? DEFAULT_STACKS : [options.stack];
  const settingsByStack = readStackFiles(places.configDir, stacks);
  const { runStack } = await import("../stack-run");
  for (const [stack, settings] of settingsByStack) {
    const known = lookups(places.stateDir, recordedSecrets(places.stateDir), planned);
    const result = await runStack({
      stack,
      settings,
      places,
      servers,
      handlerOf,
      lookups: known,
      preview: true,
    });
    planned.set(stack, result.outputs);
    results.push(result);
  }
  if (!options.json) return console.log(results.map(planText).join("\n\n"));
  const steps = results.flatMap((result) => result.steps);
  const document: PlanDocument = { steps, changeSummary: summaryOf(steps) };
  console.log(JSON.stringify(document, undefined, 2));
}
