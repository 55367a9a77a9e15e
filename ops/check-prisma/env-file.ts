import { basename } from "node:path";
import { PROD } from "../../infra/names";
import type { DeclaredSchema } from "../app/declared-schemas";
import type { FileFinding } from "./finding";
import {
  isPostgresUrl,
  NODE_UNVERIFIED,
  optionsProblem,
  readableUrl,
  tlsProblem,
  urlProblems,
  withoutVariables,
} from "./url-problems";
import { isNear } from "./written-url";

/** Which environments' URLs a file may hold, by its name; undefined says nothing about it. */
function environmentsOf(file: string): ((environment: string) => boolean) | undefined {
  const [, after, before] = /^\.env\.([a-z]+)|^([a-z]+)\.env$/.exec(basename(file)) ?? [];
  const kind = after ?? before ?? "";
  if (kind === "production" || kind === "prod") return (environment) => environment === PROD;
  if (["dev", "development", "local", "test", "ci"].includes(kind))
    return (environment) => environment !== PROD;
  return undefined;
}

/** What is wrong with a setting of Node's or of node-postgres's own. */
function settingProblem(
  variable: string,
  value: string,
  fits: ((environment: string) => boolean) | undefined,
): string | undefined {
  if (variable === "NODE_TLS_REJECT_UNAUTHORIZED" && value === "0" && fits?.(PROD) !== false)
    return NODE_UNVERIFIED;
  if (variable === "PGOPTIONS") return optionsProblem(value, null)?.replace(/^options=/, "PGOPTIONS=");
  if (variable === "PGSSLMODE" && fits?.(PROD) === true)
    return tlsProblem(new URLSearchParams({ sslmode: value }), "verify-full")?.replace(
      "sslmode=",
      "PGSSLMODE=",
    );
  return undefined;
}

/** What is wrong with a URL of Prisma's own servers, such as the one of `prisma dev` that `prisma init` writes. */
function prismasProblem(
  variable: string,
  value: string,
  fits: ((environment: string) => boolean) | undefined,
): string | undefined {
  const host = URL.canParse(value) ? new URL(value).hostname : "";
  if (isNear(host) && fits?.(PROD) !== true) return undefined;
  return `${variable} leads to a server of Prisma's own: take the URL of the app's secret`;
}

/** Checks an `.env` file of an app. @param shadows further variables that Prisma takes for its shadow database */
export function checkEnvFile(
  file: string,
  text: string,
  app: string,
  declared: readonly DeclaredSchema[],
  shadows: readonly string[] = [],
): FileFinding[] {
  const fits = environmentsOf(file);
  return text.split(/\r?\n/).flatMap((content, index) => {
    const [, variable = "", raw = ""] =
      /^\uFEFF?\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)(?:\s*=|:\s)\s*(.*?)\s*$/.exec(content) ?? [];
    const value = /^(["'`])(.*?)\1/.exec(raw)?.[2] ?? raw.replace(/\s+#.*$/, "");
    const at = (message: string): FileFinding => ({ file, line: index + 1, message });
    if (!isPostgresUrl(value)) {
      const setting = settingProblem(variable, value, fits);
      if (setting !== undefined) return [at(setting)];
      if (variable === "DATABASE_URL" && /^prisma(\+postgres)?:\/\//.test(value))
        return [prismasProblem(variable, value, fits)].flatMap((one) => (one === undefined ? [] : [at(one)]));
      const isOther = variable === "DATABASE_URL" && value !== "" && !value.startsWith("$");
      return isOther ? [at("DATABASE_URL is not a postgresql:// URL")] : [];
    }
    const url = readableUrl(withoutVariables(value));
    if (url === undefined)
      return [at(`${variable} is not a URL: a special sign in the password must be %-encoded`)];
    const isShadow = shadows.includes(variable);
    return urlProblems(variable, url, { app, declared, fits, isShadow }).map(at);
  });
}
