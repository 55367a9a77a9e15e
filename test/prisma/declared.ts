import { Environments, namesOf } from "../../infra/names";
import type { DeclaredSchema } from "../../ops/app/declared-schemas";

/** What the committed stacks would declare for two apps. */
export const DECLARED: DeclaredSchema[] = ["wms", "xplan"].flatMap((app) =>
  ["prod", "dev", "ci"].map((environment) => ({
    stack: new Environments().stackOf(environment),
    app,
    environment,
    names: namesOf(app, environment),
  })),
);

/** Lines of a file. */
export const lines = (...all: string[]): string => `${all.join("\n")}\n`;

/** What of findings a table holds: where and what. */
export function brief(findings: readonly { line: number; message: string }[]): string[] {
  return findings.map(({ line, message }) => `${line}: ${message}`);
}
