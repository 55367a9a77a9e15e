import { Environments, namesOf } from "../../infra/names";
import type { DeclaredSchema } from "../../ops/app/declared-schemas";

/** What the committed stacks would declare for two apps. */
export const DECLARED: DeclaredSchema[] = ["wms", "xplan"].flatMap((app) =>
  ["prod", "dev", "ci"].map(
    (environment): DeclaredSchema => ({
      stack: new Environments().stackOf(environment),
      app,
      environment,
      names: namesOf(app, environment),
      connectionLimit: app === "wms" && environment === "prod" ? 40 : 10,
      sslmode: environment === "prod" ? "verify-full" : "require",
    }),
  ),
);

/** Lines of a file. */
export const lines = (...all: string[]): string => `${all.join("\n")}\n`;

/** What of findings a table holds: where and what. */
export function brief(findings: readonly { line: number; message: string }[]): string[] {
  return findings.map(({ line, message }) => `${line}: ${message}`);
}

/** A URL as the stacks would write it, but for what is given. */
export const url = (
  schema: string,
  login = "portal_wms_dev",
  rest = "&sslmode=require",
  host = "db.example:5432",
): string => `postgresql://${login}:s3cret@${host}/portal_db?schema=${schema}${rest}`;

/** Dev's URL. */
export const DEV = url("wms_dev");

/** Prod's URL. */
export const PROD = url("wms_prod", "portal_wms");
