import type { Stages } from "../cli/stages";
import type { StackRun } from "./stack-run";

/**
 * Says on a line how far a run of a stack is.
 * @param known resources that it has, which are more once the program declares some
 * @param verb what is said at the beginning in a log
 */
export function stackStage(
  stages: Stages,
  stack: string,
  known: number,
  verb: string,
): Required<Pick<StackRun, "onBegin" | "onStep" | "onEnd">> {
  let stage: ReturnType<Stages["begin"]> | undefined;
  let count = 0;
  return {
    onBegin: () => {
      stage = stages.begin(`stack ${stack}`);
      stage.say(verb, true);
    },
    onStep: () => {
      count += 1;
      stage?.say(count > known ? resourcesText(count) : `${count} of ${resourcesText(known)}`);
    },
    onEnd: (isWhole) => (isWhole ? stage?.end(resourcesText(count)) : stage?.fail()),
  };
}

const resourcesText = (count: number): string => `${count} ${count === 1 ? "resource" : "resources"}`;
