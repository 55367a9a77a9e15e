import ts from "typescript";
import type { DeclaredSchema } from "../app/declared-schemas";
import { APP_URLS, type FileFinding, schemaProblem, shadowProblem, writtenOut } from "./finding";
import { heededIn } from "./ignored";
import { hasMigrator } from "./migrator-rules";
import { connectionProblems } from "./source-connection";
import { sourceSqlProblems } from "./source-sql";
import { nameText, propertyOf, SourceValues, variableOf } from "./source-values";
import { writtenUrls } from "./written-url";

/** A TypeScript or JavaScript file's findings, and whether it tells Prisma where the database is. */
export interface SourceFileResult {
  readonly findings: readonly FileFinding[];
  readonly hasUrl: boolean;
  /** Variables that the config takes the shadow database's URL from. */
  readonly shadows: readonly string[];
}

/** Whether an expression is a URL, or falls back on one; an empty string is none. */
function isWrittenOut(node: ts.Expression): boolean {
  if (ts.isStringLiteralLike(node)) return true;
  const holdsUrl = (part: ts.Node): boolean => {
    const text = ts.isTemplateExpression(part)
      ? part.head.text
      : ts.isStringLiteralLike(part)
        ? part.text
        : "";
    return /^postgres(ql)?:\/\//.test(text) || (ts.forEachChild(part, holdsUrl) ?? false);
  };
  return holdsUrl(node);
}

const readsTheApps = (node: ts.Node): boolean => /\bDATABASE_URL\b/.test(node.getText());

/** What is wrong with the `datasource` of `prisma.config.ts`. */
function* datasourceProblems(
  datasource: ts.Expression,
  values: SourceValues,
  isMigrated: boolean,
): Generator<readonly [ts.Node, string]> {
  // A variable may hold anything; only what is written here can be judged.
  if (!ts.isObjectLiteralExpression(datasource)) return;
  for (const key of ["url", "directUrl", "shadowDatabaseUrl"]) {
    const url = propertyOf(datasource, key);
    if (url === undefined || !ts.isPropertyAssignment(url)) continue;
    const variable = variableOf(values.resolved(url.initializer));
    const shadowed = values.choices(url.initializer).map(variableOf);
    const ofTheApps = key === "shadowDatabaseUrl" && shadowed.find((one) => one && APP_URLS.includes(one));
    if (isWrittenOut(url.initializer)) {
      yield [url, writtenOut(key)];
    } else if (ofTheApps) {
      yield [url, shadowProblem(ofTheApps)];
    } else if (key === "url" && variable === "DIRECT_URL" && (isMigrated || readsTheApps(url.initializer))) {
      // The CLI's own, which the client does not read; DATABASE_URL where there is none.
    } else if (key === "url" && variable !== undefined && variable !== "DATABASE_URL") {
      yield [url, `url reads ${variable}: the secret and the .env files have DATABASE_URL`];
    }
  }
}

/** Whether a datasource has a url, as far as can be seen. */
function mayHaveUrl(datasource: ts.Expression): boolean {
  if (!ts.isObjectLiteralExpression(datasource)) return true;
  return datasource.properties.some(ts.isSpreadAssignment) || propertyOf(datasource, "url") !== undefined;
}

/** What is wrong with the second argument of `new PrismaPg(…)`: without a schema in it, every query goes to `public`. */
function adapterProblem(
  node: ts.NewExpression,
  app: string,
  declared: readonly DeclaredSchema[],
): string | undefined {
  const options = node.arguments?.[1];
  const missing = "the adapter ignores ?schema=: give it { schema } as second argument, read from the URL";
  if (options === undefined) return missing;
  // A variable may hold anything; only what is written here can be judged.
  if (!ts.isObjectLiteralExpression(options) || options.properties.some(ts.isSpreadAssignment))
    return undefined;
  const schema = propertyOf(options, "schema");
  if (schema === undefined) return missing;
  if (!ts.isPropertyAssignment(schema) || !ts.isStringLiteralLike(schema.initializer)) return undefined;
  const { text } = schema.initializer;
  return schemaProblem(declared, app, text) ?? `schema "${text}" fixes the environment: read it from the URL`;
}

