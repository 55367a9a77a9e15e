import { wrapped } from "../../cli/lines";

/** What happens to a resource, in the words of the Pulumi CLI. */
export type StepOperation = "create" | "update" | "replace" | "delete" | "same";

/** One resource's part in a plan or a run. */
export interface Step {
  readonly op: StepOperation;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Names of the properties that change. */
  readonly diff?: readonly string[];
}

/** How many resources each operation concerns. */
export type ChangeSummary = Partial<Record<StepOperation, number>>;

/** Counts the steps. */
export function summaryOf(steps: readonly Step[]): ChangeSummary {
  const summary: ChangeSummary = {};
  for (const step of steps) summary[step.op] = (summary[step.op] ?? 0) + 1;
  return summary;
}

const SYMBOLS: Record<StepOperation, string> = {
  create: "+ ",
  update: "~ ",
  replace: "+-",
  delete: "- ",
  same: "  ",
};
const WORDS: Record<StepOperation, string> = {
  create: "to create",
  update: "to update",
  replace: "to replace",
  delete: "to delete",
  same: "unchanged",
};
const DONE: Record<StepOperation, string> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  same: "unchanged",
};

/** A step on one line, as the Pulumi CLI marks it; on more where it does not fit. */
export function lineOf(step: Step): string {
  const diff = step.diff === undefined || step.diff.length === 0 ? "" : ` [diff: ${step.diff.join(", ")}]`;
  return wrapped(`${step.type} ${step.name} ${step.op}${diff}`, ` ${SYMBOLS[step.op]} `, 6);
}

/** `+ 3 to create, 40 unchanged`, or in the past tense after a run. */
export function countsOf(summary: ChangeSummary, tense: "plan" | "done"): string {
  const words = tense === "plan" ? WORDS : DONE;
  const parts = (["create", "update", "replace", "delete", "same"] as const)
    .filter((op) => (summary[op] ?? 0) > 0)
    .map((op) => `${op === "same" ? "" : `${SYMBOLS[op].trim()} `}${summary[op]} ${words[op]}`);
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

/** Whether the steps change anything. */
export function changesAnything(steps: readonly Step[]): boolean {
  return steps.some((step) => step.op !== "same");
}
