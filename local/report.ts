import type { DeclaredAccess } from "../access/cells";
import { columnsOf, wrapped } from "../cli/lines";
import { table, tableWidth } from "../cli/table";
import type { VisitorNames } from "../infra/people/names";
import { type DeployedApp, visitorWord } from "./app-secrets";
import { changesAnything, countsOf, lineOf, type Step, summaryOf } from "./engine/step";
import { RECORDED_TYPES } from "./providers/aws/recorded";
import type { StackResult } from "./stack-run";

/** One row an app and environment. What the other columns tell is left out where all of them do not fit. */
export function appTable(secrets: readonly DeployedApp[]): string {
  const all = {
    app: secrets.map(({ app }) => app),
    environment: secrets.map(({ environment }) => environment),
    schema: secrets.map(({ schema }) => schema),
    login: secrets.map(({ login }) => login),
    secret: secrets.map(({ secretName }) => secretName),
  };
  const { secret, app, environment, ...names } = all;
  const choices = [all, { app, environment, ...names }, names].map((columns) => ({
    headings: Object.keys(columns),
    rows: secrets.map((_, row) => Object.values(columns).map((cells) => cells[row] ?? "")),
  }));
  const room = columnsOf(process.stdout);
  const chosen =
    choices.find(({ headings, rows }) => tableWidth(headings, rows) <= room) ?? choices[choices.length - 1];
  const text = chosen === undefined ? "" : table(chosen.headings, chosen.rows);
  if (chosen === choices[0]) return text;
  const migrator = secrets.some(({ isMigrator }) => isMigrator)
    ? ", that of its migrations …/<app>/migrator"
    : "";
  return `${text}\n\n${wrapped(`The secret of each is portal-db/<environment>/<app>${migrator}`, "", 2)}`;
}

/** One row a person or tool and environment. */
export function visitorTable(
  visitors: readonly VisitorNames[],
  { groupsOf }: Pick<DeclaredAccess, "groupsOf">,
): string {
  const rows = visitors.map((one) => {
    const readers = [...groupsOf(one.login)].filter((role) => role !== one.login);
    const schemas = readers.map((role) => role.replace(/_reader$/, ""));
    return [visitorWord(one), one.environment, one.login, schemas.join(", ")];
  });
  return table(["person or tool", "environment", "login", "reads"], rows);
}

/** What a run changed in one stack. */
export function resultLine(result: StackResult): string {
  const counts = countsOf(summaryOf(result.steps), "done");
  return wrapped(counts, `${result.stack}: ${changesAnything(result.steps) ? "" : "no changes, "}`, 2);
}

/** The plan of one stack, as the Pulumi CLI prints it. */
export function planText(result: StackResult): string {
  const lines = result.steps.filter((step) => step.op !== "same").map(lineOf);
  const counts = countsOf(summaryOf(result.steps), "plan");
  return [`Previewing ${result.stack}:`, ...lines, wrapped(`Resources: ${counts}`, "", 2)].join("\n");
}

/** Which types of the steps stand in the state alone; undefined when there are none. */
export function recordedNote(steps: readonly Step[]): string | undefined {
  const types = [...new Set(steps.map((step) => step.type))]
    .filter((type) => RECORDED_TYPES.includes(type))
    .sort();
  return types.length === 0
    ? undefined
    : wrapped(`Only recorded, no server plays them: ${types.join(", ")}`, "", 2);
}