/** The variable of the shadow database's URL in a datasource that is written out. */
function shadowVariable(datasource: ts.Expression): string | undefined {
  const url = ts.isObjectLiteralExpression(datasource)
    ? propertyOf(datasource, "shadowDatabaseUrl")
    : undefined;
  return url !== undefined && ts.isPropertyAssignment(url) ? variableOf(url.initializer) : undefined;
}

/** Findings without those that a comment takes on itself, above their line or above the statement around it. */
function heededInCode(source: ts.SourceFile, findings: readonly FileFinding[]): FileFinding[] {
  if (!source.text.includes("check-prisma-ignore")) return [...findings];
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const statements: { line: number }[] = [];
  const comments = new Map<number, string>();
  for (const [index, line] of source.text.split("\n").entries())
    if (/^\s*\/\//.test(line)) comments.set(index + 1, line);
  const visit = (node: ts.Node): void => {
    const { kind } = node;
    if (kind >= ts.SyntaxKind.FirstStatement && kind <= ts.SyntaxKind.LastStatement)
      statements.push({ line: lineAt(node.getStart()) });
    // A text may hold what looks like a comment.
    if (ts.isTemplateLiteralToken(node) || ts.isJsxText(node))
      for (let line = lineAt(node.getStart()) + 1; line <= lineAt(node.end); line++) comments.delete(line);
    ts.forEachChild(node, visit);
  };
  visit(source);
  statements.sort((a, b) => a.line - b.line);
  const { fileName: file } = source;
  const left = heededIn(comments, statements, heededIn(comments, [], findings));
  const seen = new Map(left.map((one) => [`${one.line} ${one.message}`, { file, ...one }]));
  return [...seen.values()].sort((a, b) => a.line - b.line);
}

/** Checks a source file of an app: `prisma.config.ts` and whatever connects or has SQL in it. */
export async function checkSourceFile(
  file: string,
  text: string,
  app: string,
  declared: readonly DeclaredSchema[],
  isConfig: boolean,
): Promise<SourceFileResult> {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const values = new SourceValues(source);
  const findings: FileFinding[] = [];
  const shadows: string[] = [];
  let hasUrl = false;
  const isMigrated = hasMigrator(app, declared);
  const addAt = (line: number, message: string): void => {
    if (!findings.some((one) => one.line === line && one.message === message))
      findings.push({ file, line, message });
  };
  const lineOf = (node: ts.Node): number => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const add = (node: ts.Node, message: string): void => addAt(lineOf(node), message);
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && /(^|\.)PrismaPg$/.test(node.expression.getText())) {
      const problem = adapterProblem(node, app, declared);
      if (problem !== undefined) add(node, problem);
    }
    if (isConfig && ts.isShorthandPropertyAssignment(node) && node.name.text === "datasource") hasUrl = true;
    if (isConfig && ts.isPropertyAssignment(node) && nameText(node) === "datasource") {
      hasUrl ||= mayHaveUrl(node.initializer);
      const shadow = shadowVariable(node.initializer);
      if (shadow !== undefined) shadows.push(shadow);
      for (const [place, message] of datasourceProblems(node.initializer, values, isMigrated))
        add(place, message);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const isSaid = (node: ts.Node): boolean =>
    findings.some(({ line, message }) => line === lineOf(node) && /written out/.test(message));
  for (const [place, message] of connectionProblems(source, values, app, declared))
    if (!(/written out/.test(message) && isSaid(place))) add(place, message);
  for (const { line, message } of await sourceSqlProblems(source, values, app, declared))
    addAt(line, message);
  // In a comment, too.
  for (const { line, message } of writtenUrls(text))
    if (!findings.some((one) => one.line === line && /written out/.test(one.message))) addAt(line, message);
  findings.sort((a, b) => a.line - b.line);
  return { findings: heededInCode(source, findings), hasUrl, shadows };
}
