import { table } from "../cli/table";
import type { DeployedApp } from "./app-secrets";
import { changesAnything, countsOf, lineOf, type Step, summaryOf } from "./engine/step";
import { RECORDED_TYPES } from "./providers/aws/recorded";
import type { StackResult } from "./stack-run";

/** One row an app and environment. */
export function appTable(secrets: readonly DeployedApp[]): string {
  const rows = secrets.map(({ app, environment, schema, login, secretName }) => [
    app,
    environment,
    schema,
    login,
    secretName,
  ]);
  return table(["app", "environment", "schema", "login", "secret"], rows);
}

/** What a run changed in one stack. */
export function resultLine(result: StackResult): string {
  const counts = countsOf(summaryOf(result.steps), "done");
  return `${result.stack}: ${changesAnything(result.steps) ? counts : `no changes, ${counts}`}`;
}

/** The plan of one stack, as the Pulumi CLI prints it. */
export function planText(result: StackResult): string {
  const lines = result.steps.filter((step) => step.op !== "same").map(lineOf);
  const counts = countsOf(summaryOf(result.steps), "plan");
  return [`Previewing ${result.stack}:`, ...lines, `Resources: ${counts}`].join("\n");
}

/** Which types of the steps stand in the state alone; undefined when there are none. */
export function recordedNote(steps: readonly Step[]): string | undefined {
  const types = [...new Set(steps.map((step) => step.type))]
    .filter((type) => RECORDED_TYPES.includes(type))
    .sort();
  return types.length === 0 ? undefined : `Only recorded, no server plays them: ${types.join(", ")}`;
}
