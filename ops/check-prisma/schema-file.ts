import type { DeclaredSchema } from "../app/declared-schemas";
import {
  APP_URLS,
  type FileFinding,
  lineAt,
  shadowProblem,
  writtenOut,
  writtenSchemaProblem,
} from "./finding";

/** A `.prisma` file's findings, and whether its datasource says where the database is. */
export interface SchemaFileResult {
  readonly findings: readonly FileFinding[];
  readonly hasDatasource: boolean;
  readonly hasUrl: boolean;
  /** Whether Prisma before 7 takes the URL of migrations from DIRECT_URL. */
  readonly hasDirectUrl: boolean;
  /** Variables that the shadow database's URL is taken from. */
  readonly shadows: readonly string[];
}

/** Comments become spaces, so that places stay; strings keep what looks like one. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('"') ? part : part.replace(/[^\n]/g, " "),
  );
}

/** Checks a `.prisma` file of an app. */
export function checkSchemaFile(
  file: string,
  source: string,
  app: string,
  declared: readonly DeclaredSchema[],
): SchemaFileResult {
  const text = withoutComments(source);
  const findings: FileFinding[] = [];
  const add = (index: number, message: string | undefined): void => {
    if (message !== undefined) findings.push({ file, line: lineAt(text, index), message });
  };
  const block = /^[ \t]*datasource\s+\w+\s*\{([^}]*)\}/m.exec(text);
  const shadows: string[] = [];
  let hasUrl = false;
  let hasDirectUrl = false;
  if (block !== null) {
    const body = block[1] ?? "";
    const start = block.index + block[0].indexOf(body, block[0].indexOf("{"));
    const provider = /^[ \t]*provider\s*=\s*(.*)$/m.exec(body);
    if (!/^"postgres(ql)?"\s*$/.test(provider?.[1] ?? "")) {
      add(provider === null ? block.index : start + provider.index, 'the provider must be "postgresql"');
    }
    for (const url of body.matchAll(/^[ \t]*(url|directUrl|shadowDatabaseUrl)\s*=\s*(.*)$/gm)) {
      const [, key = "", value = ""] = url;
      const variable = /^env\(\s*"([^"]*)"\s*\)\s*$/.exec(value)?.[1];
      if (key === "url") hasUrl = true;
      hasDirectUrl ||= key === "directUrl" && variable === "DIRECT_URL";
      if (variable === undefined) add(start + url.index, writtenOut(key));
      else if (key === "shadowDatabaseUrl") {
        shadows.push(variable);
        if (APP_URLS.includes(variable)) add(start + url.index, shadowProblem(variable));
      } else if (key === "url" && variable !== "DATABASE_URL") {
        add(start + url.index, `url reads ${variable}: the secret and the .env files have DATABASE_URL`);
      }
    }
    const schemas = /^[ \t]*schemas\s*=\s*\[([^\]]*)\]/m.exec(body);
    for (const name of (schemas?.[1] ?? "").matchAll(/"([^"]*)"/g)) {
      const at = start + (schemas?.index ?? 0) + (schemas?.[0].indexOf("[") ?? 0) + 1 + name.index;
      add(at, writtenSchemaProblem(declared, app, name[1] ?? ""));
    }
  }
  for (const name of text.matchAll(/@@schema\(\s*(?:map:\s*)?"([^"]*)"\s*\)/g)) {
    add(name.index, writtenSchemaProblem(declared, app, name[1] ?? ""));
  }
  return { findings, hasDatasource: block !== null, hasUrl, hasDirectUrl, shadows };
}
