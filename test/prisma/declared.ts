import { type AppNames, namesOf } from "../../infra/names";

/** What the committed stacks would declare for two apps. */
export const DECLARED: { app: string; environment: string; names: AppNames }[] = ["wms", "xplan"].flatMap(
  (app) =>
    ["prod", "dev", "ci"].map((environment) => ({ app, environment, names: namesOf(app, environment) })),
);

/** Lines of a file. */
export const lines = (...all: string[]): string => `${all.join("\n")}\n`;

/** What of findings a table holds: where and what. */
export function brief(findings: readonly { line: number; message: string }[]): string[] {
  return findings.map(({ line, message }) => `${line}: ${message}`);
}
