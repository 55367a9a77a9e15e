import { basename } from "node:path";
import { isLoopback } from "../../infra/config/endpoint";
import { DATABASE } from "../../infra/names";
import type { DeclaredSchema } from "../app/declared-schemas";
import { type FileFinding, schemaNamed, schemaProblem } from "./finding";

/** Which environments' URLs a file may hold, by its name; undefined says nothing about it. */
function environmentsOf(file: string): ((environment: string) => boolean) | undefined {
  const [, kind = ""] = /^\.env\.([a-z]+)/.exec(basename(file)) ?? [];
  if (kind === "production" || kind === "prod") return (environment) => environment === "prod";
  if (["dev", "development", "local", "test", "ci"].includes(kind))
    return (environment) => environment !== "prod";
  return undefined;
}

/** What is wrong with a URL of an app's `.env` file; the URL itself is never repeated. */
function urlProblems(
  file: string,
  variable: string,
  url: URL,
  app: string,
  declared: readonly DeclaredSchema[],
): string[] {
  const database = url.pathname.slice(1);
  const fits = environmentsOf(file);
  const isHere = isLoopback(url.hostname.replace(/^\[|\]$/g, ""));
  if (database !== DATABASE) {
    // A database of one's own, such as Prisma's shadow database.
    return variable === "DATABASE_URL" && fits !== undefined && !isHere
      ? [`${variable} leads to another database than ${DATABASE}`]
      : [];
  }
  if (variable === "SHADOW_DATABASE_URL")
    return [`${variable} leads to ${DATABASE}: Prisma empties it, so take a local database of your own`];
  const problems: string[] = [];
  if (variable !== "DATABASE_URL" && !/^(DIRECT|PRISMA)_/.test(variable)) {
    problems.push(`${variable}: the programs read DATABASE_URL`);
  }
  const schema = url.searchParams.get("schema");
  if (schema === null) return [...problems, `${variable} has no ?schema=: Prisma would use public`];
  const problem = schemaProblem(declared, app, schema);
  if (problem !== undefined) return [...problems, `${variable}: ${problem}`];
  const found = schemaNamed(declared, schema);
  if (found !== undefined) {
    const { names, environment } = found;
    if (fits !== undefined && !fits(environment))
      problems.push(`${variable} is ${environment}'s: not in this file`);
    // The user is not repeated: with the colon encoded, the password is part of it.
    if (url.username !== names.login && url.username !== names.secondLogin) {
      problems.push(`${variable}'s user is not a login of ${schema}: it is ${names.login}`);
    }
  }
  if (!url.searchParams.has("sslmode") && !isHere) {
    problems.push(`${variable} has no sslmode: the instance refuses what is not encrypted`);
  }
  return problems;
}

/** Checks an `.env` file of an app. */
export function checkEnvFile(
  file: string,
  text: string,
  app: string,
  declared: readonly DeclaredSchema[],
): FileFinding[] {
  return text.split(/\r?\n/).flatMap((content, index) => {
    const [, variable = "", raw = ""] =
      /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(content) ?? [];
    const value = /^(["'`])(.*?)\1/.exec(raw)?.[2] ?? raw.replace(/\s+#.*$/, "");
    const at = (message: string): FileFinding => ({ file, line: index + 1, message });
    const isPostgres = /^postgres(ql)?:\/\//.test(value);
    if (!isPostgres) {
      const isOther = variable === "DATABASE_URL" && value !== "" && !value.startsWith("$");
      return isOther ? [at("DATABASE_URL is not a postgresql:// URL")] : [];
    }
    if (!URL.canParse(value))
      return [at(`${variable} is not a URL: a special sign in the password must be %-encoded`)];
    return urlProblems(file, variable, new URL(value), app, declared).map(at);
  });
}
