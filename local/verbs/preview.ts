import { requireNoMore } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT } from "../../cli/exit-status";
import { isRedrawn } from "../../cli/live-lines";
import { Stages } from "../../cli/stages";
import { LASTING_STACKS } from "../../infra/names";
import { State } from "../engine/state";
import { type ChangeSummary, type Step, summaryOf } from "../engine/step";
import { readStackFiles } from "../local-config";
import { lookups, recordedLookups } from "../lookups";
import { JSON_OUTPUT, PLATFORM, type Platform, platformOf, STACK, stackOf } from "../options";
import { lastServers } from "../platform";
import { Providers } from "../providers";
import { planText } from "../report";
import { runStacks, type StackResult } from "../stack-run";
import { stackStage } from "../stack-stage";

/** What `preview --json` prints. */
export interface PlanDocument {
  readonly steps: readonly Step[];
  readonly changeSummary: ChangeSummary;
}

const OPTIONS = { ...STACK, ...JSON_OUTPUT, ...PLATFORM } as const;

/** Prints what `up` would change. It reads states and files alone: no server is started or asked. */
export const PREVIEW: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "--stack dev",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    const stack = stackOf(values);
    const results = await planned(platformOf(values), stack === undefined ? LASTING_STACKS : [stack]);
    const steps = results.flatMap((result) => result.steps);
    const document: PlanDocument = { steps, changeSummary: summaryOf(steps) };
    console.log(values.json ? JSON.stringify(document, undefined, 2) : results.map(planText).join("\n\n"));
    return EXIT.done;
  },
};

async function planned({ places, port }: Platform, stacks: readonly string[]): Promise<StackResult[]> {
  const servers = lastServers(places, port);
  const { handlerOf } = new Providers(places, servers);
  const common = {
    places,
    servers,
    handlerOf,
    lookups: lookups(recordedLookups(places.stateDir)),
    preview: true,
  };
  const settings = readStackFiles(places.configDir, stacks);
  const stages = new Stages(process.stderr);
  const isSeen = isRedrawn(process.stderr);
  return runStacks(
    [...settings].map(([stack, stackSettings]) => {
      const { resources } = State.read(places.stateDir, stack);
      // Its result alone is what a program or a file gets.
      const telling = isSeen ? stackStage(stages, stack, resources.size, "previewing") : {};
      return { ...common, stack, settings: stackSettings, ...telling };
    }),
  );
}
